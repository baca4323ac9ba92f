package io.github.dl4jae.concrete;

import static io.github.dl4jae.concrete.SelectorNetworks.logits;
import static io.github.dl4jae.concrete.SelectorNetworks.network;
import static io.github.dl4jae.concrete.SelectorNetworks.selector;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.CapturedLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class SelectorCornersTest {

    @Test
    void selection_thatEndsUndecided_saysSo() {
        MultiLayerNetwork network = network(selector(), 2, 2, DataType.DOUBLE);
        logits(network, new double[][] {{Math.log(0.6), Math.log(0.1)}, {Math.log(0.4), Math.log(0.9)}});
        SelectorState undecided = SelectorState.of(network);
        assertThat(undecided).hasToString("2 of 2 features, mean-max probability 0.7500, undecided");
        assertThat(CapturedLog.of(undecided::selectedFeatures))
                .contains("selectors end undecided: mean-max probability 0.7500, below")
                .contains("train longer");

        logits(network, new double[][] {{20, 0}, {0, 20}});
        SelectorState decided = SelectorState.of(network);
        assertThat(decided.toString()).doesNotContain("undecided");
        assertThat(CapturedLog.of(decided::selectedFeatures)).doesNotContain("undecided");
    }

    private static ComputationGraph twoStripedSelectors(String first, String second) {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(5)
                .graphBuilder()
                .addInputs("x")
                .addLayer(first, striped(), "x")
                .addLayer(second, striped(), "x")
                .addVertex("both", new MergeVertex(), first, second)
                .addLayer(
                        "out",
                        new OutputLayer.Builder(new LossMSE()).nIn(6).nOut(12).build(),
                        "both")
                .setOutputs("out"));
    }

    /** But for the stripes, its logits are 0. */
    private static ConcreteSelectorLayer striped() {
        return new ConcreteSelectorLayer.Builder()
                .temperature(1)
                .initialization(SelectorInitialization.STRIPES)
                .weightInit(WeightInit.ZERO)
                .nIn(12)
                .nOut(3)
                .build();
    }

    @Test
    void stripes_ofTwoLayers_differ() {
        ComputationGraph graph = twoStripedSelectors("left", "right");
        INDArray left = graph.getLayer("left").getParam("W");
        INDArray right = graph.getLayer("right").getParam("W");

        assertThat(left).isNotEqualTo(right);
        for (INDArray stripes : new INDArray[] {left, right}) {
            INDArray wanted = stripes.gt(0).castTo(DataType.FLOAT);
            assertThat(wanted.sum(1).toFloatVector()).as("selectors per column").containsOnly(1);
            assertThat(wanted.sum(0).toFloatVector()).as("columns per selector").containsOnly(4);
        }
        assertThatArray(twoStripedSelectors("left", "right").params())
                .as("the same every time")
                .isEqualTo(graph.params());
    }

    @Test
    void configuration_survivesJavaSerialization() throws IOException, ClassNotFoundException {
        MultiLayerConfiguration configuration = network(
                        selector().duplicatePenalty(0.3, 1.5).straightThrough(true), 6, 2, DataType.FLOAT)
                .getLayerWiseConfigurations();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(configuration);
        }
        Object restored;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            restored = in.readObject();
        }

        assertThat(restored).isEqualTo(configuration);
        ConcreteSelectorLayer layer = (ConcreteSelectorLayer)
                ((MultiLayerConfiguration) restored).getConf(0).getLayer();
        assertThat(layer.duplicatePenalty()).isEqualTo(new DuplicatePenalty(0.3, 1.5));
        assertThat(((MultiLayerConfiguration) restored).toJson()).isEqualTo(configuration.toJson());
    }
}
