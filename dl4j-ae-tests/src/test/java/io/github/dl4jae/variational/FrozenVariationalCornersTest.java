package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.variational.SmallModels.LATENTS;
import static io.github.dl4jae.variational.SmallModels.examples;
import static io.github.dl4jae.variational.SmallModels.layers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.likelihood.LossBernoulli;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Variational models of networks whose latent layer is frozen. */
@Tag("slow")
class FrozenVariationalCornersTest {

    private static MultiLayerNetwork stack() {
        MultiLayerNetwork network = initialized(
                layers(DataType.FLOAT, new Adam(0.01), new GaussianLatentLayer.Builder(), new LossBernoulli()));
        INDArray x = examples(DataType.FLOAT, 6);
        for (int i = 0; i < 5; i++) {
            network.fit(x, x);
        }
        return network;
    }

    private static ComputationGraph graph() {
        ComputationGraph graph = SmallModels.graph(
                DataType.FLOAT,
                new Adam(0.01),
                new GaussianLatentLayer.Builder(),
                new OutputLayer.Builder(new LossBernoulli()));
        INDArray[] x = {examples(DataType.FLOAT, 6)};
        for (int i = 0; i < 5; i++) {
            graph.fit(x, x);
        }
        return graph;
    }

    private static void requireSame(VariationalModel found, VariationalModel expected) {
        INDArray x = examples(DataType.FLOAT, 6);
        assertThat(found.latents()).isEqualTo(LATENTS);
        assertThatArray(found.encode(x)).isEqualTo(expected.encode(x));
        assertThatArray(found.reconstruct(x)).isEqualTo(expected.reconstruct(x));
        assertThatArray(found.samplePrior(4, 7)).isEqualTo(expected.samplePrior(4, 7));
        assertThat(found.posterior(x).mean())
                .containsExactly(expected.posterior(x).mean(), within(1e-9));
        assertThat(found.posterior(x).logVariance())
                .containsExactly(expected.posterior(x).logVariance(), within(1e-9));
        INDArray codes = Nd4j.linspace(DataType.FLOAT, -1, 0.1, 6L * LATENTS).reshape(6, LATENTS);
        assertThat(found.logLikelihood(x, codes)).containsExactly(expected.logLikelihood(x, codes), within(1e-6));
    }

    @Test
    void stack_frozenUpToItsLatents_isTheSameModel(@TempDir Path directory) throws IOException {
        MultiLayerNetwork network = stack();
        VariationalModel expected = VariationalModel.of(network, "z");
        MultiLayerNetwork frozen =
                new TransferLearning.Builder(network).setFeatureExtractor(1).build();
        requireSame(VariationalModel.of(frozen, "z"), expected);

        File file = directory.resolve("frozen.zip").toFile();
        ModelSerializer.writeModel(frozen, file, true);
        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file);
        requireSame(VariationalModel.of(restored, "z"), expected);
        assertThatThrownBy(() -> VariationalModel.of(restored, "zz"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("z");
    }

    @Test
    void graph_frozenUpToItsLatents_isTheSameModel(@TempDir Path directory) throws IOException {
        ComputationGraph graph = graph();
        VariationalModel expected = VariationalModel.of(graph, "z");
        ComputationGraph frozen = new TransferLearning.GraphBuilder(graph)
                .setFeatureExtractor("z")
                .build();
        requireSame(VariationalModel.of(frozen, "z"), expected);

        File file = directory.resolve("frozen.zip").toFile();
        ModelSerializer.writeModel(frozen, file, true);
        requireSame(VariationalModel.of(ModelSerializer.restoreComputationGraph(file), "z"), expected);
    }
}
