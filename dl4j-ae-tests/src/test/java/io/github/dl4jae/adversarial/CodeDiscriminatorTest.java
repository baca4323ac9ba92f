package io.github.dl4jae.adversarial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.internal.inference.TrainingPass;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** The discriminator D(c) = w·c + b, whose losses and steps can be computed by hand. */
class CodeDiscriminatorTest {

    private static final double[] START = {0.5, -0.25}; // w, b

    private final MultiLayerNetwork network = linear();
    private final CodeDiscriminator discriminator = new CodeDiscriminator(TrainingPass.of(network));
    private final INDArray samples = Nd4j.createFromArray(new double[][] {{1}, {2}});
    private final INDArray codes = Nd4j.createFromArray(new double[][] {{-1}, {3}});

    private static MultiLayerNetwork linear() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(1))
                .activation(Activation.IDENTITY)
                .list()
                .layer(new DenseLayer.Builder().nIn(1).nOut(1).build())
                .build());
        network.init();
        network.setParams(Nd4j.createFromArray(START).reshape(1, 2));
        return network;
    }

    private static double sigma(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Test
    void train_withGradientDescent_takesTheStepOfTheLogisticLoss() {
        discriminator.train(samples, codes);

        double[] logits = {0.25, 0.75, -0.75, 1.25};
        double[] slopes = {sigma(logits[0]) - 1, sigma(logits[1]) - 1, sigma(logits[2]), sigma(logits[3])};
        double w = (slopes[0] + 2 * slopes[1] - slopes[2] + 3 * slopes[3]) / 4;
        double b = (slopes[0] + slopes[1] + slopes[2] + slopes[3]) / 4;
        double loss = -(Math.log(sigma(0.25)) + Math.log(sigma(0.75))) / 2
                - (Math.log(1 - sigma(-0.75)) + Math.log(1 - sigma(1.25))) / 2;
        assertThat(network.params().toDoubleVector())
                .containsExactly(new double[] {START[0] - w, START[1] - b}, within(1e-12));
        assertThat(discriminator.loss).isCloseTo(loss, within(1e-12));
    }

    @Test
    void deceive_returnsTheSlopeOfTheEncodersLoss_andTrainsNothing() {
        INDArray gradient = discriminator.deceive(codes);

        assertThat(gradient.toDoubleVector())
                .containsExactly(new double[] {0.5 * (sigma(-0.75) - 1), 0.5 * (sigma(1.25) - 1)}, within(1e-12));
        assertThat(discriminator.encoderLoss)
                .isCloseTo(-(Math.log(sigma(-0.75)) + Math.log(sigma(1.25))) / 2, within(1e-12));
        assertThat(network.params().toDoubleVector()).containsExactly(START);
    }

    @Test
    void losses_ofExtremeLogits_areFinite() {
        assertThat(CodeDiscriminator.softplus(1e4)).isEqualTo(1e4);
        assertThat(CodeDiscriminator.softplus(-1e4)).isZero();
        assertThat(CodeDiscriminator.sigmoid(-1e4)).isZero();
        assertThat(CodeDiscriminator.sigmoid(1e4)).isOne();
    }
}
