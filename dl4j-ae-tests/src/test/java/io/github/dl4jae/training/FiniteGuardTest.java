package io.github.dl4jae.training;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.variational.SmallModels;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class FiniteGuardTest {

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .optimizationAlgo(OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT)
                .updater(new Adam(0.01));
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(new LossMSE())
                .nOut(3)
                .name("out")
                .activation(Activation.IDENTITY)
                .build();
    }

    private static MultiLayerNetwork layers(Activation activation) {
        MultiLayerNetwork network = initialized(base().list()
                .layer(new FastDenseLayer.Builder()
                        .nOut(4)
                        .name("code")
                        .activation(activation)
                        .build())
                .layer(output())
                .setInputType(InputType.feedForward(3)));
        network.setListeners(new FiniteGuard());
        return network;
    }

    private static ComputationGraph graph(Activation activation) {
        ComputationGraph graph = initialized(base().graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(3))
                .addLayer(
                        "code",
                        new FastDenseLayer.Builder()
                                .nOut(4)
                                .activation(activation)
                                .build(),
                        "in")
                .addLayer("out", output(), "code")
                .setOutputs("out"));
        graph.setListeners(new FiniteGuard());
        return graph;
    }

    private static INDArray examples() {
        return Nd4j.rand(DataType.FLOAT, 5, 3);
    }

    /** Behind TANH and SIGMOID an infinite feature leaves a finite score, and NaN parameters after the update. */
    @ParameterizedTest
    @CsvSource({"TANH, Infinity", "SIGMOID, -Infinity", "RELU, NaN", "TANH, NaN", "IDENTITY, Infinity"})
    void featureThatIsNotFinite_isNamed_andChangesNothing(Activation activation, float value) {
        INDArray x = examples();
        INDArray bad = x.dup();
        bad.putScalar(4, 2, value);

        MultiLayerNetwork network = layers(activation);
        network.fit(new DataSet(x, x));
        INDArray before = network.params().dup();
        INDArray updaterBefore = network.getUpdater().getStateViewArray().dup();
        assertThatThrownBy(() -> network.fit(new DataSet(bad, x)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessage("FiniteGuard: features must be finite, got " + value
                        + " at [4, 2] of shape [5, 3]; clean the data, or impute or mask missing values; the parameters"
                        + " are those before this mini-batch");
        assertThatArray(network.params()).isEqualTo(before);
        assertThatArray(network.getUpdater().getStateViewArray()).isEqualTo(updaterBefore);

        ComputationGraph graph = graph(activation);
        INDArray ofGraph = graph.params().dup();
        assertThatThrownBy(() -> graph.fit(new DataSet(bad, x)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("features must be finite, got " + value + " at [4, 2]");
        assertThatArray(graph.params()).isEqualTo(ofGraph);
    }

    @Test
    void labelThatIsNotFinite_isNamed() {
        INDArray x = examples();
        INDArray bad = x.dup();
        bad.putScalar(1, 0, Float.NaN);
        assertThatThrownBy(() -> layers(Activation.TANH).fit(new DataSet(x, bad)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("labels of output layer 'out' must be finite, got NaN at [1, 0] of shape [5, 3]");
    }

    @Test
    void divergence_isToldFromBadData() {
        MultiLayerNetwork network = layers(Activation.IDENTITY);
        network.setLearningRate(1e30);
        INDArray x = examples();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10; i++) {
                        network.fit(new DataSet(x, x));
                    }
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("FiniteGuard: score and gradient must be finite, got score")
                .hasMessageContaining("although the data are finite; lower the learning rate");
        assertThat(Double.isFinite(network.params().sumNumber().doubleValue())).isTrue();
    }

    @Test
    void parametersWhoseGradientIsNotFinite_areNamed() {
        MultiLayerNetwork network = layers(Activation.TANH);
        network.getLayer(1).getParam("W").putScalar(0, Float.POSITIVE_INFINITY);
        INDArray x = examples();
        assertThatThrownBy(() -> network.fit(new DataSet(x, x)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a gradient that is not finite for [out_W, out_b, code_b, code_W]");
    }

    /** The sum of finite numbers may overflow: training must not stop. */
    @Test
    void hugeButFiniteGradients_areLetThrough() {
        MultiLayerNetwork network = layers(Activation.IDENTITY);
        network.setLearningRate(0);
        INDArray x = examples();
        INDArray labels = Nd4j.valueArrayOf(new long[] {5, 3}, 1e18, DataType.FLOAT);
        network.fit(new DataSet(x, labels));
        assertThat(network.score()).isGreaterThan(1e30);
    }

    /** This loss leaves masked examples out, whatever their labels are. */
    @Test
    void labelsThatDoNotCount_areLetThrough() {
        ComputationGraph graph = SmallModels.multiSample(new Sgd(0.1), 2);
        graph.setListeners(new FiniteGuard());
        INDArray x = SmallModels.examples(DataType.DOUBLE, 3);
        INDArray labels = x.dup();
        labels.getRow(1).assign(Double.NaN);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {0}, {1}});
        assertThatCode(() -> graph.fit(new DataSet(x, labels, null, mask))).doesNotThrowAnyException();
    }
}
