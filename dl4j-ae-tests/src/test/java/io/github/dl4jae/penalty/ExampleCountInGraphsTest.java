package io.github.dl4jae.penalty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.contractive.ContractiveLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.sparse.ActivityRegularizationLayer;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.LatentPrior;
import io.github.dl4jae.variational.PseudoInputLayer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Outside of training steps Deeplearning4j tells preprocessors the number of labels of the pass before. */
class ExampleCountInGraphsTest {

    private static ComputationGraphConfiguration.GraphBuilder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Sgd(0)) // training changes nothing
                .dataType(DataType.DOUBLE)
                .graphBuilder();
    }

    private static OutputLayer output(int in) {
        return new OutputLayer.Builder(new LossBernoulli())
                .activation(Activation.SIGMOID)
                .nIn(in)
                .nOut(5)
                .build();
    }

    private static ComputationGraph graph(ComputationGraphConfiguration.GraphBuilder builder) {
        ComputationGraph graph = new ComputationGraph(builder.setOutputs("out").build());
        graph.init();
        return graph;
    }

    private static ComputationGraph graph(Layer subject, int width) {
        return graph(builder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(5))
                .addLayer("subject", subject, "in")
                .addLayer("out", output(width), "subject"));
    }

    private static DataSet data(int examples) {
        Nd4j.getRandom().setSeed(99);
        INDArray x = Nd4j.rand(DataType.DOUBLE, examples, 5);
        return new DataSet(x, x.dup());
    }

    /** Noise depends on the iteration. */
    private static void sameNoise(ComputationGraph graph) {
        Arrays.stream(graph.getLayers()).forEach(layer -> layer.setIterationCount(0));
    }

    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of(Named.of(
                        "latent",
                        graph(new GaussianLatentLayer.Builder().nOut(3).build(), 3))),
                Arguments.of(Named.of(
                        "penalty",
                        graph(
                                new ActivityRegularizationLayer.Builder()
                                        .penalty(new L1Penalty(1))
                                        .build(),
                                5))),
                Arguments.of(Named.of(
                        "contractive",
                        graph(
                                new ContractiveLayer.Builder()
                                        .nOut(3)
                                        .contraction(2)
                                        .activation(Activation.TANH)
                                        .build(),
                                3))));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void score_doesNotDependOnTheMinibatchBefore(ComputationGraph graph) {
        for (boolean training : new boolean[] {false, true}) {
            double expected = graph.score(data(12), training);
            graph.fit(data(3)); // the last, small mini-batch of an epoch
            sameNoise(graph);
            assertThat(graph.score(data(12), training)).isCloseTo(expected, within(1e-9));
            graph.score(data(6), training);
            assertThat(graph.score(data(12), training)).isCloseTo(expected, within(1e-9));
        }
    }

    @Test
    void score_ofStackedExamples_doesNotDependOnTheMinibatchBefore() {
        ComputationGraph graph = graph(builder()
                .addInputs("a", "b")
                .setInputTypes(InputType.feedForward(5), InputType.feedForward(5))
                .addVertex("stacked", new StackVertex(), "a", "b")
                .addLayer(
                        "subject",
                        new ActivityRegularizationLayer.Builder()
                                .penalty(new L1Penalty(1))
                                .build(),
                        "stacked")
                .addVertex("first", new UnstackVertex(0, 2), "subject")
                .addLayer("out", output(5), "first"));
        double expected = graph.score(pair(12), true);
        graph.fit(pair(3));
        assertThat(graph.score()).isFinite();
        assertThat(graph.score(pair(12), true)).isCloseTo(expected, within(1e-9));
    }

    private static MultiDataSet pair(int examples) {
        INDArray x = data(examples).getFeatures();
        return new MultiDataSet(new INDArray[] {x, x.rsub(1)}, new INDArray[] {x.dup()});
    }

    @Test
    void pseudoInputs_areFoundWhateverTheMinibatchBefore() {
        ComputationGraph graph = graph(builder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(5))
                .addLayer(
                        "pseudo", new PseudoInputLayer.Builder().pseudoInputs(4).build(), "in")
                .addLayer(
                        "z",
                        new GaussianLatentLayer.Builder()
                                .nOut(3)
                                .prior(new LatentPrior.Vamp(4))
                                .build(),
                        "pseudo")
                .addLayer("out", output(3), "z"));
        graph.fit(data(3));
        sameNoise(graph);
        double score = graph.score(data(12));
        graph.fit(data(3));
        sameNoise(graph);
        assertThat(graph.outputSingle(data(12).getFeatures()).shape()).containsExactly(12, 5);
        assertThat(graph.score(data(12))).isCloseTo(score, within(1e-9));
    }
}
