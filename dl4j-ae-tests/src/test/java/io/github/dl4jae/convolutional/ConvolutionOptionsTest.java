package io.github.dl4jae.convolutional;

import static io.github.dl4jae.convolutional.ImageNetworks.EXAMPLES;
import static io.github.dl4jae.convolutional.ImageNetworks.base;
import static io.github.dl4jae.convolutional.ImageNetworks.configuration;
import static io.github.dl4jae.convolutional.ImageNetworks.data;
import static io.github.dl4jae.convolutional.ImageNetworks.features;
import static io.github.dl4jae.convolutional.ImageNetworks.gradients;
import static io.github.dl4jae.convolutional.ImageNetworks.images;
import static io.github.dl4jae.convolutional.ImageNetworks.output;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.fit;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StoredOptions.assertSurviveJsonYamlAndClone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.convolutional.ImageNetworks.Kind;
import io.github.dl4jae.dense.FastLayers;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossGaussian;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BaseConvBuilder;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Options, configurations and errors of the layers over images. */
class ConvolutionOptionsTest {

    private static final int CHANNELS = 2;
    private static final InputType IMAGES = images(CHANNELS, CNN2DFormat.NCHW);

    static Stream<Arguments> options() {
        Map<String, UnaryOperator<BaseConvBuilder<?>>> options = new TreeMap<>();
        options.put("none", layer -> layer);
        options.put("stride and padding", layer -> layer.stride(2, 1).padding(1, 0));
        options.put("dilation", layer -> layer.dilation(2, 1));
        options.put("mode", layer -> layer.convolutionMode(ConvolutionMode.Same));
        options.put("strict mode", layer -> layer.convolutionMode(ConvolutionMode.Strict));
        options.put("no bias", layer -> layer.hasBias(false));
        options.put("name and activation", layer -> layer.name("code").activation(Activation.TANH));
        options.put("penalties", layer -> layer.l1(0.1).l2(0.2).l2Bias(0.3));
        options.put("noise", layer -> layer.dropOut(new Dropout(0.6)).weightNoise(new DropConnect(0.7)));
        options.put("constraints", layer -> layer.constrainAllParameters(new NonNegativeConstraint()));
        options.put("updater", layer -> layer.updater(new Adam(0.3)).biasUpdater(new Adam(0.4)));
        return Stream.of(Kind.values()).flatMap(kind -> options.entrySet().stream()
                .map(option -> Arguments.of(kind, Named.of(option.getKey(), option.getValue()))));
    }

    private static MultiLayerConfiguration networkOf(Layer layer) {
        return base().list().layer(layer).build();
    }

    @ParameterizedTest
    @MethodSource("options")
    void options_areThoseOfTheConvertedStockLayer(Kind kind, UnaryOperator<BaseConvBuilder<?>> option) {
        Layer fast = option.apply(kind.fast(3, 2).nIn(CHANNELS).nOut(4)).build();
        Layer stock = option.apply(kind.stock(3, 2).nIn(CHANNELS).nOut(4)).build();

        assertThat(networkOf(fast)).isEqualTo(FastLayers.convert(networkOf(stock)));
    }

    static Stream<Arguments> defaults() {
        return Stream.of(
                Arguments.of(new FastConvolutionLayer.Builder(), new ConvolutionLayer.Builder()),
                Arguments.of(new FastDeconvolutionLayer.Builder(), new Deconvolution2D.Builder()));
    }

    @ParameterizedTest
    @MethodSource("defaults")
    void defaults_areThoseOfTheStockLayer(BaseConvBuilder<?> fast, BaseConvBuilder<?> stock) {
        assertThat(networkOf(fast.nIn(CHANNELS).nOut(4).build()))
                .isEqualTo(
                        FastLayers.convert(networkOf(stock.nIn(CHANNELS).nOut(4).build())));
    }

    static Stream<Layer> layers() {
        return Stream.concat(
                Stream.of(Kind.values()).flatMap(kind -> Stream.of(true, false).map(inputGradient -> kind.fast(3, 2)
                        .inputGradient(inputGradient)
                        .dataFormat(CNN2DFormat.NHWC)
                        .stride(1, 2)
                        .hasBias(false)
                        .nIn(CHANNELS)
                        .nOut(4)
                        .build())),
                Stream.of(new FastCnnLossLayer.Builder(new LossGaussian(0.5))
                        .format(CNN2DFormat.NHWC)
                        .activation(Activation.TANH)
                        .name("loss")
                        .build()));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void options_surviveJsonYamlAndClone(Layer layer) {
        assertSurviveJsonYamlAndClone(networkOf(layer));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void inputGradient_missingInJson_isOn(Kind kind) {
        String json = networkOf(kind.fast(3, 2)
                        .inputGradient(false)
                        .nIn(CHANNELS)
                        .nOut(4)
                        .build())
                .toJson();
        String without = json.replaceAll("\"inputGradient\" : false,?", "");

        assertThat(without).isNotEqualTo(json);
        assertThat(MultiLayerConfiguration.fromJson(without))
                .isEqualTo(networkOf(kind.fast(3, 2).nIn(CHANNELS).nOut(4).build()));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void layers_thatDiffer_areNotEqual(Kind kind) {
        Layer layer = kind.fast(3, 2).nIn(CHANNELS).nOut(4).build();

        assertThat(layer)
                .isNotEqualTo(kind.fast(3, 2)
                        .inputGradient(false)
                        .nIn(CHANNELS)
                        .nOut(4)
                        .build())
                .isNotEqualTo(kind.fast(2, 3).nIn(CHANNELS).nOut(4).build())
                .isNotEqualTo(kind.stock(3, 2).nIn(CHANNELS).nOut(4).build());
        assertThat((Layer) kind.stock(3, 2).nIn(CHANNELS).nOut(4).build()).isNotEqualTo(layer);
    }

    @Test
    void losses_thatDiffer_areNotEqual() {
        FastCnnLossLayer layer = new FastCnnLossLayer.Builder(new LossBernoulli()).build();

        assertThat(layer)
                .isEqualTo(new FastCnnLossLayer.Builder(new LossBernoulli()).build())
                .isNotEqualTo(new FastCnnLossLayer.Builder(new LossGaussian(1)).build())
                .isNotEqualTo(new FastCnnLossLayer.Builder(new LossBernoulli())
                        .format(CNN2DFormat.NHWC)
                        .build());
    }

    private static MultiLayerNetwork first(Kind kind, boolean inputGradient, CNN2DFormat format) {
        return initialized(configuration(
                images(CHANNELS, format),
                kind.fast(3, 3)
                        .inputGradient(inputGradient)
                        .nOut(4)
                        .dropOut(new Dropout(0.8))
                        .activation(Activation.TANH)
                        .build()));
    }

    static Stream<Arguments> kindsAndFormats() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(CNN2DFormat.values()).map(format -> Arguments.of(kind, format)));
    }

    @ParameterizedTest
    @MethodSource("kindsAndFormats")
    void inputGradient_turnedOff_leavesTheTrainingAsItIsAndGivesZeros(Kind kind, CNN2DFormat format) {
        MultiLayerNetwork with = first(kind, true, format);
        MultiLayerNetwork without = first(kind, false, format);
        DataSet data = data(images(CHANNELS, format), EXAMPLES);

        ImageNetworks.fit(with, data, 3);
        ImageNetworks.fit(without, data, 3);

        assertThatArray(without.params()).isEqualTo(with.params());
        INDArray below = gradients(without, data).getSecond();
        assertThatArray(below)
                .isEqualTo(Nd4j.zeros(DataType.FLOAT, data.getFeatures().shape()));
        assertThat(gradients(with, data).getSecond().amaxNumber().doubleValue()).isPositive();
    }

    static Stream<Arguments> kindsAndWorkspaces() {
        return Stream.of(Kind.values()).flatMap(kind -> Stream.of(WorkspaceMode.ENABLED, WorkspaceMode.NONE)
                .map(mode -> Arguments.of(kind, mode)));
    }

    private static ComputationGraph graph(Kind kind, WorkspaceMode workspaces, boolean inputGradient) {
        return initialized(base().trainingWorkspaceMode(workspaces)
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "first",
                        kind.fast(3, 3).inputGradient(inputGradient).nOut(4).build(),
                        "in")
                .addLayer(
                        "second",
                        kind.fast(2, 2).inputGradient(inputGradient).nOut(3).build(),
                        "first")
                .addLayer("out", output(), "second")
                .setOutputs("out")
                .setInputTypes(IMAGES));
    }

    /** A graph computes what the layer below needs. */
    @ParameterizedTest
    @MethodSource("kindsAndWorkspaces")
    void inputGradient_turnedOffInAGraph_leavesTheTrainingAsItIs(Kind kind, WorkspaceMode workspaces) {
        ComputationGraph with = graph(kind, workspaces, true);
        ComputationGraph without = graph(kind, workspaces, false);
        DataSet data = data(IMAGES, EXAMPLES);

        fit(with, data, 3);
        fit(without, data, 3);

        assertThatArray(without.params()).isEqualTo(with.params());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void inputGradient_turnedOffOnALaterLayer_isRefused(Kind kind) {
        Layer later = kind.fast(2, 2).name("code").inputGradient(false).nOut(3).build();
        MultiLayerNetwork network = new MultiLayerNetwork(
                configuration(IMAGES, kind.fast(3, 3).nOut(4).build(), later));

        assertThatThrownBy(network::init)
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessage(later.getClass().getSimpleName() + " 'code': inputGradient(false) is for the first layer of"
                        + " a network, got it on layer 1; the layers below need the gradient, so leave the option out");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void sizes_thatAreMissing_areRefused(Kind kind) {
        ConvolutionLayer layer = kind.fast(3, 3).name("code").nIn(CHANNELS).build();
        MultiLayerNetwork network = new MultiLayerNetwork(networkOf(layer));

        assertThatThrownBy(network::init)
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining(layer.getClass().getSimpleName()
                        + " 'code': nIn and nOut must be above 0, got nIn = 2, nOut = 0");
    }

    static Stream<Arguments> inputsThatDoNotFit() {
        return kindsAndFormats().flatMap(each -> Stream.of(
                        new long[] {3, CHANNELS + 1, 9, 7},
                        new long[] {3, 9, 7, CHANNELS + 1},
                        new long[] {3, CHANNELS * 9 * 7},
                        new long[] {3, CHANNELS, 9})
                .map(shape -> Arguments.of(each.get()[0], each.get()[1], shape)));
    }

    @ParameterizedTest
    @MethodSource("inputsThatDoNotFit")
    void input_ofAnotherShape_isRefused(Kind kind, CNN2DFormat format, long[] shape) {
        MultiLayerNetwork network = initialized(networkOf(kind.fast(3, 3)
                .name("code")
                .dataFormat(format)
                .nIn(CHANNELS)
                .nOut(4)
                .build()));

        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, shape)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining(" 'code': the input must have the shape "
                        + (format == CNN2DFormat.NCHW ? "[batch, 2, height, width]" : "[batch, height, width, 2]"));
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void kernel_aboveTheImage_isRefused(CNN2DFormat format) {
        MultiLayerNetwork network = initialized(networkOf(Kind.CONVOLUTION
                .fast(4, 4)
                .dataFormat(format)
                .nIn(CHANNELS)
                .nOut(4)
                .build()));
        INDArray small = features(InputType.convolutional(3, 3, CHANNELS, format), 2);

        assertThatThrownBy(() -> network.output(small))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("kernel");
    }

    /** 9 + 0 − 2 is no multiple of 2. */
    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void strictMode_onImagesThatDoNotFit_isRefused(CNN2DFormat format) {
        MultiLayerNetwork network = initialized(networkOf(Kind.CONVOLUTION
                .fast(2, 2)
                .stride(2, 2)
                .convolutionMode(ConvolutionMode.Strict)
                .dataFormat(format)
                .nIn(CHANNELS)
                .nOut(4)
                .build()));

        assertThatThrownBy(() -> network.output(features(images(CHANNELS, format), 2)))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("ConvolutionMode");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void causalMode_isRefused(Kind kind) {
        assertThatThrownBy(() -> kind.fast(2, 2).convolutionMode(ConvolutionMode.Causal))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Causal");
    }

    @Test
    void loss_null_isRefused() {
        assertThatThrownBy(() -> new FastCnnLossLayer.Builder((ILossFunction) null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("FastCnnLossLayer: lossFunction must be given, got null; LossBernoulli is usual");
    }

    @Test
    void optionsThatALossIgnores_areRefused() {
        assertThatThrownBy(() -> new FastCnnLossLayer.Builder(new LossBernoulli())
                        .dropOut(0.5)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FastCnnLossLayer: dropOut must not be set");
        assertThatThrownBy(() -> new FastCnnLossLayer.Builder(new LossBernoulli())
                        .nOut(3)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FastCnnLossLayer: nIn and nOut must not be set, got 0 and 3");
    }
}
