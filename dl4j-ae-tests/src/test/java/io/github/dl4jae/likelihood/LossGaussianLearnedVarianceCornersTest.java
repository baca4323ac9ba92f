package io.github.dl4jae.likelihood;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.dense.FastOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LossGaussianLearnedVarianceCornersTest {

    private static MultiLayerNetwork network(BaseOutputLayer output) {
        MultiLayerNetwork network = new MultiLayerNetwork(
                new NeuralNetConfiguration.Builder().list().layer(output).build());
        network.init();
        return network;
    }

    /** As many outputs as features: the log variances are missing. */
    @Test
    void outputLayerWithoutPlaceForVariances_isToldHowManyOutputsItNeeds() {
        INDArray x = Nd4j.rand(DataType.FLOAT, 3, 6);
        MultiLayerNetwork fast = network(new FastOutputLayer.Builder(new LossGaussianLearnedVariance())
                .nIn(6)
                .nOut(6)
                .activation(Activation.IDENTITY)
                .build());
        MultiLayerNetwork stock = network(new OutputLayer.Builder(new LossGaussianLearnedVariance())
                .nIn(6)
                .nOut(6)
                .activation(Activation.IDENTITY)
                .build());
        for (MultiLayerNetwork network : new MultiLayerNetwork[] {fast, stock}) {
            assertThatThrownBy(() -> network.fit(x, x))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("LossGaussianLearnedVariance")
                    .hasMessageEndingWith(": the output layer must have 2 outputs per feature, 12 for 6"
                            + " features, got 6; set its nOut to 12");
        }
    }
}
