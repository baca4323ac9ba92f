package io.github.dl4jae.compression;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** Rounding passes gradients on unchanged, and the rate has its gradient at the rounded code. */
class DeclaredSurrogatesTest {

    private static final double WEIGHT = 0.3;
    private static final int CHANNELS = 3;
    private static final INDArray Y = Nd4j.createFromArray(
            new double[][] {{0.4, -1.6, 2.2}, {0.6, 7.49, -0.2}, {-3.5, 1e4, 0.1}, {1.4, 0.9, 5.1}});
    private static final INDArray ROUNDED =
            Nd4j.createFromArray(new double[][] {{0, -2, 2}, {1, 7, 0}, {-4, 1e4, 0}, {1, 1, 5}});
    private static final INDArray EPSILON =
            Nd4j.createFromArray(new double[][] {{1, 2, 3}, {-1, 0.5, 0}, {0.25, -4, 2}, {0, 0, 1}});

    private static FactorizedPriorLayer layer(Quantization quantization) {
        return new FactorizedPriorLayer.Builder()
                .nIn(CHANNELS)
                .rateWeight(WEIGHT)
                .initialScale(2)
                .quantization(quantization)
                .build();
    }

    private static MultiLayerNetwork network(Layer layer) {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .list()
                .layer(layer)
                .layer(new LossLayer.Builder(new LossL2())
                        .activation(Activation.IDENTITY)
                        .build()));
    }

    private static INDArray backward(MultiLayerNetwork network, INDArray y, boolean training) {
        network.initGradientsView();
        network.setInputMiniBatchSize((int) y.size(0));
        org.deeplearning4j.nn.api.Layer layer = network.getLayer(0);
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
        assertThatArray(layer.activate(y, training, workspaces)).isCloseTo(ROUNDED, 0);
        return layer.backpropGradient(EPSILON, workspaces).getSecond();
    }

    /** The gradient of the rate of noisy values, which the gradient check proves, at values that happen to be whole. */
    private static INDArray rateGradient(MultiLayerNetwork network) {
        List<CumulativeNetwork> channels =
                FactorizedPriorParamInitializer.networks(network.getLayer(0).paramTable());
        RatePass pass = new RatePass(channels, ROUNDED.data().asDouble(), new int[] {0, 1, 2, 3});
        return Nd4j.createFromArray(pass.sharedGradient()).reshape(ROUNDED.shape());
    }

    @Test
    void straightThrough_passesTheGradientOn_andAddsThatOfTheRateAtRoundedCodes() {
        MultiLayerNetwork network = network(layer(Quantization.STRAIGHT_THROUGH));

        INDArray gradient = backward(network, Y, true);

        assertThatArray(gradient).isCloseTo(EPSILON.add(rateGradient(network).mul(WEIGHT)), 1e-12);
    }

    @Test
    void frozen_passesTheGradientOn_withoutTheRate() {
        MultiLayerNetwork network = network(new FrozenLayerWithBackprop(layer(Quantization.NOISE)));

        assertThatArray(backward(network, Y, true)).isCloseTo(EPSILON, 0);
    }

    /** Far in the tail p is 0; the floor caps the rate, and the gradient is that of p. */
    @Test
    void codeInTheTail_costsTheFloor_andHasAGradientTowardTheCenter() {
        FactorizedPrior prior = FactorizedPrior.of(network(layer(Quantization.NOISE)));
        assertThat(prior.bits(1, 1e4)).isCloseTo(-Math.log(1e-9) / Math.log(2), within(1e-12));
        double[] tail = {50, -50, 0};

        RatePass pass = new RatePass(
                FactorizedPriorParamInitializer.networks(
                        network(layer(Quantization.NOISE)).getLayer(0).paramTable()),
                tail,
                new int[] {0});

        assertThat(prior.bits(0, 50)).isGreaterThan(29.8);
        assertThat(pass.sharedGradient()[0]).isPositive();
        assertThat(pass.sharedGradient()[1]).isNegative();
    }
}
