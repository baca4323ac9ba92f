package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.Networks.fit;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.variational.SmallModels.examples;
import static io.github.dl4jae.variational.SmallModels.layers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.schedule.LinearSchedule;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ScheduleType;

/** An annealed β in networks that are frozen, cloned, converted or restored. */
@Tag("slow")
class AnnealedBetaCornersTest {

    /** β = 2·i at iteration i, up to 10. */
    private static GaussianLatentLayer.Builder annealed() {
        return new GaussianLatentLayer.Builder().beta(new LinearSchedule(ScheduleType.ITERATION, 0, 10, 5));
    }

    private static MultiLayerNetwork stack(int iterations) {
        MultiLayerNetwork network =
                initialized(layers(DataType.DOUBLE, new Sgd(0.01), annealed(), new LossBernoulli()));
        fit(network, data(), iterations);
        return network;
    }

    private static ComputationGraph graph(int iterations) {
        ComputationGraph graph = SmallModels.graph(
                DataType.DOUBLE, new Sgd(0.01), annealed(), new FastOutputLayer.Builder(new LossBernoulli()));
        fit(graph, data(), iterations);
        return graph;
    }

    private static DataSet data() {
        INDArray x = examples(DataType.DOUBLE, 6);
        return new DataSet(x, x.dup());
    }

    /** β·KL of the last pass, which Deeplearning4j leaves out of the score of frozen layers. */
    private static double penalty(Layer layer) {
        Layer inner = layer instanceof BaseWrapperLayer wrapper ? wrapper.getUnderlying() : layer;
        return inner.calcRegularizationScore(true);
    }

    private static double penalty(MultiLayerNetwork network) {
        network.output(data().getFeatures());
        return penalty(network.getLayer(1));
    }

    private static double penalty(ComputationGraph graph, String name) {
        graph.outputSingle(data().getFeatures());
        return penalty(graph.getVertex(name).getLayer());
    }

    @Test
    void score_ofCloneAndConversion_hasTheBetaThatTrainingHadReached() {
        MultiLayerNetwork network = stack(3);
        double expected = network.score(data());
        assertThat(penalty(network)).isGreaterThan(0.1);
        assertThat(network.clone().score(data())).isCloseTo(expected, within(1e-10));
        assertThat(network.toComputationGraph().score(data())).isCloseTo(expected, within(1e-10));

        ComputationGraph graph = graph(3);
        assertThat(graph.clone().score(data())).isCloseTo(graph.score(data()), within(1e-10));
        assertThat(graph.clone().clone().score(data())).isCloseTo(graph.score(data()), within(1e-10));
    }

    @Test
    void score_ofAModelKeptInMemory_hasTheBetaThatTrainingHadReached() throws IOException {
        ComputationGraph graph = graph(3);
        InMemoryModelSaver<ComputationGraph> saver = new InMemoryModelSaver<>();
        saver.saveBestModel(graph, 1);
        double expected = graph.score(data());
        fit(graph, data(), 1);

        assertThat(saver.getBestModel().score(data())).isCloseTo(expected, within(1e-10));
    }

    @Test
    void beta_ofAFrozenLayer_standsStill(@TempDir Path directory) throws IOException {
        MultiLayerNetwork network = stack(3);
        double expected = penalty(network);
        MultiLayerNetwork frozen =
                new TransferLearning.Builder(network).setFeatureExtractor(1).build();
        assertThat(penalty(frozen)).isCloseTo(expected, within(1e-10));
        frozen.fit(data());
        assertThat(penalty(frozen)).isCloseTo(expected, within(1e-10));
        File file = directory.resolve("frozen.zip").toFile();
        ModelSerializer.writeModel(frozen, file, true);
        assertThat(penalty(ModelSerializer.restoreMultiLayerNetwork(file))).isCloseTo(expected, within(1e-5));

        ComputationGraph graph = graph(3);
        double expectedOfGraph = penalty(graph, "z");
        ComputationGraph frozenGraph = new TransferLearning.GraphBuilder(graph)
                .setFeatureExtractor("z")
                .build();
        fit(frozenGraph, data(), 2);
        // TransferLearning makes a graph of float32 parameters
        assertThat(penalty(frozenGraph, "z")).isCloseTo(expectedOfGraph, within(1e-5));
    }

    @Test
    void training_ofAClone_goesOnFromWhereTheOriginalWas() {
        ComputationGraph graph = graph(2);
        ComputationGraph clone = graph.clone();
        double before = clone.score(data());
        assertThat(before).isCloseTo(graph.score(data()), within(1e-10));
        GaussianPosterior q = GaussianPosterior.compute(
                clone.getLayer("z"),
                clone.feedForward(data().getFeatures(), false).get("encoder").dup());
        double divergence = Arrays.stream(q.divergence(null)).average().orElseThrow();
        assertThat(penalty(clone, "z")).isCloseTo(4 * divergence, within(1e-10));

        fit(clone, data(), 1);
        q = GaussianPosterior.compute(
                clone.getLayer("z"),
                clone.feedForward(data().getFeatures(), false).get("encoder").dup());
        divergence = Arrays.stream(q.divergence(null)).average().orElseThrow();
        assertThat(penalty(clone, "z")).isCloseTo(6 * divergence, within(1e-10));
    }
}
