package io.github.dl4jae.sparse;

import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StackedGraphs.x;
import static io.github.dl4jae.testing.StackedGraphs.y;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.penalty.ActivityPenalty;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import io.github.dl4jae.penalty.KLSparsityPenalty;
import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.penalty.L2Penalty;
import io.github.dl4jae.testing.DefaultType;
import io.github.dl4jae.testing.StackedGraphs;
import io.github.dl4jae.testing.StockLayers;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Penalties that are frozen, or follow integer features or stacked examples. */
@DefaultType(DataType.DOUBLE)
class ActivityRegularizationLayerCornersTest {

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .activation(Activation.TANH)
                .updater(new NoOp());
    }

    private static ActivityRegularizationLayer penalty(ActivityPenalty penalty) {
        return new ActivityRegularizationLayer.Builder()
                .name("penalty")
                .penalty(penalty)
                .build();
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder().nIn(3).nOut(2).build();
    }

    private static OutputLayer output(int in) {
        return StockLayers.output(new LossMSE(), in, 2, Activation.IDENTITY);
    }

    @Test
    void gradientBelowAFrozenLayer_isThatOfTheScoreWithoutPenalty() {
        MultiLayerNetwork network = initialized(base().list()
                .layer(dense())
                .layer(new FrozenLayerWithBackprop(penalty(new L1Penalty(3))))
                .layer(output(2)));
        network.setParam("0_W", Nd4j.createFromArray(new double[][] {{0.4, -0.3}, {0.2, 0.9}, {-0.5, 0.1}}));
        network.setParam("2_W", Nd4j.createFromArray(new double[][] {{0.3, 0.6}, {-0.4, 0.2}}));
        requireGradient(network, x(), y());
    }

    static Stream<ActivityPenalty> penalties() {
        return Stream.of(new KLSparsityPenalty(0.05, 3), new L2Penalty(3), new L1Penalty(3));
    }

    @ParameterizedTest
    @MethodSource("penalties")
    void integerFeatures_giveTheScoreOfTheSameNumbers(ActivityPenalty penalty) {
        MultiLayerNetwork network = initialized(
                base().updater(new Sgd(0)).list().layer(penalty(penalty)).layer(output(3)));
        INDArray whole = Nd4j.createFromArray(new int[][] {{1, 0, 0}, {0, 1, 1}, {1, 1, 0}, {0, 0, 1}});
        double expected = network.score(new DataSet(whole.castTo(DataType.DOUBLE), y()), true);
        for (DataType type : new DataType[] {DataType.INT32, DataType.INT64, DataType.UINT8, DataType.BOOL}) {
            DataSet data = new DataSet(whole.castTo(type), y());
            assertThat(network.score(data, true)).as(type.toString()).isCloseTo(expected, within(1e-9));
            network.fit(data);
            assertThat(network.score()).as(type.toString()).isCloseTo(expected, within(1e-9));
        }
    }

    private static ComputationGraph typed() {
        return StackedGraphs.typed(base(), dense(), "penalty", penalty(new L1Penalty(3)), output(2));
    }

    private static ComputationGraph untyped(InputPreProcessor preProcessor) {
        return StackedGraphs.untyped(base(), dense(), "penalty", penalty(new L1Penalty(3)), preProcessor, output(2));
    }

    @Test
    void gradientBehindAStackVertex_isThatOfTheScore() {
        StackedGraphs.requireGradient(typed());
        StackedGraphs.requireGradient(untyped(new ExampleCountPreProcessor()));
    }

    @Test
    void graph_withoutInputTypes_isRefusedInTraining() {
        ComputationGraph graph = untyped(null);
        assertThatThrownBy(() -> graph.fit(new INDArray[] {x(), x()}, new INDArray[] {y()}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ActivityRegularizationLayer 'penalty'")
                .hasMessageContaining("got a ComputationGraph without input types");
    }

    @Test
    void dropout_isRefusedHereAndOnTopK() {
        ActivityRegularizationLayer.Builder builder = new ActivityRegularizationLayer.Builder();
        builder.penalty(new L1Penalty(1)).dropOut(0.5);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ActivityRegularizationLayer: dropOut must not be set")
                .hasMessageContaining("set it on the layer below or above");
        TopKLayer.Builder topK = new TopKLayer.Builder().k(2);
        topK.dropOut(0.5);
        assertThatThrownBy(topK::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TopKLayer: dropOut must not be set");
    }
}
