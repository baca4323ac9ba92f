package io.github.dl4jae.mdl;

import io.github.dl4jae.coding.AnsStack;
import io.github.dl4jae.coding.CodedStream;
import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Lossless compression by a variational autoencoder, with bits-back coding on a stack of asymmetric numeral systems.
 *
 * <pre>
 * for each x:   pop z with q(z|x)      push x with p(x|z)      push z with p(z)
 * length per x: −log₂ p(z) − log₂ p(x|z) + log₂ q(z|x), on average −ELBO / ln 2
 * </pre>
 *
 * <pre>{@code
 * BitsBackCode code = BitsBackCode.of(VariationalModel.of(network, "z"));
 * CodedExamples coded = code.compress(images);
 * INDArray same = code.decompress(coded.bytes());
 * }</pre>
 *
 * <p>The likelihood must be a {@link io.github.dl4jae.likelihood.DiscreteOutput}, and the prior N(0, I). Features are
 * levels k / (K − 1), such as bytes divided by 255. Codes are discretized on 4096 buckets of equal prior mass; the
 * posterior has 26 bits of precision, a feature 20.
 *
 * <p>Encoder and decoder must compute identical numbers. Both run the network one example at a time, and the sums of
 * its products have a fixed order: the stream does not depend on the number of threads or the batch, and another JVM on
 * the same kind of processor decodes it. Another kind of processor or another version of OpenBLAS can round
 * differently.
 * The decoder notices any difference, because it must end at the random bits that the encoder began with, and at the
 * checksum of the examples. It then refuses the stream, and never returns other data.
 *
 * <p>A feature with K levels costs O(K) per example in both directions: 256 levels of 784 pixels take some
 * milliseconds.
 *
 * <p>When not to use it: for a few examples, because the first code costs its random bits, or as an archive for
 * decades,
 * because the stream is worthless without the exact model.
 *
 * @see <a href="https://arxiv.org/abs/1901.04866">Townsend, Bird and Barber 2019</a>
 */
public final class BitsBackCode {

    /** The maximum number of examples in a stream that {@link #decompress(byte[])} accepts. */
    public static final int DEFAULT_LIMIT = 1 << 20;

    private static final String SUBJECT = "BitsBackCode";
    private static final String KIND = "bits-back";
    private static final long SEED = 1993; // of the first bits, a constant of the format
    private static final double SLACK = 1e-3;

    private final VariationalModel model;
    private final int levels;

    private BitsBackCode(VariationalModel model, int levels) {
        this.model = model;
        this.levels = levels;
    }

    /**
     * Returns the code of a model.
     *
     * @param model a trained model; its parameters must not change between compression and decompression
     * @return the code
     * @throws IllegalArgumentException if the likelihood is not discrete
     */
    public static BitsBackCode of(VariationalModel model) {
        Require.given(SUBJECT, "model", model, "pass VariationalModel.of(network, layer)");
        return new BitsBackCode(model, model.levels());
    }

    /** Returns the bits of the beginning, with which any first code can be chosen. */
    private AnsStack seed() {
        return AnsStack.seeded(model.latents() * ExampleCoder.POSTERIOR_PRECISION / 32 + 2, SEED);
    }

    /**
     * Compresses examples.
     *
     * @param examples x, {@code [N, d]}, every value a level k / (K − 1)
     * @return the stream and its ledger
     * @throws IllegalArgumentException if a value is not a level, or the prior is not N(0, I)
     */
    public CodedExamples compress(INDArray examples) {
        Batches.requireRows(SUBJECT, "examples", examples);
        Require.that(
                examples.rank() == 2,
                SUBJECT,
                "examples must have the shape [N, d]",
                Arrays.toString(examples.shape()),
                "reshape images to rows");
        int count = Math.toIntExact(examples.size(0));
        int features = Math.toIntExact(examples.size(1));
        AnsStack stack = seed();
        double seedBits = stack.bits();
        ExampleCoder coder = new ExampleCoder(model, levels, features);
        CRC32C checksum = new CRC32C();
        for (int i = 0; i < count; i++) {
            int[] x = levelsOf(examples.getRow(i));
            update(checksum, x);
            coder.push(stack, x);
        }
        byte[] header = ByteBuffer.allocate(5 * Integer.BYTES)
                .putInt(count)
                .putInt(features)
                .putInt(levels)
                .putInt(model.latents())
                .putInt((int) checksum.getValue())
                .array();
        byte[] bytes =
                CodedStream.of(KIND, header, CodedStream.bytes(stack.toWords())).toBytes();
        double container = 8.0 * bytes.length - stack.bits();
        return new CodedExamples(bytes, count, features, coder.ledger(seedBits + container), seedBits);
    }

    /**
     * Decompresses a stream of at most {@link #DEFAULT_LIMIT} examples.
     *
     * @param bytes the stream
     * @return x, {@code [N, d]}, float32, a new array
     * @throws DL4JInvalidInputException if the stream is damaged, or of another model
     */
    public INDArray decompress(byte[] bytes) {
        return decompress(bytes, DEFAULT_LIMIT);
    }

    /**
     * Decompresses a stream.
     *
     * @param bytes the stream
     * @param limit maximum number of examples, at least 1
     * @return x, {@code [N, d]}, float32, a new array
     * @throws DL4JInvalidInputException if the stream has more examples, is damaged, or is of another model
     */
    public INDArray decompress(byte[] bytes, int limit) {
        Require.atLeast(1, SUBJECT, "limit", limit, "");
        CodedStream stream = CodedStream.parse(bytes, KIND);
        ByteBuffer header = stream.section(0);
        check(stream.size() == 2 && header.remaining() == 5 * Integer.BYTES, "the stream must have a header", "none");
        int count = header.getInt();
        int features = header.getInt();
        check(count >= 1 && count <= limit, "the stream must have 1 to " + limit + " examples", count);
        int foundLevels = header.getInt();
        check(foundLevels == levels, "the model must have " + foundLevels + " levels", levels);
        int foundLatents = header.getInt();
        check(foundLatents == model.latents(), "the model must have " + foundLatents + " latents", model.latents());
        int expected = header.getInt();
        AnsStack stack = AnsStack.of(stream.words(1));
        ExampleCoder coder = new ExampleCoder(model, levels, features);
        check(
                features == coder.modelFeatures(),
                "the model must have " + features + " features",
                coder.modelFeatures());
        List<int[]> backwards = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            backwards.add(coder.pop(stack));
        }
        check(
                Arrays.equals(stack.toWords(), seed().toWords()),
                "the stack must end at the bits that it began with, as with the model of the encoder",
                "other bits");
        CRC32C checksum = new CRC32C();
        float[] values = new float[Math.multiplyExact(count, features)];
        for (int i = 0; i < count; i++) {
            int[] x = backwards.get(count - 1 - i);
            update(checksum, x);
            for (int j = 0; j < features; j++) {
                values[i * features + j] = coder.value(x[j]);
            }
        }
        check((int) checksum.getValue() == expected, "the examples must have their checksum", "another");
        return Nd4j.create(values, new long[] {count, features}, 'c');
    }

    private int[] levelsOf(INDArray row) {
        double[] values = row.toDoubleVector();
        int[] found = new int[values.length];
        for (int j = 0; j < values.length; j++) {
            double scaled = values[j] * (levels - 1);
            double level = Math.rint(scaled);
            Require.that(
                    Math.abs(scaled - level) <= SLACK && level >= 0 && level < levels,
                    SUBJECT,
                    "values must be levels 0, 1/" + (levels - 1) + " … 1",
                    values[j],
                    "binarize or quantize them as in training");
            found[j] = (int) level;
        }
        return found;
    }

    private static void update(CRC32C checksum, int[] x) {
        checksum.update(ByteBuffer.wrap(CodedStream.bytes(x)));
    }

    private static void check(boolean holds, String requirement, Object got) {
        if (!holds) {
            throw new DL4JInvalidInputException(SUBJECT + ": " + requirement + ", got " + got);
        }
    }
}
