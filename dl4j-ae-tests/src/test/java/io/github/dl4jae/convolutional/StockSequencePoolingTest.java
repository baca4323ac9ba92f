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
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.dense.FastLayers;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Pooling and upsampling of sequences beside the stock layers: the same numbers, up to rounding. */
@Tag("slow")
class StockSequencePoolingTest {

    /** As many channels as the kernels copy at once, and more. */
    private static final int MANY_CHANNELS = 17;

    private static Stream<Named<Supplier<Layer>>> named(Map<String, Supplier<Layer>> layers) {
        return layers.entrySet().stream().map(layer -> Named.of(layer.getKey(), layer.getValue()));
    }

    private static Subsampling1DLayer.Builder pool(PoolingType type, int kernel, int stride) {
        return new Subsampling1DLayer.Builder(type, kernel, stride).pnorm(3);
    }

    private static Layer same(PoolingType type, int kernel, int stride) {
        return pool(type, kernel, stride).convolutionMode(ConvolutionMode.Same).build();
    }

    private static Layer dilated(Subsampling1DLayer layer, int dilation) {
        layer.setDilation(new int[] {dilation, 1});
        return layer;
    }

    /** Sums, padding and the mode Causal are left out: the stock layer throws, or sees later steps. */
    static Stream<Named<Supplier<Layer>>> poolings() {
        Map<String, Supplier<Layer>> layers = new TreeMap<>();
        for (PoolingType type : new PoolingType[] {PoolingType.MAX, PoolingType.AVG, PoolingType.PNORM}) {
            layers.put(type + " 2", () -> pool(type, 2, 1).build());
            layers.put(type + " 2, stride 2", () -> pool(type, 2, 2).build());
            layers.put(type + " 3, overlapping", () -> pool(type, 3, 2).build());
            layers.put(type + " 1, stride 3", () -> pool(type, 1, 3).build());
            layers.put(type + " the whole sequence", () -> pool(type, STEPS, 1).build());
            layers.put(type + " strict", () -> pool(type, 3, 2)
                    .convolutionMode(ConvolutionMode.Strict)
                    .build());
            layers.put(type + " dilation 2", () -> dilated(pool(type, 3, 1).build(), 2));
            layers.put(
                    type + " dilation 3, stride 2",
                    () -> dilated(pool(type, 2, 2).build(), 3));
            layers.put(type + " same", () -> same(type, 3, 1));
            layers.put(type + " same, even kernel", () -> same(type, 4, 1));
            layers.put(type + " same, stride 2", () -> same(type, 3, 2));
            layers.put(type + " same, stride above the kernel", () -> same(type, 2, 5));
            layers.put(type + " same, kernel above the sequence", () -> same(type, STEPS + 4, 2));
        }
        layers.put("AVG with padding in the divisor", () -> pool(PoolingType.AVG, 3, 2)
                .avgPoolIncludePadInDivisor(true)
                .convolutionMode(ConvolutionMode.Same)
                .build());
        layers.put("PNORM of 1", () -> pool(PoolingType.PNORM, 3, 2).pnorm(1).build());
        layers.put("PNORM of 2", () -> pool(PoolingType.PNORM, 3, 2).pnorm(2).build());
        return named(layers);
    }

    static Stream<Named<Supplier<Layer>>> upsamplings() {
        Map<String, Supplier<Layer>> layers = new TreeMap<>();
        layers.put("1", () -> new Upsampling1D.Builder(1).build());
        layers.put("2", () -> new Upsampling1D.Builder(2).build());
        layers.put("5", () -> new Upsampling1D.Builder(5).build());
        return named(layers);
    }

    private static Layer convolution(int filters) {
        return new Convolution1DLayer.Builder(2)
                .nOut(filters)
                .activation(Activation.TANH)
                .convolutionMode(ConvolutionMode.Same)
                .build();
    }

    private static void requireNumbers(int examples, int channels, Layer... layers) {
        MultiLayerConfiguration configuration =
                configuration(base(), sequences(channels, STEPS, RNNFormat.NCW), RNNFormat.NCW, layers);
        requireStockNumbers(configuration, data(configuration, examples, channels, STEPS, RNNFormat.NCW));
    }

    @ParameterizedTest
    @MethodSource({"poolings", "upsamplings"})
    void numbers_betweenConvolutions_areTheStockOnes(Supplier<Layer> layer) {
        requireNumbers(EXAMPLES, CHANNELS, convolution(4), layer.get(), convolution(2));
    }

    @ParameterizedTest
    @MethodSource({"poolings", "upsamplings"})
    void numbers_ofFeatures_areTheStockOnes(Supplier<Layer> layer) {
        requireNumbers(EXAMPLES, CHANNELS, layer.get());
    }

    @ParameterizedTest
    @MethodSource({"poolings", "upsamplings"})
    void numbers_ofOneChannel_areTheStockOnes(Supplier<Layer> layer) {
        requireNumbers(1, 1, layer.get());
    }

    /** Several blocks on several threads, and steps that are copied, not gathered. */
    @ParameterizedTest
    @MethodSource({"poolings", "upsamplings"})
    void numbers_ofManyChannels_areTheStockOnes(Supplier<Layer> layer) {
        requireNumbers(400, MANY_CHANNELS, convolution(MANY_CHANNELS), layer.get());
    }

    /** Other types take other loops. */
    @ParameterizedTest
    @MethodSource({"poolings", "upsamplings"})
    void numbers_inFloat64_areTheStockOnes(Supplier<Layer> layer) {
        MultiLayerConfiguration configuration = configuration(
                base().dataType(DataType.DOUBLE),
                sequences(CHANNELS, STEPS, RNNFormat.NCW),
                RNNFormat.NCW,
                convolution(4),
                layer.get());
        DataSet data = data(configuration);

        requireStockNumbers(
                configuration,
                new DataSet(
                        data.getFeatures().castTo(DataType.DOUBLE),
                        data.getLabels().castTo(DataType.DOUBLE)));
    }

    @ParameterizedTest
    @MethodSource("poolings")
    void numbersOfPooling_withMasks_areTheStockOnes(Supplier<Layer> layer) {
        MultiLayerConfiguration configuration = configuration(convolution(4), layer.get());
        DataSet data = data(configuration);
        data.setFeaturesMaskArray(raggedMask(DataType.FLOAT));

        requireStockNumbers(configuration, data);
    }

    @ParameterizedTest
    @MethodSource("poolings")
    void maskSetOnPooling_hasTheStockEffect(Supplier<Layer> layer) {
        MultiLayerConfiguration configuration = configuration(layer.get());
        DataSet data = data(configuration);

        assertThat(passes(initialized(FastLayers.convert(configuration)), data))
                .isEqualTo(passes(initialized(configuration), data));
    }

    private static Map<String, INDArray> passes(MultiLayerNetwork network, DataSet data) {
        org.deeplearning4j.nn.api.Layer layer = network.getLayer(0);
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
        layer.setInput(data.getFeatures().dup(), workspaces);
        layer.setMaskArray(raggedMask(DataType.FLOAT));
        INDArray y = layer.activate(true, workspaces).dup('c');
        INDArray below =
                layer.backpropGradient(y.add(1), workspaces).getSecond().dup('c');
        return Map.of("y", rounded(y), "below", rounded(below));
    }

    private static INDArray rounded(INDArray values) {
        return org.nd4j.linalg.factory.Nd4j.math().floor(values.mul(1000).add(0.5));
    }

    /** The stock layer can compute NWC, but not train with it. */
    @ParameterizedTest
    @MethodSource("poolings")
    void outputOfPooling_withChannelsLast_isTheStockOne(Supplier<Layer> layer) {
        MultiLayerConfiguration configuration =
                configuration(base(), sequences(CHANNELS, STEPS, RNNFormat.NWC), RNNFormat.NWC, layer.get());
        MultiLayerNetwork stock = initialized(configuration);
        DataSet data = data(configuration, EXAMPLES, CHANNELS, STEPS, RNNFormat.NWC);

        ImageNetworks.requireClose(
                FastLayers.convert(stock).output(data.getFeatures()),
                stock.output(data.getFeatures()),
                ImageNetworks.ROUNDING);
        assertThatThrownBy(() -> stock.fit(data)).isInstanceOf(RuntimeException.class);
    }

    @ParameterizedTest
    @MethodSource("poolings")
    void trainingOfPooling_withChannelsLast_isThatOfChannelsFirst(Supplier<Layer> layer) {
        MultiLayerConfiguration first = configuration(convolution(4), layer.get());
        MultiLayerNetwork expected = initialized(FastLayers.convert(first));
        MultiLayerNetwork found = initialized(FastLayers.convert(configuration(
                base(), sequences(CHANNELS, STEPS, RNNFormat.NWC), RNNFormat.NWC, convolution(4), layer.get())));
        DataSet data = data(first);

        ImageNetworks.fit(expected, data, 3);
        ImageNetworks.fit(
                found,
                new DataSet(inFormat(data.getFeatures(), RNNFormat.NWC), inFormat(data.getLabels(), RNNFormat.NWC)),
                3);

        ImageNetworks.requireClose(found.params(), expected.params(), ImageNetworks.ROUNDING);
    }

    @Test
    void upsampling_withDropout_trainsAsTheStockLayer() {
        MultiLayerConfiguration configuration = configuration(
                new Upsampling1D.Builder(2).dropOut(new Dropout(0.6)).build());

        ImageNetworks.requireStockTraining(configuration, data(configuration));
    }

    /** A network that goes down and up again: its layers hand sequences on without a copy. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 33})
    void numbers_ofAnAutoencoder_areTheStockOnes(int channels) {
        requireNumbers(
                64,
                channels,
                convolution(8),
                pool(PoolingType.MAX, 2, 2).build(),
                convolution(6),
                new Upsampling1D.Builder(2).build(),
                convolution(channels));
    }
}
