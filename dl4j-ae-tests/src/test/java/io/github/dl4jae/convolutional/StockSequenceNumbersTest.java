package io.github.dl4jae.convolutional;

import static io.github.dl4jae.convolutional.SequenceNetworks.CHANNELS;
import static io.github.dl4jae.convolutional.SequenceNetworks.EXAMPLES;
import static io.github.dl4jae.convolutional.SequenceNetworks.STEPS;
import static io.github.dl4jae.convolutional.SequenceNetworks.base;
import static io.github.dl4jae.convolutional.SequenceNetworks.configuration;
import static io.github.dl4jae.convolutional.SequenceNetworks.data;
import static io.github.dl4jae.convolutional.SequenceNetworks.inFormat;
import static io.github.dl4jae.convolutional.SequenceNetworks.raggedMask;
import static io.github.dl4jae.convolutional.SequenceNetworks.requireStockNumbers;
import static io.github.dl4jae.convolutional.SequenceNetworks.sequences;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.dense.FastLayers;
import io.github.dl4jae.sparse.ActivationTopK;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BaseConvBuilder;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Fast convolutions of sequences beside the stock layer, in float32: the same numbers, up to rounding. */
@Tag("slow")
class StockSequenceNumbersTest {

    private static Convolution1DLayer.Builder stock(int kernel) {
        return new Convolution1DLayer.Builder(kernel);
    }

    /** Returns options of a layer by their names. */
    private static Stream<Named<Supplier<BaseConvBuilder<?>>>> named(Map<String, Supplier<BaseConvBuilder<?>>> layers) {
        return layers.entrySet().stream().map(layer -> Named.of(layer.getKey(), layer.getValue()));
    }

    static Stream<Named<Supplier<BaseConvBuilder<?>>>> geometries() {
        Map<String, Supplier<BaseConvBuilder<?>>> layers = new TreeMap<>();
        layers.put("3", () -> stock(3));
        layers.put("1", () -> stock(1));
        layers.put("the whole sequence", () -> stock(STEPS));
        layers.put("stride 2, padding 1", () -> stock(3).stride(2).padding(1));
        layers.put("4, stride 2, padding 1", () -> stock(4).stride(2).padding(1));
        layers.put("stride above the kernel", () -> stock(2).stride(3));
        layers.put("padding above the kernel", () -> stock(2).padding(3));
        layers.put("dilation 2", () -> stock(3).dilation(2));
        layers.put(
                "dilation 3, padding 2, stride 2",
                () -> stock(2).dilation(3).padding(2).stride(2));
        layers.put("many filters", () -> stock(3).nOut(37));
        layers.put("one filter", () -> stock(3).nOut(1));
        layers.put("strict", () -> in(ConvolutionMode.Strict, stock(3).stride(2)));
        layers.put("same", () -> in(ConvolutionMode.Same, stock(3)));
        layers.put("same, even kernel", () -> in(ConvolutionMode.Same, stock(4)));
        layers.put("same, stride 2", () -> in(ConvolutionMode.Same, stock(3).stride(2)));
        layers.put("same, stride 3, even kernel", () -> in(ConvolutionMode.Same, stock(4).stride(3)));
        layers.put("same, dilation 2", () -> in(ConvolutionMode.Same, stock(3).dilation(2)));
        layers.put(
                "same, dilation 3, stride 2",
                () -> in(ConvolutionMode.Same, stock(2).dilation(3).stride(2)));
        layers.put("same, dilation above the sequence", () -> in(ConvolutionMode.Same, stock(3).dilation(STEPS)));
        layers.put("same, stride above the kernel", () -> in(ConvolutionMode.Same, stock(1).stride(4)));
        layers.put("causal", () -> in(ConvolutionMode.Causal, stock(3)));
        layers.put("causal, stride 2", () -> in(ConvolutionMode.Causal, stock(3).stride(2)));
        layers.put("causal, dilation 4", () -> in(ConvolutionMode.Causal, stock(2).dilation(4)));
        layers.put("causal, stride above the kernel", () -> in(ConvolutionMode.Causal, stock(2).stride(3)));
        return named(layers);
    }

    private static BaseConvBuilder<?> in(ConvolutionMode mode, BaseConvBuilder<?> layer) {
        return layer.convolutionMode(mode);
    }

    private static void requireNumbers(BaseConvBuilder<?> layer, int examples, int channels, int steps) {
        if (layer.getNOut() == 0) {
            layer.nOut(4);
        }
        MultiLayerConfiguration configuration = configuration(
                base(),
                sequences(channels, steps, RNNFormat.NCW),
                RNNFormat.NCW,
                layer.biasInit(0.2).build());
        requireStockNumbers(configuration, data(configuration, examples, channels, steps, RNNFormat.NCW));
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void numbers_forEveryGeometry_areTheStockOnes(Supplier<BaseConvBuilder<?>> layer) {
        requireNumbers(layer.get().activation(Activation.TANH), EXAMPLES, CHANNELS, STEPS);
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void numbers_ofOneExample_areTheStockOnes(Supplier<BaseConvBuilder<?>> layer) {
        requireNumbers(layer.get().activation(Activation.TANH), 1, CHANNELS, STEPS);
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void numbers_forOneChannel_areTheStockOnes(Supplier<BaseConvBuilder<?>> layer) {
        requireNumbers(layer.get().activation(Activation.TANH), EXAMPLES, 1, STEPS);
    }

    /** Patches with long runs of adjacent values are copied, not gathered. */
    @ParameterizedTest
    @MethodSource("geometries")
    void numbers_forManyChannels_areTheStockOnes(Supplier<BaseConvBuilder<?>> layer) {
        requireNumbers(layer.get().activation(Activation.TANH), EXAMPLES, 33, STEPS);
    }

    /** Several blocks on several threads. */
    @ParameterizedTest
    @MethodSource("geometries")
    void numbers_ofManyExamples_areTheStockOnes(Supplier<BaseConvBuilder<?>> layer) {
        requireNumbers(layer.get().activation(Activation.TANH), 150, 17, STEPS);
    }

    static Stream<Named<Supplier<BaseConvBuilder<?>>>> geometriesForOneStep() {
        Map<String, Supplier<BaseConvBuilder<?>>> layers = new TreeMap<>();
        layers.put("1", () -> stock(1));
        layers.put("1, stride 2", () -> stock(1).stride(2));
        layers.put("padding", () -> stock(3).padding(1));
        layers.put("same", () -> in(ConvolutionMode.Same, stock(3)));
        layers.put("same, dilation", () -> in(ConvolutionMode.Same, stock(3).dilation(2)));
        layers.put("causal", () -> in(ConvolutionMode.Causal, stock(3)));
        return named(layers);
    }

    @ParameterizedTest
    @MethodSource("geometriesForOneStep")
    void numbers_ofOneStep_areTheStockOnes(Supplier<BaseConvBuilder<?>> layer) {
        requireNumbers(layer.get().activation(Activation.TANH), EXAMPLES, CHANNELS, 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"RELU", "IDENTITY", "SIGMOID", "SOFTPLUS", "ELU", "LEAKYRELU", "SOFTMAX", "SWISH"})
    void numbers_forEveryActivation_areTheStockOnes(Activation activation) {
        requireNumbers(stock(3).activation(activation), EXAMPLES, CHANNELS, STEPS);
    }

    @Test
    void numbers_forTopKChannels_areTheStockOnes() {
        requireNumbers(stock(3).activation(new ActivationTopK(2)), EXAMPLES, CHANNELS, STEPS);
    }

    static Stream<Named<UnaryOperator<BaseConvBuilder<?>>>> options() {
        Map<String, UnaryOperator<BaseConvBuilder<?>>> options = new TreeMap<>();
        options.put("no bias", layer -> layer.hasBias(false));
        options.put("regularization", layer -> layer.l1(1e-2).l2(1e-2).l2Bias(1e-1));
        options.put("constraint", layer -> layer.constrainWeights(new MaxNormConstraint(0.5, 1, 2, 3)));
        return options.entrySet().stream().map(option -> Named.of(option.getKey(), option.getValue()));
    }

    @ParameterizedTest
    @MethodSource("options")
    void numbers_withOptionsOfTraining_areTheStockOnes(UnaryOperator<BaseConvBuilder<?>> option) {
        requireNumbers(option.apply(stock(3).activation(Activation.TANH)), EXAMPLES, CHANNELS, STEPS);
    }

    @Test
    void training_withDropout_givesTheStockNumbers() {
        MultiLayerConfiguration configuration = configuration(
                stock(3).nOut(4).activation(Activation.TANH).dropOut(0.6).build());

        ImageNetworks.requireStockTraining(configuration, data(configuration));
    }

    private static MultiLayerConfiguration stack() {
        return configuration(
                in(ConvolutionMode.Same, stock(3).nOut(6).activation(Activation.TANH))
                        .build(),
                stock(4).stride(2)
                        .padding(1)
                        .nOut(5)
                        .activation(Activation.RELU)
                        .build(),
                in(ConvolutionMode.Causal, stock(2).dilation(2).nOut(4).activation(Activation.TANH))
                        .build());
    }

    @Test
    void numbers_ofAStack_areTheStockOnes() {
        requireStockNumbers(stack(), data(stack()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void numbers_withMasks_areTheStockOnes(boolean ofLabels) {
        DataSet data = data(stack());
        data.setFeaturesMaskArray(raggedMask(DataType.FLOAT));
        if (ofLabels) {
            data.setLabelsMaskArray(
                    Nd4j.ones(DataType.FLOAT, EXAMPLES, data.getLabels().size(2)));
            data.getLabelsMaskArray().putScalar(0, 1, 0);
        }

        requireStockNumbers(stack(), data);
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void mask_isReducedAsInTheStockLayer(Supplier<BaseConvBuilder<?>> layer) {
        MultiLayerConfiguration configuration =
                configuration((Layer) layer.get().nOut(4).build());
        INDArray mask = raggedMask(DataType.FLOAT);

        INDArray ours = initialized(FastLayers.convert(configuration))
                .getLayer(0)
                .feedForwardMaskArray(mask, null, EXAMPLES)
                .getFirst();

        assertThat(ours)
                .isEqualTo(initialized(configuration)
                        .getLayer(0)
                        .feedForwardMaskArray(mask, null, EXAMPLES)
                        .getFirst());
    }

    /** The stock layer can compute NWC, but not train with it. */
    @ParameterizedTest
    @MethodSource("geometries")
    void output_withChannelsLast_isTheStockOne(Supplier<BaseConvBuilder<?>> layer) {
        BaseConvBuilder<?> conv = layer.get().activation(Activation.TANH);
        MultiLayerConfiguration configuration =
                configuration(base(), sequences(CHANNELS, STEPS, RNNFormat.NWC), RNNFormat.NWC, (Layer)
                        (conv.getNOut() == 0 ? conv.nOut(4) : conv).build());
        DataSet data = data(configuration, EXAMPLES, CHANNELS, STEPS, RNNFormat.NWC);

        MultiLayerNetwork stock = initialized(configuration);

        ImageNetworks.requireClose(
                FastLayers.convert(stock).output(data.getFeatures()),
                stock.output(data.getFeatures()),
                ImageNetworks.ROUNDING);
    }

    static Stream<IActivation> activationsOfChannels() {
        return Stream.of(Activation.TANH.getActivationFunction(), new ActivationTopK(2));
    }

    @ParameterizedTest
    @MethodSource("activationsOfChannels")
    void training_withChannelsLast_isThatOfChannelsFirst(IActivation activation) {
        MultiLayerConfiguration first =
                configuration(stock(3).nOut(4).activation(activation).build());
        MultiLayerConfiguration last = configuration(
                base(),
                sequences(CHANNELS, STEPS, RNNFormat.NWC),
                RNNFormat.NWC,
                stock(3).nOut(4).activation(activation).build());
        DataSet data = data(first);
        MultiLayerNetwork expected = initialized(FastLayers.convert(first));
        MultiLayerNetwork found = initialized(FastLayers.convert(last));

        ImageNetworks.fit(expected, data, 3);
        ImageNetworks.fit(
                found,
                new DataSet(inFormat(data.getFeatures(), RNNFormat.NWC), inFormat(data.getLabels(), RNNFormat.NWC)),
                3);

        ImageNetworks.requireClose(found.params(), expected.params(), ImageNetworks.ROUNDING);
    }
}
