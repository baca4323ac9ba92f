package io.github.dl4jae.dense;

import static io.github.dl4jae.dense.SmallNetworks.HIDDEN;
import static io.github.dl4jae.dense.SmallNetworks.IN;
import static io.github.dl4jae.dense.SmallNetworks.configuration;
import static io.github.dl4jae.dense.SmallNetworks.data;
import static io.github.dl4jae.dense.SmallNetworks.dense;
import static io.github.dl4jae.dense.SmallNetworks.fit;
import static io.github.dl4jae.dense.SmallNetworks.output;
import static io.github.dl4jae.dense.SmallNetworks.requireClose;
import static io.github.dl4jae.dense.SmallNetworks.requireSameTraining;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.sparse.ActivationTopK;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Fast layers beside the stock layers that they replace: the same training, to float tolerance. */
@Tag("slow")
class StockNumbersTest {
    static Stream<Named<DenseLayer.Builder>> options() {
        return Stream.of(
                Named.of("relu", dense(Activation.RELU)),
                Named.of("sigmoid", dense(Activation.SIGMOID)),
                Named.of("tanh", dense(Activation.TANH)),
                Named.of("identity", dense(Activation.IDENTITY)),
                Named.of("elu, not fused", dense(Activation.ELU)),
                Named.of("softmax, not elementwise", dense(Activation.SOFTMAX)),
                Named.of("clipped relu", new DenseLayer.Builder().activation(new ActivationReLU(0.5, null, null))),
                Named.of("top-k", new DenseLayer.Builder().activation(new ActivationTopK(4))),
                Named.of("no bias", dense(Activation.RELU).hasBias(false)),
                Named.of("layer norm", dense(Activation.TANH).hasLayerNorm(true)),
                Named.of(
                        "layer norm, no bias",
                        dense(Activation.SIGMOID).hasLayerNorm(true).hasBias(false)),
                Named.of("dropout", dense(Activation.TANH).dropOut(new Dropout(0.6))),
                Named.of("weight noise", dense(Activation.TANH).weightNoise(new DropConnect(0.7, true))),
                Named.of(
                        "regularization",
                        dense(Activation.SIGMOID).l1(1e-2).l2(1e-2).l2Bias(1e-1)),
                Named.of("constraint", dense(Activation.RELU).constrainWeights(new MaxNormConstraint(0.5, 1))));
    }

    @ParameterizedTest
    @MethodSource("options")
    void training_inFloat64_givesTheStockNumbers(DenseLayer.Builder hidden) {
        sameTraining(DataType.DOUBLE, WorkspaceMode.ENABLED, hidden, 1e-12);
    }

    @ParameterizedTest
    @MethodSource("options")
    void training_inFloat32_givesTheStockNumbers(DenseLayer.Builder hidden) {
        sameTraining(DataType.FLOAT, WorkspaceMode.ENABLED, hidden, 2e-6);
    }

    @ParameterizedTest
    @MethodSource("options")
    void training_withoutWorkspaces_givesTheStockNumbers(DenseLayer.Builder hidden) {
        sameTraining(DataType.FLOAT, WorkspaceMode.NONE, hidden, 2e-6);
    }

    private static void sameTraining(
            DataType type, WorkspaceMode workspaces, DenseLayer.Builder hidden, double tolerance) {
        MultiLayerConfiguration configuration = configuration(type, workspaces, hidden);
        MultiLayerNetwork stock = initialized(configuration);
        MultiLayerNetwork fast = initialized(FastLayers.convert(configuration));
        assertThatArray(fast.params()).isEqualTo(stock.params());

        DataSet data = data(type, 13);
        double stockScore = fit(stock, data, 5);
        double fastScore = fit(fast, data, 5);

        assertThat(fastScore).isCloseTo(stockScore, within(10 * tolerance));
        requireClose(fast.params(), stock.params(), tolerance);
        requireClose(
                seeded(() -> fast.output(data.getFeatures())),
                seeded(() -> stock.output(data.getFeatures())),
                tolerance);
        assertThat(seeded(() -> fast.score(data))).isCloseTo(seeded(() -> stock.score(data)), within(10 * tolerance));
        requireClose(
                seeded(() -> fast.scoreExamples(data, true)),
                seeded(() -> stock.scoreExamples(data, true)),
                10 * tolerance);
    }

    /** The stock weight noise falls on biases at test time too. */
    private static <T> T seeded(Supplier<T> result) {
        Nd4j.getRandom().setSeed(7);
        return result.get();
    }

    @ParameterizedTest
    @EnumSource(
            value = LossFunction.class,
            names = {"MSE", "XENT", "L1", "KL_DIVERGENCE", "COSINE_PROXIMITY", "HINGE"})
    void training_withAnyLoss_givesTheStockNumbers(LossFunction loss) {
        MultiLayerConfiguration configuration = configuration(
                DataType.DOUBLE,
                WorkspaceMode.ENABLED,
                dense(Activation.TANH).nOut(HIDDEN).build(),
                output(loss.getILossFunction(), Activation.SIGMOID.getActivationFunction()));
        DataSet data = data(DataType.DOUBLE, 6);

        requireSameTraining(configuration, data, 4, 1e-11, 1e-12);
    }

    /** An external gradient may come after other passes, and twice. */
    @Test
    void backprop_afterTestPassAndRepeated_givesTheStockGradient() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(4)
                .list()
                .layer(dense(Activation.SIGMOID).nIn(IN).nOut(HIDDEN).build())
                .layer(dense(Activation.TANH).nIn(HIDDEN).nOut(5).build())
                .build();
        DataSet data = data(DataType.FLOAT, 7);
        List<Pair<Gradient, INDArray>> gradients = Stream.of(configuration, FastLayers.convert(configuration))
                .map(conf -> {
                    MultiLayerNetwork network = initialized(conf);
                    network.setInput(data.getFeatures());
                    network.feedForward(true, false);
                    network.backpropGradient(data.getLabels().dup(), LayerWorkspaceMgr.noWorkspaces());
                    network.feedForward(false, false);
                    network.backpropGradient(data.getLabels().dup(), LayerWorkspaceMgr.noWorkspaces());
                    return network.backpropGradient(data.getLabels().dup(), LayerWorkspaceMgr.noWorkspaces());
                })
                .toList();
        requireClose(
                gradients.get(1).getFirst().gradient(),
                gradients.get(0).getFirst().gradient(),
                2e-6);
        requireClose(gradients.get(1).getSecond(), gradients.get(0).getSecond(), 2e-6);
    }

    /** Many rows: several blocks on several threads. */
    @ParameterizedTest
    @MethodSource("options")
    void training_onManyRows_givesTheStockNumbers(DenseLayer.Builder hidden) {
        MultiLayerConfiguration configuration = configuration(
                DataType.FLOAT,
                WorkspaceMode.ENABLED,
                hidden.nOut(257).build(),
                output(new LossMSE(), Activation.SIGMOID.getActivationFunction()));
        MultiLayerNetwork stock = initialized(configuration);
        MultiLayerNetwork fast = initialized(FastLayers.convert(configuration));
        DataSet data = data(DataType.FLOAT, 700);

        fit(stock, data, 3);
        fit(fast, data, 3);

        requireClose(fast.params(), stock.params(), 1e-5);
        requireClose(fast.gradient().gradient(), stock.gradient().gradient(), 1e-4);
    }

    static Stream<DataType> types() {
        return Stream.of(DataType.FLOAT, DataType.FLOAT16);
    }

    @ParameterizedTest
    @MethodSource("types")
    void training_onOneExampleWithOneUnit_givesTheStockNumbers(DataType type) {
        MultiLayerConfiguration configuration = configuration(
                type,
                WorkspaceMode.ENABLED,
                dense(Activation.TANH).nOut(1).build(),
                output(new LossMSE(), Activation.IDENTITY.getActivationFunction()));
        MultiLayerNetwork stock = initialized(configuration);
        MultiLayerNetwork fast = initialized(FastLayers.convert(configuration));
        DataSet data = data(type, 1);
        fit(stock, data, 2);
        fit(fast, data, 2);
        requireClose(fast.params(), stock.params(), type == DataType.FLOAT ? 2e-6 : 1e-2);
    }

    @Test
    void outputLayer_withDropoutAndWeightNoise_givesTheStockNumbers() {
        // a single layer: its input lies in memory alike for both
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(6)
                .updater(new Adam(0.01))
                .list()
                .layer(new OutputLayer.Builder(new LossMSE())
                        .nIn(IN)
                        .nOut(5)
                        .activation(Activation.SIGMOID)
                        .dropOut(new Dropout(0.7))
                        .weightNoise(new DropConnect(0.7))
                        .build())
                .build();
        DataSet data = data(DataType.FLOAT, 6);

        requireSameTraining(configuration, data, 4);
    }
}
