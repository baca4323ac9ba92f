package io.github.dl4jae.compression;

import static io.github.dl4jae.compression.SmallCompressors.network;
import static io.github.dl4jae.compression.SmallCompressors.picture;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.RefusesNull.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.coding.AnsStack;
import io.github.dl4jae.coding.CodedStream;
import io.github.dl4jae.testing.RefusesNull;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

class ImageCompressorTest implements RefusesNull {

    private static final MultiLayerNetwork GRAY = network(1, 5);
    private static final ImageCompressor COMPRESSOR = ImageCompressor.of(GRAY);

    private static INDArray values(BufferedImage image) {
        return Pixels.padded(image, image.getRaster().getNumBands(), 1);
    }

    /** The network's own output for rounded codes, at multiples of the stride. */
    @ParameterizedTest
    @CsvSource({"1, 32, 16", "3, 16, 32"})
    void decompressed_isTheOutputOfTheNetwork(int channels, int height, int width) {
        MultiLayerNetwork network = network(channels, 5);
        ImageCompressor compressor = ImageCompressor.of(network);
        BufferedImage image = picture(height, width, channels);

        BufferedImage decompressed = compressor.decompress(compressor.compress(image));

        INDArray expected =
                Nd4j.math.max(Nd4j.math.min(network.output(values(image)), Nd4j.scalar(1f)), Nd4j.scalar(0f));
        assertThat(compressor.channels()).isEqualTo(channels);
        assertThatArray(values(decompressed)).isCloseTo(expected, 0.5 / 255 + 1e-5);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 40", "5, 3", "17, 30", "33, 64"})
    void imageOfAnySize_keepsItsSize(int height, int width) {
        BufferedImage decompressed = COMPRESSOR.decompress(COMPRESSOR.compress(picture(height, width, 1)));

        assertThat(decompressed.getHeight()).isEqualTo(height);
        assertThat(decompressed.getWidth()).isEqualTo(width);
    }

    /** −log₂ P of the codes, within 0.5 % on an image whose header does not matter. */
    @Test
    void length_isTheInformationContentOfTheCodes() {
        BufferedImage image = picture(256, 256, 1);
        double bits =
                FactorizedPrior.of(GRAY).bits(GRAY.feedForward(values(image)).get(3));

        double length = 8.0 * COMPRESSOR.compress(image).length;

        assertThat(length / bits).isBetween(1.0, 1.005);
    }

    @Test
    void codesOutsideTheTables_areEscaped() {
        CodeTables tables = CodeTables.of(FactorizedPrior.of(GRAY));
        int[] codes = {0, -1, 63, -64, 65_000, -70_001, 1, (1 << 28) - 1, -(1 << 28) + 1, 2};
        AnsStack stack = AnsStack.empty();

        for (int i = codes.length - 1; i >= 0; i--) {
            tables.push(stack, i % SmallCompressors.CODES, codes[i]);
        }

        int[] popped = new int[codes.length];
        Arrays.setAll(popped, i -> tables.pop(stack, i % SmallCompressors.CODES));
        assertThat(popped).isEqualTo(codes);
        assertThat(stack.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1 << 28, Double.NaN, Double.NEGATIVE_INFINITY})
    void codesOfADivergedEncoder_areRefused(double code) {
        CodeTables tables = CodeTables.of(FactorizedPrior.of(GRAY));

        assertThatThrownBy(() -> tables.push(AnsStack.empty(), 0, code))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("the encoder diverged");
    }

    /** As in a prior that training has moved: its median is not 0. */
    @Test
    void tables_coverAPriorFarFromZero() {
        MultiLayerNetwork network = network(1, 5);
        INDArray bias = network.getParam("2_b");
        bias.getColumn(CumulativeNetwork.BIASES - 1).assign(-300); // 300 / slope away
        FactorizedPrior prior = FactorizedPrior.of(network);
        CodeTables tables = CodeTables.of(prior);
        int median = 0;
        while (prior.cumulative(0, median) < 0.5) {
            median++;
        }
        AnsStack stack = AnsStack.empty();

        tables.push(stack, 0, median);

        assertThat(median).isGreaterThan(100);
        assertThat(stack.bits()).isCloseTo(prior.bits(0, median), within(0.02));
        assertThat(tables.pop(stack, 0)).isEqualTo(median);
    }

    @Test
    void savedCompressor_readsItsStreams(@TempDir Path folder) {
        byte[] stream = COMPRESSOR.compress(picture(20, 24, 1));

        ImageCompressor loaded = ImageCompressor.load(COMPRESSOR.save(folder.resolve("model.zip")));

        assertThat(loaded.compress(picture(20, 24, 1))).isEqualTo(stream);
        assertThatArray(values(loaded.decompress(stream))).isEqualTo(values(COMPRESSOR.decompress(stream)));
    }

    /** A gray image for a model of RGB images has three equal channels. */
    @Test
    void grayImage_isCompressedByAModelOfRgb() {
        ImageCompressor rgb = ImageCompressor.of(network(3, 5));
        BufferedImage gray = picture(16, 16, 1);
        BufferedImage color = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 256; i++) {
            int level = gray.getRaster().getSample(i % 16, i / 16, 0);
            color.setRGB(i % 16, i / 16, new Color(level, level, level).getRGB());
        }

        assertThat(rgb.compress(gray)).isEqualTo(rgb.compress(color));
    }

    private static byte[] stream(int height, int width, byte[] words) {
        byte[] header = CodedStream.parse(COMPRESSOR.compress(picture(8, 8, 1)), "image")
                .section(0)
                .array();
        java.nio.ByteBuffer.wrap(header).putInt(height).putInt(width);
        return CodedStream.of("image", header, words).toBytes();
    }

    private static byte[] words(int height, int width) {
        return CodedStream.parse(COMPRESSOR.compress(picture(height, width, 1)), "image")
                .section(1)
                .array();
    }

    static Stream<Arguments> damaged() {
        return Stream.of(
                call("an image must have 1 to 4194304 pixels, got 0×8", () -> decompress(stream(0, 8, words(8, 8)))),
                call("got 100000×100000", () -> decompress(stream(100_000, 100_000, words(8, 8)))),
                call("the codes must use up the stream", () -> decompress(stream(8, 8, words(16, 16)))),
                call("too few bits", () -> decompress(stream(800, 800, words(8, 8)))),
                call("a stack has at least 2 words", () -> decompress(stream(8, 8, new byte[4]))),
                call(
                        "a stream must have 2 sections",
                        () -> decompress(CodedStream.of("image", new byte[12]).toBytes())),
                call(
                        "the header must have 12 bytes",
                        () -> decompress(CodedStream.of("image", new byte[4], words(8, 8))
                                .toBytes())),
                call(
                        "must be of this model",
                        () -> decompress(ImageCompressor.of(network(1, 6)).compress(picture(8, 8, 1)))));
    }

    private static void decompress(byte[] stream) {
        COMPRESSOR.decompress(stream);
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void streamThatItDidNotWrite_isRefused(String message, ThrowingCallable use) {
        assertThatThrownBy(use).isInstanceOf(DL4JInvalidInputException.class).hasMessageContaining(message);
    }

    static Stream<Arguments> wrongUses(@TempDir Path folder) {
        return Stream.of(
                call("must be gray", () -> COMPRESSOR.compress(picture(8, 8, 3))),
                call("at most 4194304 pixels", () -> COMPRESSOR.compress(picture(2049, 2048, 1))),
                call(
                        "must begin with a convolution",
                        () -> ImageCompressor.of(initialized(new NeuralNetConfiguration.Builder()
                                .list()
                                .layer(new DenseLayer.Builder().nIn(4).nOut(2).build())
                                .layer(new FactorizedPriorLayer.Builder()
                                        .nIn(2)
                                        .rateWeight(1)
                                        .build())
                                .layer(new LossLayer.Builder(new LossL2()).build())))),
                call(
                        "must be the model of an image compressor",
                        () -> ImageCompressor.load(
                                new ModelBundle.Builder(GRAY).build().save(folder.resolve("other.zip")))));
    }

    @ParameterizedTest
    @MethodSource("wrongUses")
    void wrongUse_isRefused(String message, ThrowingCallable use) {
        assertThatThrownBy(use).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    static Stream<Arguments> nulls() {
        return Stream.of(
                call("network must be given", () -> ImageCompressor.of(null)),
                call("image must be given", () -> COMPRESSOR.compress(null)),
                call("stream must be given", () -> COMPRESSOR.decompress(null)),
                call("file must be given", () -> COMPRESSOR.save(null)),
                call("file must be given", () -> ImageCompressor.load(null)));
    }
}
