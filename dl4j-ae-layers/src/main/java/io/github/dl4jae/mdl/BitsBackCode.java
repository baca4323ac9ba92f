package io.github.dl4jae.mdl;

import io.github.dl4jae.coding.AnsStack;
import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.variational.VariationalModel;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.nd4j.linalg.api.buffer.DataType;
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
 * <p>The likelihood must be a {@link io.github.dl4jae.likelihood.DiscreteOutput}: features are levels k / (K − 1), such
 * as bytes divided by 255. All priors are possible. Under a mixture, the component is another latent, whose choice
 * returns its bits. Conditions that are bound with {@link VariationalModel#given} must be bound for decompression too.
 * Codes are discretized in 4096 buckets; the posterior has 26 bits of precision, a feature 20.
 *
 * <p>Encoder and decoder must compute identical numbers. Both run the network one example at a time, and the sums of
 * its products have a fixed order: the stream does not depend on the number of threads or the batch, and another JVM on
 * the same kind of processor decodes it. Another kind of processor or another OpenBLAS can round differently. The
 * decoder notices any difference, because it must end at the random bits that the encoder began with, and at the
 * checksum of the examples. It then refuses the stream, and never returns other data.
 *
 * <p>A feature with K levels costs O(K) per example in both directions: 256 levels of 784 pixels take milliseconds.
 *
 * <p>When not to use it: for a few examples, because the first code costs its random bits, or as an archive,
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
    private static final int FIXED = 3; // numbers of the header before the sizes of an example
    private static final int MOST_AXES = 4;

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
     * @param examples x, {@code [N, d]} or images, in the shape that the encoder takes; every value a level k / (K − 1)
     * @return the stream and its ledger
     * @throws IllegalArgumentException if a value is not a level
     */
    public CodedExamples compress(INDArray examples) {
        Batches.requireRows(SUBJECT, "examples", examples);
        int count = Math.toIntExact(examples.size(0));
        AnsStack stack = seed();
        double seedBits = stack.bits();
        ExampleCoder coder = new ExampleCoder(model, levels, shapeOf(1, examples.shape()));
        StackStream.Checksum checksum = new StackStream.Checksum();
        for (int i = 0; i < count; i++) {
            int[] x = levelsOf(Batches.copy(examples, i, i + 1, DataType.DOUBLE));
            checksum.add(x);
            coder.push(stack, x, i);
        }
        int features = ExampleCoder.features(shapeOf(1, examples.shape()));
        int[] numbers = new int[FIXED + examples.rank() - 1];
        numbers[0] = count;
        numbers[1] = levels;
        numbers[2] = model.latents();
        for (int axis = 1; axis < examples.rank(); axis++) {
            numbers[FIXED + axis - 1] = (int) examples.size(axis);
        }
        byte[] bytes = StackStream.write(KIND, checksum, numbers, stack);
        double container = 8.0 * bytes.length - stack.bits();
        return new CodedExamples(bytes, count, features, coder.ledger(seedBits + container), seedBits);
    }

    /**
     * Decompresses a stream of at most {@link #DEFAULT_LIMIT} examples.
     *
     * @param bytes the stream
     * @return x in the shape of the examples, float32, a new array
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
     * @return x in the shape of the examples, float32, a new array
     * @throws DL4JInvalidInputException if the stream has more examples, is damaged, or is of another model
     */
    public INDArray decompress(byte[] bytes, int limit) {
        Require.atLeast(1, SUBJECT, "limit", limit, "");
        StackStream stream = StackStream.parse(SUBJECT, KIND, bytes, FIXED + 1, FIXED + MOST_AXES);
        int count = stream.number(0);
        stream.require(count >= 1 && count <= limit, "the stream must have 1 to " + limit + " examples", count);
        stream.require(stream.number(1) == levels, "the model must have " + stream.number(1) + " levels", levels);
        stream.require(
                stream.number(2) == model.latents(),
                "the model must have " + stream.number(2) + " latents",
                model.latents());
        long[] shape = shape(stream);
        AnsStack stack = stream.stack();
        ExampleCoder coder = coderOf(shape);
        List<int[]> examples = stream.examples(count, stack, seed(), i -> coder.pop(stack, i));
        int features = ExampleCoder.features(shape);
        float[] values = new float[Math.multiplyExact(count, features)];
        for (int i = 0; i < values.length; i++) {
            values[i] = coder.value(examples.get(i / features)[i % features]);
        }
        return Nd4j.create(values, shapeOf(count, shape), 'c');
    }

    /** Returns the shape of one example. */
    private long[] shape(StackStream stream) {
        int features = modelFeatures();
        long[] shape = new long[stream.numbers() - FIXED + 1];
        shape[0] = 1;
        long size = 1;
        for (int axis = 1; axis < shape.length; axis++) {
            shape[axis] = stream.number(FIXED + axis - 1);
            stream.require(shape[axis] >= 1, "sizes of examples must be positive", shape[axis]);
            size = Math.min(size * shape[axis], features + 1L);
        }
        stream.require(
                size == features, "examples must have the model's " + features + " features", Arrays.toString(shape));
        return shape;
    }

    private static long[] shapeOf(long examples, long[] shape) {
        long[] other = shape.clone();
        other[0] = examples;
        return other;
    }

    /** Returns the number of features that the model decodes to. */
    private int modelFeatures() {
        return model.ofExample(0).levelProbabilities(Nd4j.zeros(1, model.latents())).length / levels;
    }

    private ExampleCoder coderOf(long[] shape) {
        try {
            return new ExampleCoder(model, levels, shape);
        } catch (RuntimeException e) { // layers throw all kinds for shapes that they do not take
            throw new DL4JInvalidInputException(SUBJECT + ": the model must take examples of the shape "
                    + Arrays.toString(shape) + ", got an error: " + e.getMessage());
        }
    }

    private int[] levelsOf(INDArray example) {
        double[] values = example.data().asDouble();
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
}
