package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.variational.SmallModels.LATENTS;
import static io.github.dl4jae.variational.SmallModels.examples;
import static io.github.dl4jae.variational.SmallModels.multiSample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.likelihood.LossBernoulli;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

@Tag("slow")
class MultiSampleLossLayerTest {

    private static MultiSampleLossLayer.Builder loss() {
        return new MultiSampleLossLayer.Builder(new LossBernoulli());
    }

    private static GaussianLatentLayer.Builder latents(int samples) {
        return new GaussianLatentLayer.Builder().importanceSamples(samples);
    }

    private static ComputationGraph graph(GaussianLatentLayer.Builder latents, MultiSampleLossLayer.Builder loss) {
        return initialized(multiSample(DataType.DOUBLE, new Adam(0.01), WorkspaceMode.ENABLED, true, latents, loss));
    }

    static Stream<Arguments> options() {
        return Stream.of(1, 4).flatMap(samples -> Stream.<UnaryOperator<GaussianLatentLayer.Builder>>of(
                        latents -> latents, latents -> latents.prior(new LatentPrior.GaussianMixture(3)))
                .flatMap(prior -> Stream.of(MultiSampleLossLayer.Bound.values()).flatMap(bound -> Stream.of(
                                WorkspaceMode.ENABLED, WorkspaceMode.NONE)
                        .flatMap(workspaces -> Stream.of(true, false)
                                .map(miniBatch -> Arguments.of(samples, prior, bound, workspaces, miniBatch))))));
    }

    @ParameterizedTest
    @MethodSource("options")
    void gradient_isRight(
            int samples,
            UnaryOperator<GaussianLatentLayer.Builder> prior,
            MultiSampleLossLayer.Bound bound,
            WorkspaceMode workspaces,
            boolean miniBatch) {
        ComputationGraph graph = initialized(multiSample(
                DataType.DOUBLE,
                new NoOp(),
                workspaces,
                miniBatch,
                prior.apply(latents(samples)),
                loss().bound(bound)));
        INDArray x = examples(DataType.DOUBLE, 3);
        requireGradient(graph, new INDArray[] {x}, x.dup(), null);
    }

    @Test
    void gradient_withMaskedExamples_isRight() {
        ComputationGraph graph =
                initialized(multiSample(DataType.DOUBLE, new NoOp(), WorkspaceMode.ENABLED, true, latents(3), loss()));
        INDArray x = examples(DataType.DOUBLE, 3);
        requireGradient(graph, new INDArray[] {x}, x.dup(), Nd4j.createFromArray(new double[][] {{1}, {0}, {1}}));
    }

    /** By hand, from the graph's own activations: L = −ln 1/K Σ_k exp(−loss_k + r_k). */
    @Test
    void score_isTheImportanceWeightedBound() {
        int samples = 4;
        ComputationGraph graph = graph(latents(samples), loss());
        INDArray x = examples(DataType.DOUBLE, 3);
        INDArray weighted = graph.feedForward(x, true).get("weighted");
        double expected = 0;
        for (int i = 0; i < 3; i++) {
            double sum = 0;
            for (int k = 0; k < samples; k++) {
                double logWeight = weighted.getDouble(3 * k + i, SmallModels.IN);
                for (int j = 0; j < SmallModels.IN; j++) {
                    double z = weighted.getDouble(3 * k + i, j);
                    logWeight += x.getDouble(i, j) * z - Math.log1p(Math.exp(z));
                }
                sum += Math.exp(logWeight) / samples;
            }
            expected -= Math.log(sum) / 3;
        }
        assertThat(graph.score(new DataSet(x, x.dup()), true)).isCloseTo(expected, within(1e-10));
    }

    /** r = ln N(z; 0, 1) − ln N(z; μ, σ²), from the two densities. */
    @Test
    void ratio_isThatOfPriorAndPosterior() {
        ComputationGraph graph = graph(latents(2), loss());
        INDArray x = examples(DataType.DOUBLE, 3);
        INDArray out = graph.feedForward(x, true).get("z");
        INDArray h = graph.feedForward(x, true).get("encoder");
        GaussianPosterior q = GaussianPosterior.compute(graph.getLayer("z"), h);
        assertThat(out.shape()).containsExactly(6, LATENTS + 1);
        for (int row = 0; row < 6; row++) {
            double expected = 0;
            for (int j = 0; j < LATENTS; j++) {
                double z = out.getDouble(row, j);
                double mean = q.mean()[row % 3 * LATENTS + j];
                double variance = Math.exp(q.logVariance()[row % 3 * LATENTS + j]);
                expected += -z * z / 2 + (z - mean) * (z - mean) / (2 * variance) + Math.log(variance) / 2;
            }
            assertThat(out.getDouble(row, LATENTS)).isCloseTo(expected, within(1e-10));
        }
    }

    @Test
    void oneSample_makesBothBoundsTheSame() {
        DataSet data = new DataSet(examples(DataType.DOUBLE, 4), examples(DataType.DOUBLE, 4));
        ComputationGraph weighted = graph(latents(1), loss());
        ComputationGraph average = graph(latents(1), loss().bound(MultiSampleLossLayer.Bound.AVERAGE));
        assertThat(weighted.score(data, true)).isCloseTo(average.score(data, true), within(1e-12));
        weighted.fit(data);
        average.fit(data);
        assertThatArray(weighted.params()).isCloseTo(average.params(), 1e-12);
    }

    @Test
    void moreSamples_tightenTheBound_butNotTheAverage() {
        INDArray x = examples(DataType.DOUBLE, 200);
        DataSet data = new DataSet(x, x.dup());
        ComputationGraph one = graph(latents(1), loss());
        ComputationGraph many = graph(latents(50), loss());
        ComputationGraph average = graph(latents(50), loss().bound(MultiSampleLossLayer.Bound.AVERAGE));
        many.setParams(one.params());
        average.setParams(one.params());
        assertThat(many.score(data, true)).isLessThan(one.score(data, true) - 0.1);
        assertThat(average.score(data, true)).isCloseTo(one.score(data, true), within(0.1));
    }

    /** At inference there is a row per example, and the score is the loss of the mean code plus KL. */
    @Test
    void inference_hasOneRowPerExample() {
        ComputationGraph graph = graph(latents(5), loss());
        INDArray x = examples(DataType.DOUBLE, 4);
        assertThat(graph.outputSingle(x).shape()).containsExactly(4, SmallModels.IN);
        GaussianPosterior q = GaussianPosterior.compute(
                graph.getLayer("z"), graph.feedForward(x, false).get("encoder"));
        double kl = Arrays.stream(q.divergence(null)).average().orElseThrow();
        INDArray logits = graph.feedForward(x, false).get("logits");
        double loss =
                new LossBernoulli().computeScore(x, logits, Activation.SIGMOID.getActivationFunction(), null, true);
        assertThat(graph.score(new DataSet(x, x.dup()))).isCloseTo(loss + kl, within(1e-10));
    }

    @ParameterizedTest
    @EnumSource(MultiSampleLossLayer.Bound.class)
    void configuration_survivesJsonAndClone(MultiSampleLossLayer.Bound bound) {
        ComputationGraphConfiguration configuration = multiSample(
                DataType.FLOAT, new Adam(0.01), WorkspaceMode.ENABLED, true, latents(3), loss().bound(bound));
        ComputationGraphConfiguration restored = ComputationGraphConfiguration.fromJson(configuration.toJson());
        assertThat(restored).isEqualTo(configuration);
        assertThat(configuration.clone()).isEqualTo(configuration);
    }

    @Test
    void labels_stayAsTheyAre() {
        ComputationGraph graph = graph(latents(3), loss());
        INDArray x = examples(DataType.DOUBLE, 4);
        INDArray before = x.dup();
        graph.fit(new DataSet(x, x));
        graph.fit(new DataSet(x, x));
        assertThatArray(x).isEqualTo(before);
    }

    private static ComputationGraph withStockOutput() {
        return initialized(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("x")
                .addLayer("z", latents(3).nIn(5).nOut(2).build(), "x")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(new LossBinaryXENT())
                                .nIn(3)
                                .nOut(5)
                                .activation(Activation.SIGMOID)
                                .build(),
                        "z")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(SmallModels.IN))
                .build());
    }

    /** A graph instantiates its layers in the order of declaration, not of dependency. */
    private static ComputationGraph withLossLayerFirst() {
        return initialized(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("x")
                .addLayer("out", loss().activation(Activation.SIGMOID).build(), "z")
                .addLayer("z", latents(3).nIn(5).nOut(5).build(), "x")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(SmallModels.IN))
                .build());
    }

    /** Other networks on this thread, complete or not, have no effect. */
    @Test
    void stockOutputLayer_behindSeveralSamples_isAClearError() {
        graph(latents(3), loss());
        withLossLayerFirst();
        ComputationGraph wrong = withStockOutput();
        INDArray x = examples(DataType.FLOAT, 4);
        assertThatThrownBy(() -> wrong.fit(new DataSet(x, x)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("GaussianLatentLayer 'z': importanceSamples = 3 needs a MultiSampleLossLayer");
    }

    @Test
    void lossLayer_declaredFirst_isFoundAllTheSame() {
        withStockOutput();
        assertThatThrownBy(() -> initialized(new NeuralNetConfiguration.Builder()
                        .graphBuilder()
                        .addInputs("x")
                        .addLayer("z", latents(3).nIn(5).nOut(5).build(), "x")
                        .addLayer("none", latents(3).build(), "z")
                        .setOutputs("none")
                        .build()))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("'none': nIn and nOut must be above 0");
        ComputationGraph graph = withLossLayerFirst();
        INDArray x = examples(DataType.FLOAT, 4);
        graph.fit(new DataSet(x, x));
        assertThat(graph.score()).isFinite();
    }

    @Test
    void labelsOfMaskedExamples_mayBeAnything() {
        ComputationGraph graph = graph(latents(3), loss());
        INDArray x = examples(DataType.DOUBLE, 3);
        INDArray labels = x.dup();
        INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {0}, {1}});
        double expected = graph.score(new DataSet(x, labels.dup(), null, mask), true);
        labels.getRow(1).assign(Double.NaN);
        assertThat(graph.score(new DataSet(x, labels, null, mask), true)).isCloseTo(expected, within(1e-12));
        graph.fit(new DataSet(x, labels, null, mask));
        assertThat(graph.params().sumNumber().doubleValue()).isFinite();
    }

    @Test
    void examplesThatAreNoNumbers_areAClearError() {
        ComputationGraph graph = graph(latents(3), loss());
        INDArray x = examples(DataType.DOUBLE, 4).putScalar(1, 1, Double.NaN);
        assertThatThrownBy(() -> graph.fit(new DataSet(x, x)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must be finite, got NaN");
    }
}
