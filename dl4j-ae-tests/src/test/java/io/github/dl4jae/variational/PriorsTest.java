package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

@Tag("slow")
class PriorsTest {

    private static final MixtureDensity MIXTURE =
            new MixtureDensity(new double[] {0.5, -1}, new double[] {-1, 0.5, 2, 1}, new double[] {0, -1, 0.3, 0.7});

    /** A sum of two products of normal densities, written out. */
    @Test
    void mixture_goldenValue() {
        double[] z = {0.3, -0.4};
        double weight = Math.exp(0.5) / (Math.exp(0.5) + Math.exp(-1));
        double first = normal(0.3, -1, 1) * normal(-0.4, 0.5, Math.exp(-1));
        double second = normal(0.3, 2, Math.exp(0.3)) * normal(-0.4, 1, Math.exp(0.7));
        assertThat(MIXTURE.logDensity(z, 0)).isCloseTo(Math.log(weight * first + (1 - weight) * second), within(1e-13));
        double marginal = weight * normal(-0.4, 0.5, Math.exp(-1)) + (1 - weight) * normal(-0.4, 1, Math.exp(0.7));
        assertThat(MIXTURE.logMarginal(1, -0.4)).isCloseTo(Math.log(marginal), within(1e-13));
    }

    private static double normal(double x, double mean, double variance) {
        return Math.exp(-(x - mean) * (x - mean) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
    }

    /** 0.8176·(−1) + 0.1824·2 and 0.8176·0.5 + 0.1824·1: the means of the mixture. */
    @Test
    void mixture_isSampledFrom() {
        double[] sum = new double[2];
        double[] z = new double[2];
        for (int i = 0; i < 40_000; i++) {
            MIXTURE.sample(NoiseStream.of(1, "prior"), i, z, 0);
            sum[0] += z[0] / 40_000;
            sum[1] += z[1] / 40_000;
        }
        assertThat(sum).containsExactly(new double[] {-0.4527, 0.5912}, within(0.03));
    }

    @ParameterizedTest
    @CsvSource({"ENABLED, true", "ENABLED, false", "NONE, true", "NONE, false"})
    void vampPrior_hasTheRightGradient(WorkspaceMode workspaces, boolean miniBatch) {
        MultiLayerNetwork network = network(workspaces, miniBatch, false);
        requireGradient(network, Nd4j.rand(DataType.DOUBLE, 4, 6), Nd4j.rand(DataType.DOUBLE, 4, 6));
    }

    @Test
    void vampPrior_worksWithConvolutionalEncoders() {
        MultiLayerNetwork network = network(WorkspaceMode.ENABLED, true, true);
        INDArray images = Nd4j.rand(DataType.DOUBLE, 3, 1, 3, 2);
        requireGradient(network, images, images.reshape(3, 6));
        assertThat(network.output(images).shape()).containsExactly(3, 6);
    }

    private static MultiLayerNetwork network(WorkspaceMode workspaces, boolean miniBatch, boolean convolutional) {
        Layer encoder = convolutional
                ? new ConvolutionLayer.Builder(2, 2)
                        .nOut(2)
                        .activation(Activation.TANH)
                        .build()
                : new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build();
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .miniBatch(miniBatch)
                .trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces)
                .list()
                .layer(new PseudoInputLayer.Builder()
                        .pseudoInputs(3)
                        .activation(Activation.SIGMOID)
                        .l2(0.01)
                        .build())
                .layer(encoder)
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nOut(2)
                        .beta(0.7)
                        .prior(new LatentPrior.Vamp(3))
                        .build())
                .layer(new OutputLayer.Builder(new LossBernoulli())
                        .nOut(6)
                        .activation(Activation.SIGMOID)
                        .build())
                .setInputType(convolutional ? InputType.convolutional(3, 2, 1) : InputType.feedForward(6)));
    }

    /** The prior of a VampPrior is the mixture of the posteriors of its pseudo-inputs. */
    @Test
    void vampPrior_isTheMixtureOfThePosteriorsOfPseudoInputs() {
        MultiLayerNetwork network = network(WorkspaceMode.NONE, true, false);
        INDArray x = Nd4j.rand(DataType.DOUBLE, 4, 6);
        INDArray h = network.feedForwardToLayer(1, x, false).get(2);
        assertThat(h.size(0)).isEqualTo(7);
        GaussianPosterior q = GaussianPosterior.compute(network.getLayer(2), h);
        assertThat(q.rows()).isEqualTo(4);

        INDArray pseudo = Activation.SIGMOID
                .getActivationFunction()
                .getActivation(network.getParam("0_U").dup(), false);
        GaussianPosterior components = GaussianPosterior.compute(
                network.getLayer(2),
                network.feedForwardToLayer(1, Nd4j.concat(0, pseudo, x), false).get(2));
        double[] z = {0.1, -0.7};
        double[] densities = new double[3];
        for (int k = 0; k < 3; k++) {
            densities[k] = 1;
            for (int j = 0; j < 2; j++) {
                densities[k] *= normal(
                        z[j], components.mean()[k * 2 + j], Math.exp(components.logVariance()[k * 2 + j]));
            }
        }
        assertThat(q.prior().logDensity(z, 0))
                .isCloseTo(Math.log(Arrays.stream(densities).average().orElseThrow()), within(1e-12));
    }

    @Test
    void vampPrior_survivesJson_andRefusesOtherInputs() {
        MultiLayerConfiguration configuration =
                network(WorkspaceMode.NONE, true, true).getLayerWiseConfigurations();
        assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);

        MultiLayerNetwork without = initialized(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new GaussianLatentLayer.Builder()
                        .nIn(6)
                        .nOut(2)
                        .prior(new LatentPrior.Vamp(9))
                        .build())
                .layer(output(new LossBernoulli(), 2, 6, Activation.SIGMOID)));
        INDArray x = Nd4j.rand(DataType.FLOAT, 4, 6);
        assertThatThrownBy(() -> GaussianPosterior.compute(without.getLayer(0), x))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("the input must have more than 9 rows, got 4")
                .hasMessageContaining("put a PseudoInputLayer with 9 pseudo-inputs below");
        INDArray many = Nd4j.rand(DataType.FLOAT, 30, 6);
        assertThatThrownBy(() -> without.fit(new DataSet(many, many)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("must find 9 pseudo-inputs after the 30 examples of the mini-batch, got 0");
        assertThatThrownBy(() -> new PseudoInputLayer.Builder().nIn(3).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pseudoInputs must be at least 1, got 0");
        assertThatThrownBy(() -> network(WorkspaceMode.NONE, true, false).output(Nd4j.rand(DataType.DOUBLE, 2, 5)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("features or images of 6 values");
    }
}
