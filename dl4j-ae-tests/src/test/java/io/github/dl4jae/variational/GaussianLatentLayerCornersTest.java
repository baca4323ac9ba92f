package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.variational.SmallModels.IN;
import static io.github.dl4jae.variational.SmallModels.LATENTS;
import static io.github.dl4jae.variational.SmallModels.examples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import io.github.dl4jae.testing.CapturedLog;
import io.github.dl4jae.testing.DefaultType;
import io.github.dl4jae.testing.StackedGraphs;
import io.github.dl4jae.testing.StockLayers;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Latent layers that are frozen, follow stacked examples, or are used with a loss that is a mean over features. */
@DefaultType(DataType.DOUBLE)
@Tag("slow")
class GaussianLatentLayerCornersTest {

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(11)
                .dataType(DataType.DOUBLE)
                .activation(Activation.TANH)
                .updater(new NoOp());
    }

    private static DenseLayer dense(int in, int out) {
        return new DenseLayer.Builder().nIn(in).nOut(out).build();
    }

    private static GaussianLatentLayer.Builder latents(int in) {
        return new GaussianLatentLayer.Builder().name("z").nIn(in).nOut(LATENTS).beta(2);
    }

    private static OutputLayer output(int in, int out) {
        return StockLayers.output(new LossMSE(), in, out, Activation.IDENTITY);
    }

    private static MultiLayerNetwork stack(Layer latents) {
        return initialized(base().list()
                .layer(dense(IN, 4))
                .layer(latents)
                .layer(output(LATENTS, 2))
                .build());
    }

    /** The codes are then the means, or samples as at inference, and the KL divergence is not in the score. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradientBelowAFrozenLayer_isThatOfTheScoreWithoutDivergence(boolean sampleAtInference) {
        MultiLayerNetwork network = stack(new FrozenLayerWithBackprop(
                latents(4).sampleAtInference(sampleAtInference).build()));
        network.setParam("1_W", Nd4j.createFromArray(new double[][] {
            {0.5, -0.3, 0.2, 0.1, 0.4, -0.6},
            {-0.7, 0.9, 0.3, 0.2, -0.1, 0.3},
            {0.1, 0.4, -0.8, -0.5, 0.2, 0.6},
            {0.6, 0.2, 0.7, 0.3, -0.4, 0.1}
        }));
        network.setParam("1_b", Nd4j.createFromArray(new double[][] {{0.1, -0.2, 0.3, -1, 0.5, -0.5}}));
        INDArray x = examples(DataType.DOUBLE, 4);
        INDArray labels = Nd4j.createFromArray(new double[][] {{1, 0}, {0.5, 0.5}, {-1, 1}, {0.2, 0.7}});
        DataSet data = new DataSet(x, labels);

        assertThat(network.score(data, true)).isCloseTo(network.score(data, false), within(1e-12));
        requireGradient(network, x, labels, "1_W", "1_b");
    }

    @Test
    void importanceSamples_inAFrozenLayerThatPassesGradientsOn_areRefused() {
        GaussianLatentLayer layer = latents(4).beta(1).importanceSamples(3).build();
        MultiLayerNetwork network = initialized(base().list()
                .layer(dense(IN, 4))
                .layer(new FrozenLayerWithBackprop(layer))
                .layer(output(LATENTS + 1, 2))
                .build());
        INDArray x = examples(DataType.DOUBLE, 4);
        assertThatThrownBy(() -> network.fit(x, Nd4j.zeros(DataType.DOUBLE, 4, 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("importanceSamples must not be set in a layer that passes gradients on while it"
                        + " is frozen, got 3")
                .hasMessageContaining("freeze it with TransferLearning, or omit importanceSamples");
    }

    private static ComputationGraph typed(WorkspaceMode workspaces) {
        return StackedGraphs.typed(
                base(workspaces), dense(IN, 4), "z", latents(4).build(), output(LATENTS, 2));
    }

    private static ComputationGraph untyped(WorkspaceMode workspaces, InputPreProcessor preProcessor) {
        return StackedGraphs.untyped(
                base(workspaces), dense(IN, 4), "z", latents(4).build(), preProcessor, output(LATENTS, 2));
    }

    private static NeuralNetConfiguration.Builder base(WorkspaceMode workspaces) {
        return base().trainingWorkspaceMode(workspaces).inferenceWorkspaceMode(workspaces);
    }

    private static INDArray[] twoInputs() {
        INDArray x = examples(DataType.DOUBLE, 4);
        return new INDArray[] {x, x.rsub(1)};
    }

    @ParameterizedTest
    @EnumSource(
            value = WorkspaceMode.class,
            names = {"ENABLED", "NONE"})
    void gradientBehindAStackVertex_isThatOfTheScore(WorkspaceMode workspaces) {
        INDArray labels = Nd4j.createFromArray(new double[][] {{1, 0}, {0.5, 0.5}, {-1, 1}, {0.2, 0.7}});
        requireGradient(typed(workspaces), twoInputs(), labels, null);
        requireGradient(untyped(workspaces, new ExampleCountPreProcessor()), twoInputs(), labels, null);
    }

    @Test
    void graph_withoutInputTypes_isRefusedInTraining() {
        ComputationGraph graph = untyped(WorkspaceMode.ENABLED, null);
        INDArray[] labels = {Nd4j.zeros(DataType.DOUBLE, 4, 2)};
        assertThatThrownBy(() -> graph.fit(twoInputs(), labels))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'z'")
                .hasMessageContaining("the number of examples must be known in training, got a ComputationGraph without"
                        + " input types; call setInputTypes(...) on the graph builder, or add the layer with a new"
                        + " ExampleCountPreProcessor()");
        assertThat(graph.outputSingle(twoInputs()).shape()).containsExactly(4, 2);
    }

    private static MultiLayerNetwork stackWith(ILossFunction loss) {
        return initialized(base().list()
                .layer(dense(IN, 4))
                .layer(latents(4).build())
                .layer(new FastOutputLayer.Builder(loss)
                        .nIn(LATENTS)
                        .nOut(IN)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
    }

    private static ComputationGraph graphWith(ILossFunction loss) {
        return initialized(base().graphBuilder()
                .addInputs("in")
                .addLayer("dense", dense(IN, 4), "in")
                .addLayer("z", latents(4).build(), "dense")
                .addLayer(
                        "out",
                        new FastOutputLayer.Builder(loss)
                                .nIn(LATENTS)
                                .nOut(IN)
                                .activation(Activation.SIGMOID)
                                .build(),
                        "z")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(IN))
                .build());
    }

    @Test
    void lossThatIsAMean_isWarnedOfAtTheFirstFitWithoutAListener() {
        INDArray x = examples(DataType.DOUBLE, 4);
        DataSet data = new DataSet(x, x);
        MultiLayerNetwork network = stackWith(new LossMSE());
        assertThat(CapturedLog.of(() -> network.output(x))).doesNotContain("mean over features");
        assertThat(CapturedLog.of(() -> {
                    network.fit(data);
                    network.fit(data);
                }))
                .containsOnlyOnce("LossMSE is a mean over features")
                .contains("LossGaussian");
        ComputationGraph graph = graphWith(new LossMSE());
        assertThat(CapturedLog.of(() -> {
                    graph.fit(data);
                    graph.fit(data);
                }))
                .containsOnlyOnce("LossMSE is a mean over features");
    }

    /** Another network created in between does not affect the loss. */
    @Test
    void lossThatIsASum_isNotWarnedOf() {
        INDArray x = examples(DataType.DOUBLE, 4);
        MultiLayerNetwork sum = stackWith(new LossBernoulli());
        MultiLayerNetwork mean = stackWith(new LossMSE());
        assertThat(CapturedLog.of(() -> sum.fit(x, x))).doesNotContain("mean over features");
        assertThat(CapturedLog.of(() -> mean.fit(x, x))).contains("LossMSE is a mean over features");
    }

    @Test
    void activation_isRefusedOnTheLayerAndIgnoredOnTheNetwork() {
        GaussianLatentLayer.Builder builder = new GaussianLatentLayer.Builder();
        assertThatThrownBy(
                        () -> builder.nIn(4).nOut(2).activation(Activation.TANH).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("GaussianLatentLayer: activation must not be set, got tanh; the layer has none of its own"
                        + " to choose (means and log variances are linear in its input), so leave it out");
        assertThat(stack(latents(4).build()).numParams()).isPositive(); // the network has TANH
    }
}
