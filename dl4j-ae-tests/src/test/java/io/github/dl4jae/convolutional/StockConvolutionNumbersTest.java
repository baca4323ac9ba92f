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

import io.github.dl4jae.convolutional.ImageNetworks.Kind;
import io.github.dl4jae.denoising.MaskingNoise;
import io.github.dl4jae.sparse.ActivationTopK;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BaseConvBuilder;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/** Fast convolutions beside the stock layers that they replace, in float32: the same numbers, up to rounding. */
@Tag("slow")
class StockConvolutionNumbersTest {

    private static final int CHANNELS = 2;

    private static Stream<Arguments> inBothFormats(Map<String, Function<Kind, BaseConvBuilder<?>>> layers) {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(CNN2DFormat.values()).flatMap(format -> layers.entrySet().stream()
                        .map(layer -> arguments(
                                kind,
                                format,
                                named(layer.getKey(), layer.getValue().apply(kind))))));
    }

    static Stream<Arguments> geometries() {
        Map<String, Function<Kind, BaseConvBuilder<?>>> layers = new TreeMap<>();
        layers.put("3×3", kind -> kind.stock(3, 3));
        layers.put("1×1", kind -> kind.stock(1, 1));
        layers.put("2×3", kind -> kind.stock(2, 3));
        layers.put("stride 2, padding 1", kind -> kind.stock(3, 3).stride(2, 2).padding(1, 1));
        layers.put(
                "4×4, stride 2, padding 1",
                kind -> kind.stock(4, 4).stride(2, 2).padding(1, 1));
        layers.put(
                "stride 1×2, padding 0×1", kind -> kind.stock(3, 2).stride(1, 2).padding(0, 1));
        layers.put("stride above the kernel", kind -> kind.stock(2, 1).stride(3, 2));
        layers.put("dilation 2×1", kind -> kind.stock(2, 3).dilation(2, 1));
        layers.put("dilation 1×3", kind -> kind.stock(3, 2).dilation(1, 3).padding(1, 0));
        layers.put("many filters", kind -> kind.stock(3, 3).nOut(19));
        layers.put("one filter", kind -> kind.stock(3, 3).nOut(1));
        layers.put("strict", kind -> strict(kind.stock(3, 3).stride(2, 2).padding(1, 1)));
        layers.put("same", kind -> same(kind.stock(3, 3)));
        layers.put("same, even kernel", kind -> same(kind.stock(4, 2)));
        layers.put("same, stride 2", kind -> same(kind.stock(3, 3).stride(2, 2)));
        layers.put("same, stride 3×2", kind -> same(kind.stock(2, 4).stride(3, 2)));
        layers.put("same, dilation 2", kind -> same(kind.stock(3, 3).dilation(2, 2)));
        return inBothFormats(layers);
    }

    private static BaseConvBuilder<?> same(BaseConvBuilder<?> layer) {
        return layer.convolutionMode(ConvolutionMode.Same);
    }

    private static BaseConvBuilder<?> strict(BaseConvBuilder<?> layer) {
        return layer.convolutionMode(ConvolutionMode.Strict);
    }

    private static void requireNumbers(BaseConvBuilder<?> layer, int channels, CNN2DFormat format) {
        InputType input = images(channels, format);
        requireStockNumbers(configuration(input, layer.build()), data(input, EXAMPLES));
    }

    private static BaseConvBuilder<?> withFilters(BaseConvBuilder<?> layer) {
        return layer.getNOut() == 0 ? layer.nOut(4) : layer;
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void numbers_forEveryGeometry_areTheStockOnes(Kind kind, CNN2DFormat format, BaseConvBuilder<?> layer) {
        requireNumbers(withFilters(layer).activation(Activation.TANH), CHANNELS, format);
    }

    /** Patches with long runs of adjacent values are copied, not gathered. */
    @ParameterizedTest
    @MethodSource("geometries")
    void numbers_forManyChannels_areTheStockOnes(Kind kind, CNN2DFormat format, BaseConvBuilder<?> layer) {
        requireNumbers(withFilters(layer).activation(Activation.TANH), 17, format);
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void numbers_forOneChannel_areTheStockOnes(Kind kind, CNN2DFormat format, BaseConvBuilder<?> layer) {
        requireNumbers(withFilters(layer).activation(Activation.TANH), 1, format);
    }

    static Stream<Arguments> activations() {
        Map<String, Function<Kind, BaseConvBuilder<?>>> layers = new TreeMap<>();
        Stream.of(
                        Activation.RELU,
                        Activation.IDENTITY,
                        Activation.SIGMOID,
                        Activation.TANH,
                        Activation.SOFTPLUS,
                        Activation.ELU,
                        Activation.LEAKYRELU)
                .forEach(activation -> layers.put(activation.name(), activated(activation.getActivationFunction())));
        layers.put("clipped relu", activated(new ActivationReLU(0.5, null, null)));
        return inBothFormats(layers);
    }

    private static Function<Kind, BaseConvBuilder<?>> activated(IActivation activation) {
        return kind -> kind.stock(3, 3).activation(activation);
    }

    @ParameterizedTest
    @MethodSource("activations")
    void numbers_forEveryActivation_areTheStockOnes(Kind kind, CNN2DFormat format, BaseConvBuilder<?> layer) {
        requireNumbers(withFilters(layer), CHANNELS, format);
    }

    @ParameterizedTest
    @MethodSource("activations")
    void numbers_withoutBias_areTheStockOnes(Kind kind, CNN2DFormat format, BaseConvBuilder<?> layer) {
        requireNumbers(withFilters(layer).hasBias(false), CHANNELS, format);
    }

    /** The stock layers can activate channels together only in the NCHW format. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void numbers_forSoftmaxOverChannels_areTheStockOnes(Kind kind) {
        requireNumbers(kind.stock(3, 3).nOut(4).activation(Activation.SOFTMAX), CHANNELS, CNN2DFormat.NCHW);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void numbers_forTopKChannels_areTheStockOnes(Kind kind) {
        requireNumbers(kind.stock(3, 3).nOut(4).activation(new ActivationTopK(2)), CHANNELS, CNN2DFormat.NCHW);
    }

    static Stream<Arguments> options() {
        Map<String, UnaryOperator<BaseConvBuilder<?>>> options = new TreeMap<>();
        options.put("weight noise", layer -> layer.weightNoise(new DropConnect(0.7)));
        options.put("noise of weights and bias", layer -> layer.weightNoise(new DropConnect(0.7, true)));
        options.put("regularization", layer -> layer.l1(1e-2).l2(1e-2).l2Bias(1e-1));
        options.put("constraint", layer -> layer.constrainWeights(new MaxNormConstraint(0.5, 1, 2, 3)));
        Map<String, Function<Kind, BaseConvBuilder<?>>> layers = new TreeMap<>();
        options.forEach((name, option) ->
                layers.put(name, kind -> option.apply(kind.stock(3, 3).nOut(4).activation(Activation.TANH))));
        return inBothFormats(layers);
    }

    @ParameterizedTest
    @MethodSource("options")
    void numbers_withOptionsOfTraining_areTheStockOnes(Kind kind, CNN2DFormat format, BaseConvBuilder<?> layer) {
        requireNumbers(layer.biasInit(0.3), CHANNELS, format);
    }

    /** The stock convolution cannot train with dropout in the NHWC format: its backprop multiplies unlike shapes. */
    @ParameterizedTest
    @CsvSource({"CONVOLUTION,NCHW", "DECONVOLUTION,NCHW", "DECONVOLUTION,NHWC"})
    void training_withDropout_givesTheStockNumbers(Kind kind, CNN2DFormat format) {
        InputType input = images(CHANNELS, format);
        requireStockTraining(
                configuration(
                        input,
                        kind.stock(3, 3).nOut(4).dropOut(new Dropout(0.6)).build()),
                data(input, EXAMPLES));
    }

    @ParameterizedTest
    @CsvSource({"CONVOLUTION,NCHW", "CONVOLUTION,NHWC", "DECONVOLUTION,NCHW", "DECONVOLUTION,NHWC"})
    void training_onCorruptedImages_givesTheStockNumbers(Kind kind, CNN2DFormat format) {
        InputType input = images(CHANNELS, format);
        requireStockTraining(
                configuration(
                        input,
                        kind.stock(3, 3)
                                .nOut(4)
                                .dropOut(new MaskingNoise(0.4, 5))
                                .build()),
                data(input, EXAMPLES));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void numbers_ofAStack_areTheStockOnes(Kind kind) {
        InputType input = images(CHANNELS, CNN2DFormat.NCHW);
        requireStockNumbers(
                configuration(
                        base().activation(Activation.RELU).miniBatch(false),
                        input,
                        kind.stock(3, 3).nOut(6).build(),
                        kind.stock(2, 2).nOut(5).stride(2, 2).build(),
                        kind.stock(1, 1).nOut(4).build()),
                data(input, EXAMPLES));
    }

    /** Many images: several blocks on several threads. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void numbers_ofManyImages_areTheStockOnes(Kind kind) {
        InputType input = InputType.convolutional(20, 18, 3);
        requireStockNumbers(
                configuration(
                        input,
                        same(kind.stock(3, 3).nOut(8).activation(Activation.TANH))
                                .build()),
                data(input, 64));
    }
}
