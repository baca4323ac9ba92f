package io.github.dl4jae.internal.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class TrainingPassTest {

    private static final double STEP = 1e-6;

    private static NeuralNetConfiguration.Builder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .l2(0.01)
                .updater(new Adam(0.01))
                .activation(Activation.TANH);
    }

    private static FastDenseLayer dense(int in, int out) {
        return new FastDenseLayer.Builder().nIn(in).nOut(out).build();
    }

    private static MultiLayerNetwork stack(boolean output) {
        MultiLayerNetwork network = new MultiLayerNetwork(builder()
                .list()
                .layer(dense(4, 5))
                .layer(new BatchNormalization.Builder().nIn(5).nOut(5).build())
                .layer(
                        output
                                ? new FastOutputLayer.Builder(LossFunctions.LossFunction.MSE)
                                        .nIn(5)
                                        .nOut(3)
                                        .build()
                                : dense(5, 3))
                .build());
        network.init();
        return network;
    }

    /** Two branches of one input, so that gradients add. */
    private static ComputationGraph graph(boolean output) {
        ComputationGraph graph = new ComputationGraph(builder()
                .graphBuilder()
                .addInputs("x")
                .addLayer("a", dense(4, 5), "x")
                .addLayer("b", dense(5, 2), "a")
                .addVertex("both", new MergeVertex(), "a", "b")
                .addLayer(
                        "out",
                        output
                                ? new FastOutputLayer.Builder(LossFunctions.LossFunction.MSE)
                                        .nIn(7)
                                        .nOut(3)
                                        .build()
                                : dense(7, 3),
                        "both")
                .setOutputs("out")
                .build());
        graph.init();
        return graph;
    }

    private static Model network(String kind, boolean output) {
        return kind.equals("stack") ? stack(output) : graph(output);
    }

    private static TrainingPass pass(Model network) {
        return network instanceof MultiLayerNetwork stack
                ? TrainingPass.of(stack)
                : TrainingPass.of((ComputationGraph) network);
    }

    private static INDArray values(int columns, int seed) {
        Nd4j.getRandom().setSeed(seed);
        return Nd4j.rand(DataType.DOUBLE, 6, columns).subi(0.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stack", "graph"})
    void backward_ofAnOutsideGradient_isTheSlopeOfTheOutput(String kind) {
        TrainingPass pass = pass(network(kind, false));
        INDArray x = values(4, 1);
        INDArray weights = values(3, 2);
        pass.forward(x);

        INDArray gradient = pass.backward(weights);

        for (int j = 0; j < 4; j++) {
            INDArray up = x.dup();
            up.putScalar(2, j, x.getDouble(2, j) + STEP);
            INDArray down = x.dup();
            down.putScalar(2, j, x.getDouble(2, j) - STEP);
            double slope = (pass.forward(up).mul(weights).sumNumber().doubleValue()
                            - pass.forward(down).mul(weights).sumNumber().doubleValue())
                    / (2 * STEP);
            assertThat(gradient.getDouble(2, j)).isCloseTo(slope, within(1e-7));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stack", "graph"})
    void lossAndUpdate_equalAStepOfFit(String kind) {
        Model trained = network(kind, true);
        Model expected = network(kind, true);
        TrainingPass pass = pass(trained);
        INDArray x = values(4, 1);
        INDArray labels = values(3, 2);

        for (int step = 0; step < 3; step++) {
            pass.loss(x, labels);
            pass.update();
            if (expected instanceof MultiLayerNetwork stack) {
                stack.fit(new DataSet(x, labels));
            } else {
                ((ComputationGraph) expected).fit(new DataSet(x, labels));
            }
        }

        assertThat(trained.params()).isEqualTo(expected.params());
        assertThat(pass.iterations()).isEqualTo(3);
    }

    @Test
    void score_isTheMeanLossWithoutRegularization() {
        MultiLayerNetwork network = stack(true);
        TrainingPass pass = TrainingPass.of(network);
        INDArray x = values(4, 1);
        INDArray labels = values(3, 2);

        pass.loss(x, labels);

        double distance = network.output(x, true).distance2(labels);
        assertThat(pass.score()).isCloseTo(distance * distance / 18, within(1e-9));
    }

    @Test
    void passes_leaveTheInputAlone() {
        INDArray x = values(4, 1);
        INDArray before = x.dup();
        TrainingPass pass = TrainingPass.of(stack(false));

        pass.forward(x);
        pass.backward(values(3, 2));

        assertThat(x).isEqualTo(before);
    }
}
