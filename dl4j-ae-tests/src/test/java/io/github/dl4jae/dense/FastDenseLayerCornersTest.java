package io.github.dl4jae.dense;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.dl4jae.sparse.TopKLayer;
import io.github.dl4jae.testing.StockLayers;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.profiler.ProfilerConfig;

/** What follows a fast layer, and what comes before it. */
class FastDenseLayerCornersTest {

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.1));
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(new LossMSE())
                .nOut(2)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static DataSet data() {
        Nd4j.getRandom().setSeed(7);
        return new DataSet(Nd4j.randn(DataType.FLOAT, 4, 6), Nd4j.rand(DataType.FLOAT, 4, 2));
    }

    /** As after a stock layer, the list builder takes nIn of the first layer for the input type. */
    @Test
    void layersBehind_inAStackWithoutInputType_inferNIn() {
        MultiLayerNetwork network = initialized(base().list()
                .layer(new FastDenseLayer.Builder().nIn(6).nOut(5).build())
                .layer(new DenseLayer.Builder().nOut(4).build())
                .layer(new BatchNormalization())
                .layer(new TopKLayer.Builder().k(2).build())
                .layer(new FastDenseLayer.Builder().nOut(3).build())
                .layer(output()));

        assertThat(network.getLayer(1).getParam("W").shape()).containsExactly(5, 4);
        assertThat(network.getLayer(2).getParam("gamma").length()).isEqualTo(4);
        assertThat(network.getLayer(4).getParam("W").shape()).containsExactly(4, 3);
        assertThat(network.getLayer(5).getParam("W").shape()).containsExactly(3, 2);
        network.fit(data());
        assertThat(network.score()).isFinite();
    }

    @Test
    void stack_withAFastLayerFirst_hasTheConfigurationOfOneWithAStockLayer() {
        MultiLayerConfiguration fast = base().list()
                .layer(new FastDenseLayer.Builder().nIn(6).nOut(5).build())
                .layer(new BatchNormalization())
                .layer(output())
                .build();
        MultiLayerConfiguration stock = base().list()
                .layer(new DenseLayer.Builder().nIn(6).nOut(5).build())
                .layer(new BatchNormalization())
                .layer(output())
                .build();
        assertThat(fast.getConf(1).getLayer()).isEqualTo(stock.getConf(1).getLayer());
        assertThat(fast.getConf(2).getLayer()).isEqualTo(stock.getConf(2).getLayer());
        assertThat(MultiLayerConfiguration.fromJson(fast.toJson())).isEqualTo(fast);
        assertThat(fast.getConf(0).getLayer()).isNotEqualTo(stock.getConf(0).getLayer());
        assertThat(stock.getConf(0).getLayer()).isNotEqualTo(fast.getConf(0).getLayer());
    }

    @Test
    void inputGradientTurnedOff_trainsUnderTheCheckForNaN() {
        MultiLayerNetwork[] networks = new MultiLayerNetwork[2];
        for (int i = 0; i < 2; i++) {
            networks[i] = new MultiLayerNetwork(base().list()
                    .layer(new FastDenseLayer.Builder()
                            .nIn(6)
                            .nOut(5)
                            .dropOut(0.8)
                            .inputGradient(i == 0)
                            .activation(Activation.RELU)
                            .build())
                    .layer(output())
                    .setInputType(InputType.feedForward(6))
                    .build());
            networks[i].init();
        }
        Nd4j.getExecutioner()
                .setProfilingConfig(ProfilerConfig.builder().checkForNAN(true).build());
        for (MultiLayerNetwork network : networks) {
            DataSet data = data();
            for (int step = 0; step < 3; step++) {
                Nd4j.getRandom().setSeed(100 + step);
                network.fit(data);
            }
        }
        assertThatArray(networks[1].params()).isEqualTo(networks[0].params());
        INDArray below = networks[1]
                .calculateGradients(data().getFeatures(), data().getLabels(), null, null)
                .getSecond();
        assertThatArray(below).isEqualTo(Nd4j.zeros(DataType.FLOAT, 4, 6));
    }

    @Test
    void inputGradientTurnedOff_inAGraph_trainsUnderTheCheckForNaN() {
        ComputationGraph graph = initialized(base().graphBuilder()
                .addInputs("in")
                .addLayer("first", new FastDenseLayer.Builder().nIn(6).nOut(5).build(), "in")
                .addLayer(
                        "second",
                        new FastDenseLayer.Builder()
                                .nIn(5)
                                .nOut(5)
                                .inputGradient(false)
                                .build(),
                        "first")
                .addLayer("out", StockLayers.output(new LossMSE(), 5, 2, Activation.IDENTITY), "second")
                .setOutputs("out"));
        INDArray first = graph.getLayer("first").params().dup();
        Nd4j.getExecutioner()
                .setProfilingConfig(ProfilerConfig.builder().checkForNAN(true).build());
        graph.fit(data());
        assertThat(graph.getLayer("first").params()).isNotEqualTo(first);
        assertThat(graph.getLayer("first").params().isNaN().any()).isFalse();
    }

    @Test
    void inputGradientTurnedOff_onALaterLayer_isRefused() {
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(new DenseLayer.Builder().nIn(6).nOut(5).build())
                .layer(new FastDenseLayer.Builder()
                        .name("code")
                        .nIn(5)
                        .nOut(5)
                        .inputGradient(false)
                        .build())
                .layer(output())
                .build());
        assertThatThrownBy(network::init)
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("FastDenseLayer")
                .hasMessageContaining("'code'")
                .hasMessageContaining("inputGradient(false) is for the first layer of a network, got it on layer 1");
    }

    static Stream<Arguments> layersOnFiveValues() {
        FastDenseLayer.Builder code =
                new FastDenseLayer.Builder().name("code").nIn(4).nOut(3);
        FastOutputLayer output =
                new FastOutputLayer.Builder(new LossMSE()).nIn(3).nOut(2).build();
        return Stream.of(
                arguments(named("dense", List.of(code.build(), output)), "'code'", 4),
                arguments(named("output", List.of(output)), "FastOutputLayer", 3));
    }

    @ParameterizedTest
    @MethodSource("layersOnFiveValues")
    void inputOfTheWrongWidth_isToldByTheLayerBelow(List<Layer> layers, String subject, int wanted) {
        NeuralNetConfiguration.ListBuilder list = base().list()
                .overrideNinUponBuild(false)
                .layer(new DenseLayer.Builder().nIn(6).nOut(5).build());
        layers.forEach(list::layer);
        MultiLayerNetwork network = initialized(list);

        assertThatThrownBy(() -> network.output(data().getFeatures()))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining(subject)
                .hasMessageContaining("the input must have the shape [batch, " + wanted + "], got [4, 5]")
                .hasMessageContaining("the layer below (number 0) outputs 5 values, so set nIn to 5 or"
                        + " change that layer's nOut to " + wanted);
    }

    @Test
    void featuresOfTheWrongWidth_areToldFromALayerBelow() {
        MultiLayerNetwork network = initialized(base().list()
                .layer(new FastDenseLayer.Builder().nIn(7).nOut(3).build())
                .layer(output())
                .setInputType(InputType.feedForward(7)));
        assertThatThrownBy(() -> network.output(data().getFeatures()))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("the features have 6 values, so set nIn to 6 or change the features");
    }
}
