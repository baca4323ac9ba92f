package io.github.dl4jae.dense;

import static io.github.dl4jae.dense.SmallNetworks.IN;
import static io.github.dl4jae.dense.SmallNetworks.configuration;
import static io.github.dl4jae.dense.SmallNetworks.data;
import static io.github.dl4jae.dense.SmallNetworks.dense;
import static io.github.dl4jae.dense.SmallNetworks.fit;
import static io.github.dl4jae.dense.SmallNetworks.graph;
import static io.github.dl4jae.dense.SmallNetworks.output;
import static io.github.dl4jae.dense.SmallNetworks.requireClose;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The conversion of configurations and of trained networks. */
class FastLayersTest {

    @Test
    void graph_withBranches_givesTheStockNumbersAndConvertsWhileTrained() {
        ComputationGraph stock = new ComputationGraph(graph());
        stock.init();
        DataSet data = data(DataType.FLOAT, 8);
        MultiDataSet both = new MultiDataSet(data.getFeatures(), data.getLabels());
        for (int step = 0; step < 3; step++) {
            stock.fit(both);
        }
        ComputationGraph fast = FastLayers.convert(stock);
        assertThat(fast.getLayer("a")).isInstanceOf(FastDenseLayerImpl.class);
        assertThat(fast.getLayer("out")).isInstanceOf(FastOutputLayerImpl.class);
        assertThat(fast.getIterationCount()).isEqualTo(3);
        for (int step = 0; step < 4; step++) {
            stock.fit(both);
            fast.fit(both);
        }
        assertThat(fast.score()).isCloseTo(stock.score(), within(1e-6));
        requireClose(fast.params(), stock.params(), 2e-6);
        requireClose(
                fast.getUpdater().getUpdaterStateViewArray(), stock.getUpdater().getUpdaterStateViewArray(), 2e-6);
    }

    @Test
    void trainedNetwork_converted_continuesAsIfNothingHadHappened() {
        MultiLayerNetwork stock =
                initialized(configuration(DataType.FLOAT, WorkspaceMode.ENABLED, dense(Activation.RELU)));
        DataSet data = data(DataType.FLOAT, 10);
        fit(stock, data, 4);

        MultiLayerNetwork fast = FastLayers.convert(stock);

        assertThatArray(fast.params()).isEqualTo(stock.params()).isNotSameAs(stock.params());
        assertThatArray(fast.getUpdater().getStateViewArray())
                .isEqualTo(stock.getUpdater().getStateViewArray());
        assertThat(fast.getIterationCount()).isEqualTo(4);
        fit(stock, data, 3);
        fit(fast, data, 3);
        requireClose(fast.params(), stock.params(), 2e-6);
        // and back: the parameters are laid out alike
        MultiLayerNetwork back = initialized(stock.getLayerWiseConfigurations().clone());
        back.setParams(fast.params());
        requireClose(back.output(data.getFeatures()), fast.output(data.getFeatures()), 1e-6);
    }

    @Test
    void conversion_swapsDenseAndOutputLayersAndLeavesTheRest() {
        MultiLayerConfiguration configuration = configuration(
                DataType.FLOAT,
                WorkspaceMode.ENABLED,
                dense(Activation.RELU)
                        .nOut(4)
                        .name("hidden")
                        .dropOut(0.5)
                        .l2(0.1)
                        .biasInit(0.25)
                        .build(),
                output(new LossMSE(), Activation.TANH.getActivationFunction()));
        String before = configuration.toJson();
        MultiLayerConfiguration converted = FastLayers.convert(configuration);

        FastDenseLayer hidden = (FastDenseLayer) converted.getConf(0).getLayer();
        DenseLayer original = (DenseLayer) configuration.getConf(0).getLayer();
        assertThat(hidden.getLayerName()).isEqualTo("hidden");
        assertThat(hidden.getIDropout()).isEqualTo(original.getIDropout()).isNotSameAs(original.getIDropout());
        assertThat(hidden.getRegularization()).isEqualTo(original.getRegularization());
        assertThat(hidden.getIUpdater()).isEqualTo(original.getIUpdater());
        assertThat(hidden.getBiasInit()).isEqualTo(0.25);
        assertThat(hidden.getNIn()).isEqualTo(IN);
        FastOutputLayer output = (FastOutputLayer) converted.getConf(2).getLayer();
        assertThat(output.getLossFn()).isEqualTo(new LossMSE());
        assertThat(configuration.toJson()).isEqualTo(before);
        assertThat(MultiLayerConfiguration.fromJson(converted.toJson())).isEqualTo(converted);
        assertThat(FastLayers.convert(converted)).isEqualTo(converted);
    }

    @Test
    void frozenLayer_isConvertedInside() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new FrozenLayer(dense(Activation.RELU).nIn(IN).nOut(4).build()))
                .layer(output(new LossMSE(), Activation.TANH.getActivationFunction()))
                .setInputType(InputType.feedForward(IN))
                .build();

        Layer frozen = FastLayers.convert(configuration).getConf(0).getLayer();

        assertThat(((FrozenLayer) frozen).getLayer()).isInstanceOf(FastDenseLayer.class);
        MultiLayerNetwork network = initialized(FastLayers.convert(configuration));
        INDArray weights = network.getLayer(0).getParam("W").dup();
        fit(network, data(DataType.FLOAT, 4), 2);
        assertThatArray(network.getLayer(0).getParam("W")).isEqualTo(weights);
    }

    @Test
    void wrappers_areConvertedInsideAndShareNothing() {
        DenseLayer inner =
                dense(Activation.TANH).nIn(4).nOut(4).dropOut(new Dropout(0.5)).build();
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new TimeDistributed(inner))
                .layer(new FrozenLayerWithBackprop(
                        dense(Activation.TANH).nIn(4).nOut(4).build()))
                .layer(new RnnOutputLayer.Builder(new LossMSE())
                        .nIn(4)
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(4, 5))
                .build();
        MultiLayerConfiguration converted = FastLayers.convert(configuration);

        TimeDistributed distributed = (TimeDistributed) converted.getConf(0).getLayer();
        assertThat(distributed.getUnderlying()).isInstanceOf(FastDenseLayer.class);
        assertThat(((FastDenseLayer) distributed.getUnderlying()).getIDropout())
                .isEqualTo(new Dropout(0.5))
                .isNotSameAs(inner.getIDropout());
        assertThat(((FrozenLayerWithBackprop) converted.getConf(1).getLayer()).getUnderlying())
                .isInstanceOf(FastDenseLayer.class);
        assertThat(((TimeDistributed) configuration.getConf(0).getLayer()).getUnderlying())
                .isInstanceOf(DenseLayer.class);
    }

    @Test
    void uninitializedNetwork_isRefused() {
        assertThatThrownBy(() -> FastLayers.convert(new MultiLayerNetwork(
                        configuration(DataType.FLOAT, WorkspaceMode.ENABLED, dense(Activation.RELU)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the network must be initialized");
        assertThatThrownBy(() -> FastLayers.convert(new ComputationGraph(graph())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the network must be initialized");
    }
}
