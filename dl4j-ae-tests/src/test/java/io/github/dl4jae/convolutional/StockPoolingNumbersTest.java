package io.github.dl4jae.convolutional;

import static io.github.dl4jae.convolutional.ImageNetworks.EXAMPLES;
import static io.github.dl4jae.convolutional.ImageNetworks.base;
import static io.github.dl4jae.convolutional.ImageNetworks.configuration;
import static io.github.dl4jae.convolutional.ImageNetworks.data;
import static io.github.dl4jae.convolutional.ImageNetworks.images;
import static io.github.dl4jae.convolutional.ImageNetworks.requireStockNumbers;
import static io.github.dl4jae.convolutional.ImageNetworks.requireStockTraining;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Pooling, upsampling and batch normalization beside the stock layers that they replace: the same numbers, up to
 * rounding.
 */
@Tag("slow")
class StockPoolingNumbersTest {

    private static final int CHANNELS = 2;
    /** As many channels as the kernels copy at once, and more. */
    private static final int MANY_CHANNELS = 17;

    private static Stream<Arguments> inBothFormats(Map<String, Supplier<Layer>> layers) {
        return Stream.of(CNN2DFormat.values()).flatMap(format -> layers.entrySet().stream()
                .map(layer -> arguments(format, named(layer.getKey(), layer.getValue()))));
    }

    private static SubsamplingLayer.Builder pool(PoolingType type, int... kernel) {
        return new SubsamplingLayer.Builder(type).kernelSize(kernel).pnorm(3);
    }

    private static SubsamplingLayer same(SubsamplingLayer.Builder layer) {
        layer.convolutionMode(ConvolutionMode.Same);
        return layer.build();
    }

    /** Sums are left out: the stock layer throws. */
    static Stream<Arguments> poolings() {
        Map<String, Supplier<Layer>> layers = new TreeMap<>();
        for (PoolingType type : new PoolingType[] {PoolingType.MAX, PoolingType.AVG, PoolingType.PNORM}) {
            layers.put(type + " 2×2", () -> pool(type, 2, 2).build());
            layers.put(
                    type + " 3×2, stride 1", () -> pool(type, 3, 2).stride(1, 1).build());
            layers.put(
                    type + " 3×3, overlapping",
                    () -> pool(type, 3, 3).stride(2, 1).build());
            layers.put(
                    type + " stride above the kernel",
                    () -> pool(type, 2, 1).stride(3, 2).build());
            layers.put(type + " padding", () -> pool(type, 3, 3).padding(1, 2).build());
            layers.put(
                    type + " dilation",
                    () -> pool(type, 2, 3).stride(1, 1).dilation(2, 2).build());
            layers.put(type + " dilation and padding", () -> pool(type, 2, 2)
                    .stride(2, 1)
                    .dilation(3, 2)
                    .padding(1, 1)
                    .build());
            layers.put(type + " same", () -> same(pool(type, 2, 2)));
            layers.put(type + " same 3×3", () -> same(pool(type, 3, 3)));
            layers.put(
                    type + " same, dilation",
                    () -> same(pool(type, 3, 2).stride(1, 2).dilation(2, 2)));
            layers.put(
                    type + " same, stride above the kernel",
                    () -> same(pool(type, 1, 2).stride(4, 3)));
        }
        layers.put("AVG with padding in the divisor", () -> {
            SubsamplingLayer.Builder layer = pool(PoolingType.AVG, 3, 3).padding(1, 2);
            layer.avgPoolIncludePadInDivisor(true);
            return layer.build();
        });
        layers.put("PNORM of 1", () -> {
            SubsamplingLayer.Builder layer = pool(PoolingType.PNORM, 2, 2);
            layer.pnorm(1);
            return layer.build();
        });
        layers.put("PNORM of 2", () -> {
            SubsamplingLayer.Builder layer = pool(PoolingType.PNORM, 2, 2);
            layer.pnorm(2);
            return layer.build();
        });
        return inBothFormats(layers);
    }

    private static Layer convolution(int filters) {
        return new ConvolutionLayer.Builder(1, 1)
                .nOut(filters)
                .activation(Activation.TANH)
                .build();
    }

    private static void requireNumbers(
            NeuralNetConfiguration.Builder base, Layer layer, CNN2DFormat format, int channels) {
        InputType input = images(CHANNELS, format);
        requireStockNumbers(
                configuration(base, input, convolution(channels), layer, convolution(3)), data(input, EXAMPLES));
    }

    @ParameterizedTest
    @MethodSource("poolings")
    void pooling_givesTheStockNumbers(CNN2DFormat format, Supplier<Layer> layer) {
        requireNumbers(base(), layer.get(), format, CHANNELS);
    }

    @ParameterizedTest
    @MethodSource("poolings")
    void poolingOfManyChannels_givesTheStockNumbers(CNN2DFormat format, Supplier<Layer> layer) {
        requireNumbers(base(), layer.get(), format, MANY_CHANNELS);
    }

    /** Other types take other loops. */
    @ParameterizedTest
    @MethodSource("poolings")
    void poolingInFloat64_givesTheStockNumbers(CNN2DFormat format, Supplier<Layer> layer) {
        requireNumbers(base().dataType(DataType.DOUBLE), layer.get(), format, CHANNELS);
    }

    /** Images are features: nothing below has channels last in memory. */
    @ParameterizedTest
    @MethodSource("poolings")
    void poolingOfFeatures_givesTheStockNumbers(CNN2DFormat format, Supplier<Layer> layer) {
        InputType input = images(CHANNELS, format);
        requireStockNumbers(configuration(input, layer.get()), data(input, EXAMPLES));
    }

    static Stream<Arguments> upsamplings() {
        Map<String, Supplier<Layer>> layers = new TreeMap<>();
        layers.put("2", () -> new Upsampling2D.Builder(2).build());
        layers.put("1", () -> new Upsampling2D.Builder(1).build());
        layers.put(
                "3×2", () -> new Upsampling2D.Builder().size(new int[] {3, 2}).build());
        layers.put(
                "1×4", () -> new Upsampling2D.Builder().size(new int[] {1, 4}).build());
        return inBothFormats(layers);
    }

    @ParameterizedTest
    @MethodSource("upsamplings")
    void upsampling_givesTheStockNumbers(CNN2DFormat format, Supplier<Layer> layer) {
        requireNumbers(base(), layer.get(), format, CHANNELS);
    }

    @ParameterizedTest
    @MethodSource("upsamplings")
    void upsamplingInFloat64_givesTheStockNumbers(CNN2DFormat format, Supplier<Layer> layer) {
        requireNumbers(base().dataType(DataType.DOUBLE), layer.get(), format, CHANNELS);
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void upsampling_withDropout_trainsAsTheStockLayer(CNN2DFormat format) {
        InputType input = images(CHANNELS, format);
        Layer layer = new Upsampling2D.Builder(2).dropOut(new Dropout(0.6)).build();
        requireStockTraining(configuration(input, layer), data(input, EXAMPLES));
    }

    /** Locked γ and β are left out with channels last: the stock layer throws in training. */
    static Stream<Arguments> normalizations() {
        return normalizationsOfFeatures()
                .filter(each -> each.get()[0] == CNN2DFormat.NCHW
                        || !((Named<?>) each.get()[1]).getName().startsWith("locked"));
    }

    static Stream<Arguments> normalizationsOfFeatures() {
        Map<String, Supplier<Layer>> layers = new TreeMap<>();
        layers.put("default", () -> new BatchNormalization.Builder().build());
        layers.put(
                "variance",
                () -> new BatchNormalization.Builder().useLogStd(false).build());
        layers.put("options", () -> new BatchNormalization.Builder()
                .decay(0.5)
                .eps(0.1)
                .gamma(1.5)
                .beta(-0.3)
                .build());
        layers.put(
                "locked at 1 and 0",
                () -> new BatchNormalization.Builder().lockGammaBeta(true).build());
        layers.put("locked elsewhere", () -> new BatchNormalization.Builder()
                .lockGammaBeta(true)
                .gamma(0.7)
                .beta(0.2)
                .useLogStd(false)
                .build());
        layers.put("constraint", () -> new BatchNormalization.Builder()
                .beta(-0.1)
                .constrainAllParameters(new NonNegativeConstraint())
                .build());
        layers.put(
                "updater",
                () -> new BatchNormalization.Builder().updater(new Adam(0.02)).build());
        return inBothFormats(layers);
    }

    @ParameterizedTest
    @MethodSource("normalizations")
    void batchNormalization_givesTheStockNumbers(CNN2DFormat format, Supplier<Layer> layer) {
        requireNumbers(base(), layer.get(), format, CHANNELS);
    }

    @ParameterizedTest
    @MethodSource("normalizations")
    void batchNormalizationOfManyChannels_givesTheStockNumbers(CNN2DFormat format, Supplier<Layer> layer) {
        requireNumbers(base(), layer.get(), format, MANY_CHANNELS);
    }

    @ParameterizedTest
    @MethodSource("normalizations")
    void batchNormalizationInFloat64_givesTheStockNumbers(CNN2DFormat format, Supplier<Layer> layer) {
        requireNumbers(base().dataType(DataType.DOUBLE), layer.get(), format, CHANNELS);
    }

    @ParameterizedTest
    @MethodSource("normalizationsOfFeatures")
    void batchNormalizationOfFeatures_givesTheStockNumbers(CNN2DFormat format, Supplier<Layer> layer) {
        InputType input = InputType.feedForward(6);
        Layer below =
                new DenseLayer.Builder().nOut(7).activation(Activation.TANH).build();
        requireStockNumbers(configuration(input, below, layer.get()), data(input, 13));
    }

    static Stream<Arguments> activations() {
        Map<String, Supplier<Layer>> layers = new TreeMap<>();
        for (Activation activation : new Activation[] {
            Activation.RELU,
            Activation.IDENTITY,
            Activation.SIGMOID,
            Activation.TANH,
            Activation.LEAKYRELU,
            Activation.ELU,
            Activation.SOFTPLUS
        }) {
            layers.put(activation.name(), () -> new ActivationLayer(activation));
        }
        return inBothFormats(layers);
    }

    @ParameterizedTest
    @MethodSource("activations")
    void activation_givesTheStockNumbers(CNN2DFormat format, Supplier<Layer> layer) {
        requireNumbers(base(), layer.get(), format, CHANNELS);
    }

    /** The layers around it keep channels last in memory. */
    @ParameterizedTest
    @MethodSource("activations")
    void activationOfNormalizedImages_givesTheStockNumbers(CNN2DFormat format, Supplier<Layer> layer) {
        InputType input = images(CHANNELS, format);
        requireStockNumbers(
                configuration(input, convolution(4), new BatchNormalization(), layer.get(), convolution(3)),
                data(input, EXAMPLES));
    }

    @ParameterizedTest
    @MethodSource("activations")
    void activationOfFeatures_givesTheStockNumbers(CNN2DFormat format, Supplier<Layer> layer) {
        InputType input = InputType.feedForward(6);
        requireStockNumbers(configuration(input, layer.get()), data(input, EXAMPLES));
    }

    /** Many images: several blocks on several threads. */
    @Test
    void numbers_ofManyImages_areTheStockOnes() {
        InputType input = InputType.convolutional(20, 18, 3);
        requireStockNumbers(
                configuration(
                        base().activation(Activation.TANH),
                        input,
                        convolution(8),
                        new BatchNormalization(),
                        new ActivationLayer(Activation.RELU),
                        pool(PoolingType.MAX, 2, 2).build(),
                        convolution(8),
                        new Upsampling2D.Builder(2).build(),
                        convolution(2)),
                data(input, 64));
    }
}
