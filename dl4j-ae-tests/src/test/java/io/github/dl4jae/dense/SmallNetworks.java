package io.github.dl4jae.dense;

import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Networks of stock layers, data for them, and how results are compared. */
final class SmallNetworks {

    static final int IN = 11;
    static final int HIDDEN = 23;

    private SmallNetworks() {}

    static DenseLayer.Builder dense(Activation activation) {
        return new DenseLayer.Builder().activation(activation);
    }

    static MultiLayerConfiguration configuration(
            DataType type, WorkspaceMode workspaces, DenseLayer hidden, OutputLayer output) {
        return new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(type)
                .updater(type == DataType.FLOAT16 ? new Sgd(0.1) : new Adam(0.01)) // whose ε is 0 in 16 bits
                .trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces)
                .list()
                .layer(hidden)
                .layer(dense(Activation.TANH).nOut(7).build())
                .layer(output)
                .setInputType(InputType.feedForward(IN))
                .build();
    }

    static OutputLayer output(ILossFunction loss, IActivation activation) {
        return new OutputLayer.Builder(loss).nOut(5).activation(activation).build();
    }

    static MultiLayerConfiguration configuration(DataType type, WorkspaceMode workspaces, DenseLayer.Builder hidden) {
        return configuration(
                type,
                workspaces,
                hidden.nOut(HIDDEN).build(),
                output(new LossMCXENT(), Activation.SOFTMAX.getActivationFunction()));
    }

    static DataSet data(DataType type, int batch) {
        Nd4j.getRandom().setSeed(9);
        INDArray labels = Nd4j.zeros(type, batch, 5);
        for (int i = 0; i < batch; i++) {
            labels.putScalar(i, i % 5, 1);
        }
        return new DataSet(Nd4j.randn(type, batch, IN), labels);
    }

    /** Dropout and weight noise draw from ND4J's random generator. */
    static double fit(MultiLayerNetwork network, DataSet data, int steps) {
        for (int step = 0; step < steps; step++) {
            Nd4j.getRandom().setSeed(100 + step);
            network.fit(data);
        }
        return network.score();
    }

    /** Requires that fast layers train as the stock layers of the configuration, up to rounding in float32. */
    static void requireSameTraining(MultiLayerConfiguration configuration, DataSet data, int steps) {
        requireSameTraining(configuration, data, steps, 1e-5, 2e-6);
    }

    /** Requires that fast layers train as the stock layers of the configuration. */
    static void requireSameTraining(
            MultiLayerConfiguration configuration, DataSet data, int steps, double ofScore, double ofParameters) {
        MultiLayerNetwork stock = initialized(configuration);
        MultiLayerNetwork fast = initialized(FastLayers.convert(configuration));
        assertThat(fit(fast, data, steps)).isCloseTo(fit(stock, data, steps), within(ofScore));
        requireClose(fast.params(), stock.params(), ofParameters);
    }

    static void requireClose(INDArray found, INDArray expected, double tolerance) {
        assertThat(found.castTo(DataType.DOUBLE).distance2(expected.castTo(DataType.DOUBLE)))
                .isLessThan(tolerance * (1 + expected.norm2Number().doubleValue()));
    }

    static ComputationGraphConfiguration graph() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.01))
                .graphBuilder()
                .addInputs("in")
                .addLayer("a", dense(Activation.RELU).nIn(IN).nOut(9).build(), "in")
                .addLayer("b", dense(Activation.SIGMOID).nIn(IN).nOut(9).build(), "in")
                .addVertex("ab", new MergeVertex(), "a", "b")
                .addLayer("c", dense(Activation.IDENTITY).nIn(18).nOut(6).build(), "ab")
                .addLayer("d", dense(Activation.TANH).nIn(18).nOut(6).build(), "ab")
                .addVertex("cd", new MergeVertex(), "c", "d")
                .addLayer("out", output(new LossMSE(), Activation.IDENTITY.getActivationFunction()), "cd")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(IN))
                .build();
    }
}
