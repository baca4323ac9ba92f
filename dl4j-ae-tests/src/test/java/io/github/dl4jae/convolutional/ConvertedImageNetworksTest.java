package io.github.dl4jae.convolutional;

import static io.github.dl4jae.convolutional.ImageNetworks.EXAMPLES;
import static io.github.dl4jae.convolutional.ImageNetworks.ROUNDING;
import static io.github.dl4jae.convolutional.ImageNetworks.base;
import static io.github.dl4jae.convolutional.ImageNetworks.configuration;
import static io.github.dl4jae.convolutional.ImageNetworks.data;
import static io.github.dl4jae.convolutional.ImageNetworks.features;
import static io.github.dl4jae.convolutional.ImageNetworks.images;
import static io.github.dl4jae.convolutional.ImageNetworks.requireClose;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.fit;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.convolutional.ImageNetworks.Kind;
import io.github.dl4jae.dense.FastLayers;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** {@code FastLayers.convert} on networks over images. */
class ConvertedImageNetworksTest {

    private static final int CHANNELS = 2;
    private static final InputType IMAGES = images(CHANNELS, CNN2DFormat.NCHW);

    private static ConvolutionLayer convolution(int filters) {
        return new ConvolutionLayer.Builder(3, 3)
                .nOut(filters)
                .activation(Activation.TANH)
                .build();
    }

    private static Deconvolution2D deconvolution(int filters) {
        return new Deconvolution2D.Builder(3, 3)
                .nOut(filters)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static CnnLossLayer loss() {
        return new CnnLossLayer.Builder(new LossMSE())
                .activation(Activation.SIGMOID)
                .build();
    }

    private static MultiLayerConfiguration autoencoder() {
        return base().updater(new Adam(0.01))
                .list()
                .layer(convolution(4))
                .layer(deconvolution(CHANNELS))
                .layer(loss())
                .setInputType(IMAGES)
                .build();
    }

    private static DataSet reconstruction() {
        INDArray x = features(IMAGES, EXAMPLES);
        return new DataSet(x, x);
    }

    @Test
    void configuration_ofImages_getsFastLayersWithEqualOptions() {
        MultiLayerConfiguration stock = autoencoder();
        String before = stock.toJson();

        MultiLayerConfiguration fast = FastLayers.convert(stock);

        FastConvolutionLayer convolution =
                (FastConvolutionLayer) fast.getConf(0).getLayer();
        ConvolutionLayer original = (ConvolutionLayer) stock.getConf(0).getLayer();
        assertThat(convolution.hasInputGradient()).isTrue();
        assertThat(convolution.getKernelSize()).containsExactly(3, 3);
        assertThat(convolution.getNIn()).isEqualTo(CHANNELS);
        assertThat(convolution.getNOut()).isEqualTo(4);
        assertThat(convolution.getIUpdater()).isEqualTo(original.getIUpdater());
        assertThat(fast.getConf(1).getLayer()).isInstanceOf(FastDeconvolutionLayer.class);
        FastCnnLossLayer loss = (FastCnnLossLayer) fast.getConf(2).getLayer();
        assertThat(loss.getLossFn()).isEqualTo(new LossMSE());
        assertThat(loss.getActivationFn()).isEqualTo(Activation.SIGMOID.getActivationFunction());
        assertThat(stock.toJson()).isEqualTo(before);
        assertThat(MultiLayerConfiguration.fromJson(fast.toJson())).isEqualTo(fast);
        assertThat(FastLayers.convert(fast)).isEqualTo(fast);
    }

    @Test
    void trainedNetwork_converted_continuesWithTheSameNumbers() {
        MultiLayerNetwork stock = initialized(autoencoder());
        fit(stock, reconstruction(), 3);

        MultiLayerNetwork fast = FastLayers.convert(stock);

        INDArray x = reconstruction().getFeatures();
        assertThatArray(fast.params()).isEqualTo(stock.params()).isNotSameAs(stock.params());
        assertThatArray(fast.getUpdater().getStateViewArray())
                .isEqualTo(stock.getUpdater().getStateViewArray());
        assertThat(fast.getIterationCount()).isEqualTo(3);
        requireClose(fast.output(x), stock.output(x), ROUNDING);
        fit(stock, reconstruction(), 3);
        fit(fast, reconstruction(), 3);
        requireClose(fast.params(), stock.params(), 1e-4); // Adam divides by the size of a gradient
        assertThat(fast.score()).isCloseTo(stock.score(), within(1e-4 * stock.score()));
    }

    @Test
    void trainedGraph_converted_continuesWithTheSameNumbers() {
        ComputationGraph stock = initialized(base().updater(new Adam(0.01))
                .graphBuilder()
                .addInputs("in")
                .addLayer("code", convolution(4), "in")
                .addLayer("decoder", deconvolution(CHANNELS), "code")
                .addLayer("out", loss(), "decoder")
                .setOutputs("out")
                .setInputTypes(IMAGES));
        fit(stock, reconstruction(), 3);

        ComputationGraph fast = FastLayers.convert(stock);

        assertThat(fast.getLayer("code")).isInstanceOf(FastConvolutionLayerImpl.class);
        assertThat(fast.getLayer("decoder")).isInstanceOf(FastDeconvolutionLayerImpl.class);
        assertThat(fast.getLayer("out")).isInstanceOf(FastCnnLossLayerImpl.class);
        fit(stock, reconstruction(), 3);
        fit(fast, reconstruction(), 3);
        requireClose(fast.params(), stock.params(), 1e-4); // Adam divides by the size of a gradient
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void frozenLayers_areConvertedInside(Kind kind) {
        Layer fast = kind.fast(3, 3).build();
        MultiLayerConfiguration configuration = configuration(
                IMAGES,
                new FrozenLayer(kind.stock(3, 3).nOut(4).build()),
                new FrozenLayerWithBackprop(kind.stock(2, 2).nOut(3).build()));

        MultiLayerConfiguration converted = FastLayers.convert(configuration);

        assertThat(((FrozenLayer) converted.getConf(0).getLayer()).getLayer()).hasSameClassAs(fast);
        assertThat(((FrozenLayerWithBackprop) converted.getConf(1).getLayer()).getUnderlying())
                .hasSameClassAs(fast);
        MultiLayerNetwork network = initialized(converted);
        INDArray frozen = network.getLayer(1).params().dup();
        DataSet data = data(IMAGES, EXAMPLES);
        requireClose(
                network.output(data.getFeatures()), initialized(configuration).output(data.getFeatures()), ROUNDING);
        fit(network, data, 2);
        assertThatArray(network.getLayer(1).params()).isEqualTo(frozen);
    }

    /** A subclass computes something else. */
    @Test
    void layersDerivedFromAConvolution_stay() {
        MultiLayerConfiguration configuration = configuration(
                IMAGES,
                new DepthwiseConvolution2D.Builder(3, 3).depthMultiplier(2).build());

        assertThat(FastLayers.convert(configuration).getConf(0).getLayer())
                .isExactlyInstanceOf(DepthwiseConvolution2D.class);
    }
}
