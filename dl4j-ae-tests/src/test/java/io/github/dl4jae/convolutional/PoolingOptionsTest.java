package io.github.dl4jae.convolutional;

import static io.github.dl4jae.convolutional.ImageNetworks.EXAMPLES;
import static io.github.dl4jae.convolutional.ImageNetworks.ROUNDING;
import static io.github.dl4jae.convolutional.ImageNetworks.base;
import static io.github.dl4jae.convolutional.ImageNetworks.configuration;
import static io.github.dl4jae.convolutional.ImageNetworks.data;
import static io.github.dl4jae.convolutional.ImageNetworks.images;
import static io.github.dl4jae.convolutional.ImageNetworks.requireClose;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.fit;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StoredOptions.assertSurviveJsonYamlAndClone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.dl4jae.dense.FastLayers;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Options, configurations, conversion and errors of pooling, upsampling and batch normalization. */
class PoolingOptionsTest {

    private static final int CHANNELS = 2;
    private static final InputType IMAGES = images(CHANNELS, CNN2DFormat.NCHW);

    private static MultiLayerConfiguration networkOf(Layer layer) {
        return base().list().layer(layer).build();
    }

    static Stream<Arguments> fastAndStock() {
        return Stream.of(
                arguments(
                        named("pooling", new FastSubsamplingLayer.Builder().build()),
                        new SubsamplingLayer.Builder().build()),
                arguments(
                        named(
                                "pooling with options",
                                new FastSubsamplingLayer.Builder(PoolingType.PNORM, 3, 2)
                                        .stride(2, 1)
                                        .padding(1, 0)
                                        .dilation(1, 2)
                                        .pnorm(4)
                                        .eps(1e-3)
                                        .avgPoolIncludePadInDivisor(true)
                                        .dataFormat(CNN2DFormat.NHWC)
                                        .name("pool")
                                        .build()),
                        new SubsamplingLayer.Builder(PoolingType.PNORM)
                                .kernelSize(3, 2)
                                .stride(2, 1)
                                .padding(1, 0)
                                .dilation(1, 2)
                                .pnorm(4)
                                .eps(1e-3)
                                .avgPoolIncludePadInDivisor(true)
                                .dataFormat(CNN2DFormat.NHWC)
                                .name("pool")
                                .build()),
                arguments(
                        named(
                                "same",
                                new FastSubsamplingLayer.Builder(2, 2)
                                        .convolutionMode(ConvolutionMode.Same)
                                        .build()),
                        new SubsamplingLayer.Builder(2, 2)
                                .convolutionMode(ConvolutionMode.Same)
                                .build()),
                arguments(
                        named("upsampling", new FastUpsamplingLayer.Builder(3).build()),
                        new Upsampling2D.Builder(3).build()),
                arguments(
                        named(
                                "upsampling with options",
                                new FastUpsamplingLayer.Builder(2, 1)
                                        .dataFormat(CNN2DFormat.NHWC)
                                        .dropOut(new Dropout(0.5))
                                        .name("up")
                                        .build()),
                        new Upsampling2D.Builder()
                                .size(new int[] {2, 1})
                                .dataFormat(CNN2DFormat.NHWC)
                                .dropOut(new Dropout(0.5))
                                .name("up")
                                .build()),
                arguments(
                        named(
                                "activation",
                                new FastActivationLayer.Builder()
                                        .activation(Activation.RELU)
                                        .name("act")
                                        .build()),
                        new ActivationLayer.Builder()
                                .activation(Activation.RELU)
                                .name("act")
                                .build()),
                arguments(
                        named("activation of the network", new FastActivationLayer.Builder().build()),
                        new ActivationLayer.Builder().build()),
                arguments(
                        named(
                                "normalization",
                                new FastBatchNormalizationLayer.Builder()
                                        .nOut(3)
                                        .build()),
                        new BatchNormalization.Builder().nOut(3).build()),
                arguments(
                        named(
                                "normalization with options",
                                new FastBatchNormalizationLayer.Builder()
                                        .nOut(3)
                                        .decay(0.8)
                                        .eps(0.01)
                                        .gamma(2)
                                        .beta(1)
                                        .lockGammaBeta(true)
                                        .minibatch(false)
                                        .useLogStd(false)
                                        .dataFormat(CNN2DFormat.NHWC)
                                        .build()),
                        new BatchNormalization.Builder()
                                .nOut(3)
                                .decay(0.8)
                                .eps(0.01)
                                .gamma(2)
                                .beta(1)
                                .lockGammaBeta(true)
                                .minibatch(false)
                                .useLogStd(false)
                                .dataFormat(CNN2DFormat.NHWC)
                                .build()));
    }

    @ParameterizedTest
    @MethodSource("fastAndStock")
    void options_areThoseOfTheConvertedStockLayer(Layer fast, Layer stock) {
        assertThat(networkOf(fast)).isEqualTo(FastLayers.convert(networkOf(stock)));
    }

    /** Before a network is initialized, Deeplearning4j's JSON forgets {@code useLogStd(false)}. */
    @ParameterizedTest
    @MethodSource("fastAndStock")
    void options_surviveJsonYamlAndClone(Layer layer, Layer stock) {
        Layer kept = assertSurviveJsonYamlAndClone(initialized(networkOf(layer)).getLayerWiseConfigurations());

        assertThat(kept).isNotEqualTo(stock);
        assertThat(stock).isNotEqualTo(kept);
    }

    private static MultiLayerConfiguration stock() {
        return configuration(
                base().activation(Activation.TANH),
                IMAGES,
                new SubsamplingLayer.Builder(2, 2).stride(2, 2).build(),
                new BatchNormalization(),
                new Upsampling2D.Builder(2).build());
    }

    @Test
    void network_isConvertedAndKeepsItsNumbers() {
        MultiLayerNetwork stock = initialized(stock());
        DataSet data = data(IMAGES, EXAMPLES);
        fit(stock, data, 2);

        MultiLayerNetwork fast = FastLayers.convert(stock);

        assertThat(fast.getLayer(0)).isInstanceOf(FastSubsamplingLayerImpl.class);
        assertThat(fast.getLayer(1)).isInstanceOf(FastBatchNormalizationLayerImpl.class);
        assertThat(fast.getLayer(2)).isInstanceOf(FastUpsamplingLayerImpl.class);
        assertThatArray(fast.params()).isEqualTo(stock.params());
        fit(stock, data, 2);
        fit(fast, data, 2);
        requireClose(fast.params(), stock.params(), ROUNDING);
        assertThat(FastLayers.convert(fast.getLayerWiseConfigurations())).isEqualTo(fast.getLayerWiseConfigurations());
    }

    @Test
    void graph_isConvertedAndKeepsItsNumbers() {
        ComputationGraph stock = initialized(stock()).toComputationGraph();
        DataSet data = data(IMAGES, EXAMPLES);
        fit(stock, data, 2);

        ComputationGraph fast = FastLayers.convert(stock);

        fit(stock, data, 2);
        fit(fast, data, 2);
        requireClose(fast.params(), stock.params(), ROUNDING);
    }

    /** Networks share the pool of threads. */
    @Test
    void networks_trainedAtTheSameTime_giveTheNumbersOfOneAlone() {
        InputType input = InputType.convolutional(20, 18, CHANNELS);
        MultiLayerNetwork network = FastLayers.convert(initialized(configuration(
                input,
                new SubsamplingLayer.Builder(2, 2).stride(2, 2).build(),
                new BatchNormalization(),
                new Upsampling2D.Builder(2).build())));
        DataSet data = data(input, 64);
        List<MultiLayerNetwork> clones =
                Stream.generate(network::clone).limit(4).toList();
        fit(network, data, 3);

        clones.parallelStream().forEach(clone -> fit(clone, data, 3));

        assertThat(clones).allSatisfy(clone -> requireClose(clone.params(), network.params(), 1e-6));
    }

    static Stream<Arguments> layersAndInputsThatDoNotFit() {
        List<Layer> layers = List.of(
                new FastSubsamplingLayer.Builder(2, 2).name("code").build(),
                new FastUpsamplingLayer.Builder(2).name("code").build(),
                new FastBatchNormalizationLayer.Builder()
                        .nOut(CHANNELS)
                        .name("code")
                        .build());
        return layers.stream().flatMap(layer -> Stream.of(arguments(layer, new long[] {3, 4, 5})));
    }

    @ParameterizedTest
    @MethodSource("layersAndInputsThatDoNotFit")
    void input_ofAnotherShape_isRefused(Layer layer, long[] shape) {
        MultiLayerNetwork network = initialized(networkOf(layer));

        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, shape)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining(layer.getClass().getSimpleName() + " 'code': the input must")
                .hasMessageContaining("[3, 4, 5]; set the network's input type");
    }

    @Test
    void channels_ofAnotherNumber_areRefused() {
        MultiLayerNetwork network = initialized(
                networkOf(new FastBatchNormalizationLayer.Builder().nOut(3).build()));

        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, 4, 2)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining(
                        "the input must have the shape [batch, 3] or [batch, 3, height, width], got [4, 2]");
    }

    @Test
    void windows_outsideTheImage_areRefused() {
        MultiLayerNetwork network = initialized(
                networkOf(new FastSubsamplingLayer.Builder(2, 2).padding(2, 2).build()));

        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, 1, 1, 4, 4)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("every window must contain a pixel, got padding [2, 2] with kernel [2, 2]");
    }

    @Test
    void kernel_aboveTheImage_isRefused() {
        MultiLayerNetwork network = initialized(networkOf(new FastSubsamplingLayer.Builder(4, 4).build()));

        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, 1, 1, 3, 3)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("kernel");
    }

    @Test
    void optionsThatPoolingCannotUse_areRefused() {
        assertThatThrownBy(() ->
                        new FastSubsamplingLayer.Builder(2, 2).dropOut(0.5).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FastSubsamplingLayer: dropOut must not be set");
        assertThatThrownBy(() -> new FastSubsamplingLayer.Builder(PoolingType.PNORM, 2, 2).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("FastSubsamplingLayer: pnorm must be above 0 for p-norm pooling, got 0; 2 is usual");
        assertThatThrownBy(() -> new FastSubsamplingLayer.Builder((PoolingType) null, 2, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("poolingType must be given");
        assertThatThrownBy(() -> new FastSubsamplingLayer.Builder(2, 2).convolutionMode(ConvolutionMode.Causal))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Causal");
    }

    static Stream<int[]> sizesThatDoNotFit() {
        return Stream.of(new int[0], new int[] {0}, new int[] {2, -1}, new int[] {2, 2, 2});
    }

    @ParameterizedTest
    @MethodSource("sizesThatDoNotFit")
    void sizesOfUpsampling_thatDoNotFit_areRefused(int[] size) {
        assertThatThrownBy(() -> new FastUpsamplingLayer.Builder(size))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FastUpsamplingLayer: size must be one or two numbers above 0");
    }

    @Test
    void optionsThatNormalizationCannotUse_areRefused() {
        assertThatThrownBy(() -> new FastBatchNormalizationLayer.Builder().decay(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("FastBatchNormalizationLayer: decay must be at least 0 and below 1, got 1.0; 0.9 is usual");
        assertThatThrownBy(() -> new FastBatchNormalizationLayer.Builder().eps(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("eps must be above 0");
        assertThatThrownBy(() -> new FastBatchNormalizationLayer.Builder()
                        .activation(Activation.RELU)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FastBatchNormalizationLayer: activation must not be set");
        assertThatThrownBy(() ->
                        new FastBatchNormalizationLayer.Builder().dropOut(0.5).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FastBatchNormalizationLayer: dropOut must not be set");
    }

    @Test
    void optionsThatAnActivationCannotUse_areRefused() {
        assertThatThrownBy(() -> new FastActivationLayer.Builder().dropOut(0.5).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FastActivationLayer: dropOut must not be set");
        assertThatThrownBy(() -> new FastActivationLayer.Builder().activation((Activation) null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FastActivationLayer: activation must be given");
    }

    @Test
    void normalization_withoutSize_isRefused() {
        MultiLayerNetwork network = new MultiLayerNetwork(
                networkOf(new FastBatchNormalizationLayer.Builder().name("code").build()));

        assertThatThrownBy(network::init)
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessage("FastBatchNormalizationLayer 'code': nOut must be above 0, got 0; set it on the builder, or"
                        + " the input type on the network");
    }

    @Test
    void normalizationOfVideos_isRefused() {
        assertThatThrownBy(() -> base().list()
                        .layer(new FastBatchNormalizationLayer.Builder()
                                .name("code")
                                .build())
                        .setInputType(InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 3, 3, 3, 2))
                        .build())
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("'code': the input must be features or images");
    }

    /** Images of any number and size follow one another. */
    @Test
    void images_ofChangingNumberAndSize_arePooled() {
        MultiLayerNetwork network = initialized(
                networkOf(new FastSubsamplingLayer.Builder(2, 2).stride(2, 2).build()));

        assertThat(Stream.of(8, 5, 8).map(side -> network.output(Nd4j.ones(DataType.FLOAT, side, 3, side, side))))
                .allSatisfy(output -> assertThatArray(output).isEqualTo(Nd4j.onesLike(output)))
                .extracting(output -> output.size(2))
                .containsExactly(4L, 2L, 4L);
    }
}
