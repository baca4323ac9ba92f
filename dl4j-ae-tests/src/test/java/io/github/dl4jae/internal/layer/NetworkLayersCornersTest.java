package io.github.dl4jae.internal.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class NetworkLayersCornersTest {

    private static org.deeplearning4j.nn.conf.layers.DenseLayer dense(String name) {
        return new org.deeplearning4j.nn.conf.layers.DenseLayer.Builder()
                .name(name)
                .nOut(3)
                .build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(new LossMSE())
                .name("out")
                .nOut(2)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static MultiLayerNetwork stack() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(dense("a"))
                .layer(dense("b"))
                .layer(output())
                .setInputType(InputType.feedForward(4))
                .build());
        network.init();
        return network;
    }

    private static void requireNames(MultiLayerNetwork network) {
        assertThat(NetworkLayers.names(network)).containsExactly("a", "b", "out");
        for (String name : List.of("a", "b")) {
            assertThat(NetworkLayers.find(network, name))
                    .hasValueSatisfying(layer -> assertThat(layer).isExactlyInstanceOf(DenseLayer.class));
        }
        assertThat(NetworkLayers.find(network, "c")).isEmpty();
        assertThat(NetworkLayers.find(network, null)).isEmpty();
        assertThat(NetworkLayers.of(network)).noneMatch(FrozenLayer.class::isInstance);
    }

    @Test
    void layersOfAFrozenStack_areFoundByTheirNames(@TempDir Path directory) throws IOException {
        MultiLayerNetwork frozen =
                new TransferLearning.Builder(stack()).setFeatureExtractor(1).build();
        requireNames(stack());
        requireNames(frozen);
        File file = directory.resolve("frozen.zip").toFile();
        ModelSerializer.writeModel(frozen, file, true);
        requireNames(ModelSerializer.restoreMultiLayerNetwork(file));
    }

    @Test
    void layersOfAFrozenGraph_areFoundByTheirNames() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("a", dense("a"), "in")
                .addVertex("scaled", new ScaleVertex(2), "a")
                .addLayer("b", new FrozenLayerWithBackprop(dense("b")), "scaled")
                .addLayer("out", output(), "b")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(4))
                .build());
        graph.init();
        ComputationGraph frozen = new TransferLearning.GraphBuilder(graph)
                .setFeatureExtractor("a")
                .build();
        for (ComputationGraph each : List.of(graph, frozen)) {
            assertThat(NetworkLayers.names(each)).containsExactly("a", "b", "out");
            assertThat(NetworkLayers.find(each, "a"))
                    .hasValueSatisfying(layer -> assertThat(layer).isExactlyInstanceOf(DenseLayer.class));
            assertThat(NetworkLayers.find(each, "b"))
                    .hasValueSatisfying(layer -> assertThat(layer).isExactlyInstanceOf(DenseLayer.class));
            assertThat(NetworkLayers.find(each, "scaled")).isEmpty();
            assertThat(NetworkLayers.find(each, "in")).isEmpty();
            assertThat(NetworkLayers.find(each, null)).isEmpty();
        }
        assertThat(NetworkLayers.unwrapped(null)).isNull();
    }
}
