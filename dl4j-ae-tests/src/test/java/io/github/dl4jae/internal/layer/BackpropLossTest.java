package io.github.dl4jae.internal.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.dl4jae.convolutional.FastCnnLossLayer;
import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.recurrent.FastRnnOutputLayer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The cache alone, and in the layers that have one. */
class BackpropLossTest {

    private static double never() {
        throw new AssertionError("computed again");
    }

    private final BackpropLoss loss = new BackpropLoss();

    @Test
    void loss_isTakenOnce() {
        loss.keep(3);

        assertThat(loss.take(true, BackpropLossTest::never)).isEqualTo(3);
        assertThat(loss.take(true, () -> 4)).isEqualTo(4);
    }

    @Test
    void scoreAtInference_isComputed_andEndsTheTrainingStep() {
        loss.keep(3);

        assertThat(loss.take(false, () -> 4)).isEqualTo(4);
        assertThat(loss.take(true, () -> 5)).isEqualTo(5);
    }

    @Test
    void newInput_dropsTheLoss() {
        loss.keep(3);
        loss.drop();

        assertThat(loss.take(true, () -> 4)).isEqualTo(4);
    }

    @Test
    void onlyAnotherMask_dropsTheLoss() {
        INDArray mask = Nd4j.ones(2, 1);
        loss.keep(3);
        loss.dropForMask(null, null);
        loss.dropForMask(mask, mask);
        assertThat(loss.take(true, BackpropLossTest::never)).isEqualTo(3);

        loss.keep(3);
        loss.dropForMask(mask, null);
        assertThat(loss.take(true, () -> 4)).isEqualTo(4);

        loss.keep(3);
        loss.dropForMask(null, mask);
        assertThat(loss.take(true, () -> 5)).isEqualTo(5);
    }

    /** Counts the scores that are computed without a gradient. */
    @SuppressWarnings("serial")
    private static final class CountingLoss extends LossMSE {

        private static int scores;

        @Override
        public double computeScore(INDArray labels, INDArray z, IActivation act, INDArray mask, boolean average) {
            scores++;
            return super.computeScore(labels, z, act, mask, average);
        }

        @Override
        public Pair<Double, INDArray> computeGradientAndScore(
                INDArray labels, INDArray z, IActivation act, INDArray mask, boolean average) {
            return new Pair<>(
                    super.computeScoreArray(labels, z.dup(), act, mask)
                            .sumNumber()
                            .doubleValue(),
                    super.computeGradient(labels, z, act, mask));
        }
    }

    @BeforeEach
    void startCounting() {
        CountingLoss.scores = 0;
    }

    static Stream<Arguments> layers() {
        return Stream.of(
                arguments(
                        new FastOutputLayer.Builder(new CountingLoss())
                                .nOut(4)
                                .activation(Activation.TANH)
                                .build(),
                        InputType.feedForward(4),
                        new long[] {3, 4}),
                arguments(
                        new FastRnnOutputLayer.Builder(new CountingLoss())
                                .nOut(4)
                                .activation(Activation.TANH)
                                .build(),
                        InputType.recurrent(4, 5),
                        new long[] {3, 4, 5}),
                arguments(
                        new FastCnnLossLayer.Builder(new CountingLoss())
                                .activation(Activation.TANH)
                                .build(),
                        InputType.convolutional(5, 6, 2),
                        new long[] {3, 2, 5, 6}));
    }

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder().seed(1).updater(new Sgd(0.1));
    }

    private static DataSet data(long[] shape) {
        return new DataSet(Nd4j.randn(DataType.FLOAT, shape), Nd4j.randn(DataType.FLOAT, shape));
    }

    /** A layer with parameters in front of a loss without any. */
    private static Layer pointwise() {
        return new FastConvolutionLayer.Builder(1, 1).nOut(2).build();
    }

    @ParameterizedTest
    @MethodSource("layers")
    void step_ofAStack_takesTheLossFromBackprop(Layer layer, InputType type, long[] shape) {
        NeuralNetConfiguration.ListBuilder layers = base().list();
        if (shape.length == 4) {
            layers.layer(pointwise());
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(layers.layer(layer).setInputType(type).build());
        network.init();
        DataSet data = data(shape);
        double before = network.score(data, true);
        int computed = CountingLoss.scores;

        network.fit(data);

        assertThat(CountingLoss.scores).isEqualTo(computed);
        assertThat(network.score()).isCloseTo(before, within(1e-5 * before));
        assertThat(network.score(data, true)).isLessThan(before * (1 - 1e-4));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void step_ofAGraph_takesTheLossFromBackprop(Layer layer, InputType type, long[] shape) {
        var graph = base().graphBuilder().addInputs("in").setInputTypes(type);
        if (shape.length == 4) {
            graph.addLayer("pointwise", pointwise(), "in");
        }
        ComputationGraph network =
                new ComputationGraph(graph.addLayer("out", layer, shape.length == 4 ? "pointwise" : "in")
                        .setOutputs("out")
                        .build());
        network.init();
        DataSet data = data(shape);
        double before = network.score(data, true);
        int computed = CountingLoss.scores;

        network.fit(data);

        assertThat(CountingLoss.scores).isEqualTo(computed);
        assertThat(network.score()).isCloseTo(before, within(1e-5 * before));
        assertThat(network.score(data, true)).isLessThan(before * (1 - 1e-4));
    }
}
