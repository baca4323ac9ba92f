package io.github.dl4jae.sparse;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.fit;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.schedule.LinearSchedule;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
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
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ScheduleType;

/** An annealed k in networks that are frozen, cloned, converted or restored. */
class AnnealedTopKCornersTest {

    private static final int UNITS = 8;
    /** Iterations from k = 6 to k = 1: at iteration i, k = 6 − i. */
    private static final int LENGTH = 5;

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.01));
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder()
                .nOut(UNITS)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static TopKLayer topK() {
        return new TopKLayer.Builder()
                .name("topK")
                .k(new LinearSchedule(ScheduleType.ITERATION, 6, 1, LENGTH))
                .build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(new LossMSE())
                .nOut(3)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static MultiLayerNetwork stack(int iterations) {
        MultiLayerNetwork network = initialized(
                base().list().layer(dense()).layer(topK()).layer(output()).setInputType(InputType.feedForward(3)));
        fit(network, data(), iterations);
        return network;
    }

    private static ComputationGraph graph(int iterations) {
        ComputationGraph graph = initialized(base().graphBuilder()
                .addInputs("in")
                .addLayer("dense", dense(), "in")
                .addLayer("topK", topK(), "dense")
                .addLayer("out", output(), "topK")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(3)));
        fit(graph, data(), iterations);
        return graph;
    }

    private static DataSet data() {
        Nd4j.getRandom().setSeed(5);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 4, 3);
        return new DataSet(x, x.dup());
    }

    private static long active(INDArray codes) {
        long all = codes.neq(0).castTo(DataType.INT64).sumNumber().longValue();
        assertThat(all % codes.size(0)).isZero();
        return all / codes.size(0);
    }

    private static long active(MultiLayerNetwork network) {
        return active(network.feedForward(data().getFeatures(), false).get(2));
    }

    private static long active(ComputationGraph graph) {
        return active(graph.feedForward(data().getFeatures(), false).get("topK"));
    }

    private static MultiLayerNetwork frozen(MultiLayerNetwork network) {
        return new TransferLearning.Builder(network).setFeatureExtractor(1).build();
    }

    private static ComputationGraph frozen(ComputationGraph graph) {
        return new TransferLearning.GraphBuilder(graph)
                .setFeatureExtractor("topK")
                .build();
    }

    @Test
    void k_ofAFrozenLayer_staysWhatTrainingHadReached() {
        MultiLayerNetwork network = stack(7);
        assertThat(active(network)).isEqualTo(1);
        MultiLayerNetwork frozen = frozen(network);
        assertThat(active(frozen)).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            frozen.fit(data());
            assertThat(active(frozen)).isEqualTo(1);
        }

        ComputationGraph frozenGraph = frozen(graph(7));
        assertThat(active(frozenGraph)).isEqualTo(1);
        fit(frozenGraph, data(), 3);
        assertThat(active(frozenGraph)).isEqualTo(1);
    }

    /** A frozen layer does not advance, although the schedule has not ended. */
    @Test
    void k_ofALayerFrozenHalfway_standsStill() {
        MultiLayerNetwork frozen = frozen(stack(3));
        assertThat(active(frozen)).isEqualTo(3);
        frozen.fit(data());
        frozen.fit(data());
        assertThat(active(frozen)).isEqualTo(3);

        ComputationGraph frozenGraph = frozen(graph(3));
        fit(frozenGraph, data(), 2);
        assertThat(active(frozenGraph)).isEqualTo(3);
    }

    @Test
    void k_ofAFrozenNetworkSavedAndRestored_staysWhatTrainingHadReached(@TempDir Path directory) throws IOException {
        File file = directory.resolve("stack.zip").toFile();
        ModelSerializer.writeModel(frozen(stack(7)), file, true);
        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file);
        assertThat(active(restored)).isEqualTo(1);
        restored.fit(data());
        assertThat(active(restored)).isEqualTo(1);

        File graphFile = directory.resolve("graph.zip").toFile();
        ModelSerializer.writeModel(frozen(graph(7)), graphFile, true);
        ComputationGraph restoredGraph = ModelSerializer.restoreComputationGraph(graphFile);
        assertThat(active(restoredGraph)).isEqualTo(1);
        fit(restoredGraph, data(), 1);
        assertThat(active(restoredGraph)).isEqualTo(1);
    }

    @Test
    void k_ofAClonedGraph_staysWhatTrainingHadReached() {
        assertThat(active(graph(7).clone())).isEqualTo(1);
        assertThat(active(graph(2).clone())).isEqualTo(4);
        assertThat(active(graph(2).clone().clone())).isEqualTo(4);
    }

    @Test
    void k_ofAConvertedNetwork_staysWhatTrainingHadReached() {
        ComputationGraph converted = stack(7).toComputationGraph();
        // after the input and the first layer
        String secondLayer =
                converted.getConfiguration().getTopologicalOrderStr().get(2);
        assertThat(active(converted.feedForward(data().getFeatures(), false).get(secondLayer)))
                .isEqualTo(1);
    }

    @Test
    void k_ofAModelKeptInMemory_staysWhatTrainingHadReached() throws IOException {
        ComputationGraph graph = graph(4);
        InMemoryModelSaver<ComputationGraph> saver = new InMemoryModelSaver<>();
        saver.saveBestModel(graph, 0.5);
        fit(graph, data(), 2);
        saver.saveLatestModel(graph, 0.6);

        assertThat(active(graph)).isEqualTo(1);
        assertThat(active(saver.getBestModel())).isEqualTo(2);
        assertThat(active(saver.getLatestModel())).isEqualTo(1);
    }

    @Test
    void training_ofAClone_goesOnFromWhereTheOriginalWas() {
        ComputationGraph graph = graph(2);
        ComputationGraph clone = graph.clone();
        for (int k = 3; k >= 1; k--) {
            fit(graph, data(), 1);
            fit(clone, data(), 1);
            assertThat(active(graph)).isEqualTo(k);
            assertThat(active(clone)).isEqualTo(k);
        }
        assertThatArray(clone.params()).isEqualTo(graph.params());
    }
}
