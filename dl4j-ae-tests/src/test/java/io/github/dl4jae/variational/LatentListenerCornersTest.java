package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.variational.SmallModels.examples;
import static io.github.dl4jae.variational.SmallModels.layers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.sparse.SparsityListener;
import io.github.dl4jae.sparse.SparsityReport;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** Listeners to layers that are frozen or missing. */
class LatentListenerCornersTest {

    private static MultiLayerNetwork stack() {
        return initialized(
                layers(DataType.FLOAT, new Sgd(0.01), new GaussianLatentLayer.Builder(), new LossBernoulli()));
    }

    private static MultiLayerNetwork frozen() {
        return new TransferLearning.Builder(stack()).setFeatureExtractor(1).build();
    }

    private static ComputationGraph graph() {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(11)
                .updater(new Sgd(0.01))
                .graphBuilder()
                .addInputs("x")
                .addLayer("z", new GaussianLatentLayer.Builder().nOut(3).build(), "x")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(new LossBernoulli())
                                .nOut(5)
                                .activation(Activation.SIGMOID)
                                .build(),
                        "z")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(5))
                .build());
    }

    private static INDArray x() {
        return examples(DataType.FLOAT, 6);
    }

    private static void fit(MultiLayerNetwork network) {
        network.fit(x(), x());
        network.fit(x(), x());
    }

    private static void fit(ComputationGraph graph) {
        for (int i = 0; i < 2; i++) {
            graph.fit(new INDArray[] {x()}, new INDArray[] {x()});
        }
    }

    @Test
    void frozenLatents_areReportedOn(@TempDir Path directory) throws IOException {
        List<LatentReport> reports = new ArrayList<>();
        List<SparsityReport> sparsity = new ArrayList<>();
        MultiLayerNetwork frozen = frozen();
        File file = directory.resolve("frozen.zip").toFile();
        ModelSerializer.writeModel(frozen, file, true);
        for (MultiLayerNetwork network : List.of(frozen, ModelSerializer.restoreMultiLayerNetwork(file))) {
            reports.clear();
            sparsity.clear();
            network.setListeners(
                    new LatentListener("z", 1, reports::add), new SparsityListener("z", 1, 0, sparsity::add));
            fit(network);
            assertThat(reports).hasSize(2);
            assertThat(reports.get(1).total()).isPositive();
            assertThat(reports.get(1).perLatent())
                    .containsExactly(reports.get(0).perLatent());
            assertThat(sparsity).isNotEmpty();
            assertThat(sparsity.get(0).meanActive()).isEqualTo(3);
        }
    }

    @Test
    void frozenLatentsOfAGraph_areReportedOn() {
        List<LatentReport> reports = new ArrayList<>();
        ComputationGraph frozen = new TransferLearning.GraphBuilder(graph())
                .setFeatureExtractor("z")
                .build();
        frozen.setListeners(new LatentListener("z", 1, reports::add));
        fit(frozen);
        assertThat(reports).hasSize(2);
        assertThat(reports.get(1).total()).isPositive();
    }

    @Test
    void wrongName_isAnsweredWithTheNames() {
        MultiLayerNetwork network = stack();
        network.setListeners(new LatentListener("latents", 1));
        assertThatThrownBy(() -> fit(network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("LatentListener: layer must name a GaussianLatentLayer of the network, got 'latents'; its"
                        + " layers are [layer0, z, layer2, layer3]");
        network.setListeners(new SparsityListener("latents", 1));
        assertThatThrownBy(() -> fit(network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SparsityListener: layer must name a layer of the network before its output, got 'latents';"
                        + " its layers are [layer0, z, layer2, layer3]");
        ComputationGraph graph = graph();
        graph.setListeners(new LatentListener("latents", 1));
        assertThatThrownBy(() -> fit(graph))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 'latents'; its layers are [z, out]");
        graph.setListeners(new SparsityListener("latents", 1));
        assertThatThrownBy(() -> fit(graph))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 'latents'; its layers are [z, out]");
    }
}
