package io.github.dl4jae.compression;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.coding.AnsStack;
import io.github.dl4jae.coding.CodedStream;
import io.github.dl4jae.internal.layer.Require;
import java.awt.image.BufferedImage;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compresses images to bytes, and back, with a trained compressive autoencoder.
 *
 * <pre>{@code
 * ImageCompressor compressor = ImageCompressor.of(network);
 * byte[] stream = compressor.compress(ImageIO.read(file));
 * BufferedImage image = compressor.decompress(stream);
 * }</pre>
 *
 * <p>The network has image layers without a fixed size, one {@link FactorizedPriorLayer}, and an output of the size of
 * its input. Images of any size are padded by their last row and column, and cropped again.
 *
 * <pre>
 * stream = CodedStream "image": { height, width (4 bytes each), model (4 bytes) } { words of rANS }
 * length ≈ −Σ log₂ p_c(ŷ_i) bits, and 41 to 49 bytes for header, checksum and rounding to words
 * </pre>
 *
 * <p>Codes are coded with integer tables that are computed from the parameters without rounding differences between
 * machines. The pixels of the decoder can differ by one level where another machine adds numbers in another order.
 *
 * <p>{@link #decompress} refuses what {@link #compress} of the same model did not write: damaged or truncated streams,
 * streams of other models, and streams whose codes do not use up exactly their bits. It allocates memory in proportion
 * to the image, which has at most {@value #MOST_PIXELS} pixels.
 *
 * <p>Thread-safe: the network runs under its lock. The compressor keeps the network, which must not be trained on.
 *
 * <p>Errors: a network without exactly one prior, of other data than images, or whose output has another size than its
 * input; an image that is too large; a gray model for an RGB image.
 *
 * @see <a href="https://openreview.net/forum?id=rJxdQ3jeg">Ballé, Laparra and Simoncelli 2017, End-to-end optimized
 *     image compression</a>
 */
public final class ImageCompressor {

    /** The largest number of pixels of an image. */
    public static final int MOST_PIXELS = 1 << 22;

    private static final String SUBJECT = "ImageCompressor";
    private static final String KIND = "image";
    private static final String ATTACHMENT = "image-compressor";
    private static final int HEADER = 3 * Integer.BYTES;

    private final MultiLayerNetwork network;
    private final CompressorShape shape;
    private final Autoencoder autoencoder;
    private final double step;
    private final CodeTables tables;
    private final int model;

    private ImageCompressor(MultiLayerNetwork network) {
        FactorizedPrior prior = FactorizedPrior.of(network);
        this.network = network;
        this.shape = CompressorShape.of(network);
        this.autoencoder = Autoencoders.of(network, shape.code());
        this.step = prior.step();
        this.tables = CodeTables.of(prior);
        this.model = fingerprint(network.params());
    }

    /**
     * Adapts a trained network.
     *
     * @param network with image layers and one factorized prior; not copied
     * @return the compressor
     * @throws IllegalArgumentException if the network is null or does not fit
     */
    public static ImageCompressor of(MultiLayerNetwork network) {
        return new ImageCompressor(Require.given(SUBJECT, "network", network, "pass a trained network"));
    }

    private static int fingerprint(INDArray parameters) {
        float[] values = parameters.dup('c').data().asFloat();
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length));
        bytes.asFloatBuffer().put(values);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /**
     * Reads a compressor.
     *
     * @param file a result of {@link #save}
     * @return the compressor
     * @throws IllegalArgumentException if the file is refused, or holds another model
     * @throws UncheckedIOException if it cannot be read
     */
    public static ImageCompressor load(Path file) {
        ModelBundle bundle = ModelBundle.load(Require.given(SUBJECT, "file", file, "pass the path of a model"));
        Require.that(
                bundle.textAttachment(ATTACHMENT) != null,
                SUBJECT,
                file + " must be the model of an image compressor",
                bundle,
                "save one with ImageCompressor.save");
        return of(bundle.multiLayerNetwork());
    }

    /**
     * Writes the model as a {@link ModelBundle}. An existing file is replaced once the new one is complete.
     *
     * @param file the file to write
     * @return the file
     * @throws UncheckedIOException if it cannot be written
     */
    public Path save(Path file) {
        Require.given(SUBJECT, "file", file, "pass the path to write");
        return new ModelBundle.Builder(network)
                .codeLayer(shape.code())
                .attachment(ATTACHMENT, "{\"channels\": " + shape.channels() + "}")
                .build()
                .save(file);
    }

    /**
     * Returns the number of channels of the images.
     *
     * @return 1 for gray, 3 for RGB
     */
    public int channels() {
        return shape.channels();
    }

    /**
     * Compresses an image.
     *
     * @param image of 8 or more bits per sample; transparency is ignored
     * @return a stream with header and checksum
     * @throws IllegalArgumentException if the image is null or too large, or an RGB image for a gray model
     */
    public byte[] compress(BufferedImage image) {
        Require.given(SUBJECT, "image", image, "pass a picture, such as ImageIO.read returns");
        requireSize(image.getHeight(), image.getWidth());
        Require.that(
                shape.channels() == 3 || Pixels.isGray(image),
                SUBJECT,
                "the image must be gray, as the model's are",
                "an RGB image",
                "convert it, or use a model of RGB images");
        double[] codes = codes(autoencoder.encode(Pixels.padded(image, shape.channels(), shape.multiple())));
        AnsStack stack = AnsStack.empty();
        for (int i = codes.length - 1; i >= 0; i--) {
            tables.push(stack, i % tables.channels(), codes[i]);
        }
        ByteBuffer header = ByteBuffer.allocate(HEADER)
                .putInt(image.getHeight())
                .putInt(image.getWidth())
                .putInt(model);
        return CodedStream.of(KIND, header.array(), CodedStream.bytes(stack.toWords()))
                .toBytes();
    }

    private static void requireSize(int height, int width) {
        Require.that(
                (long) height * width <= MOST_PIXELS,
                SUBJECT,
                "an image must have at most " + MOST_PIXELS + " pixels",
                height + "×" + width,
                "compress it in tiles");
    }

    /** Returns integers, position by position, with channels last. */
    private double[] codes(INDArray code) {
        float[] values = code.permute(0, 2, 3, 1).dup('c').data().asFloat();
        double[] codes = new double[values.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = Math.rint(values[i] / step);
        }
        return codes;
    }

    /**
     * Decompresses an image.
     *
     * @param stream a result of {@link #compress} with the same model
     * @return a gray or RGB picture of 8 bits per sample
     * @throws IllegalArgumentException if the stream is null
     * @throws DL4JInvalidInputException if the stream is damaged, or of another model
     */
    public BufferedImage decompress(byte[] stream) {
        CodedStream coded = CodedStream.parse(Require.given(SUBJECT, "stream", stream, "pass compressed bytes"), KIND);
        check(coded.size() == 2, "a stream must have 2 sections", coded.size());
        ByteBuffer header = coded.section(0);
        check(header.remaining() == HEADER, "the header must have " + HEADER + " bytes", header.remaining());
        int height = header.getInt();
        int width = header.getInt();
        check(
                height > 0 && width > 0 && (long) height * width <= MOST_PIXELS,
                "an image must have 1 to " + MOST_PIXELS + " pixels",
                height + "×" + width);
        check(header.getInt() == model, "the stream must be of this model", "another one");
        AnsStack stack = AnsStack.of(coded.words(1));
        int rows = Pixels.roundUp(height, shape.multiple()) / shape.multiple();
        int columns = Pixels.roundUp(width, shape.multiple()) / shape.multiple();
        float[] codes = new float[rows * columns * tables.channels()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (float) (tables.pop(stack, i % tables.channels()) * step);
        }
        check(stack.isEmpty(), "the codes must use up the stream", "bits that are left");
        INDArray code = Nd4j.create(codes, new long[] {1, rows, columns, tables.channels()}, 'c')
                .permute(0, 3, 1, 2);
        return Pixels.picture(autoencoder.decode(code), height, width);
    }

    private static void check(boolean holds, String requirement, Object got) {
        if (!holds) {
            throw new DL4JInvalidInputException(SUBJECT + ": " + requirement + ", got " + got);
        }
    }
}
