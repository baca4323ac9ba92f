package io.github.dl4jae.compression;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.RefusesNull.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.testing.RefusesNull;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

class FactorizedPriorLayerTest implements RefusesNull {

    private static FactorizedPriorLayer.Builder prior() {
        return new FactorizedPriorLayer.Builder().nIn(2).rateWeight(0.5);
    }

    private static NeuralNetConfiguration.ListBuilder layers(FactorizedPriorLayer.Builder layer, double rate) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(rate == 0 ? new Sgd(0) : new Adam(rate))
                .l2(0.1)
                .list()
                .layer(layer.build())
                .layer(new LossLayer.Builder(new LossL2())
                        .activation(Activation.IDENTITY)
                        .build());
    }

    private static MultiLayerNetwork network(FactorizedPriorLayer.Builder layer) {
        return initialized(layers(layer, 0));
    }

    @Test
    void inference_rounds() {
        INDArray y = Nd4j.createFromArray(new double[][] {{0.4, -1.6}, {2.51, -0.2}});

        assertThatArray(network(prior()).output(y)).isEqualTo(Nd4j.createFromArray(new double[][] {{0, -2}, {3, 0}}));
    }

    @Test
    void scoreAtInference_isTheDistortionPlusTheWeightedBitsPerExample() {
        MultiLayerNetwork network = network(prior());
        INDArray y = Nd4j.createFromArray(new double[][] {{0.4, -1.6}, {2.51, -0.2}, {9, 0}});
        INDArray rounded = network.output(y);
        FactorizedPrior prior = FactorizedPrior.of(network);

        double bits = prior.bits(0, 0)
                + prior.bits(1, -2)
                + prior.bits(0, 3)
                + prior.bits(1, 0)
                + prior.bits(0, 9)
                + prior.bits(1, 0);

        double distortion = Math.pow(y.sub(rounded).norm2Number().doubleValue(), 2);
        assertThat(network.score(new DataSet(y, y))).isCloseTo((distortion + 0.5 * bits) / 3, within(1e-12));
        assertThat(prior.bits(rounded)).isCloseTo(bits, within(1e-12));
    }

    @Test
    void training_addsUniformNoise() {
        INDArray noise = network(prior())
                .feedForward(Nd4j.zeros(DataType.DOUBLE, 20_000, 2), true)
                .get(1);

        assertThat(noise.maxNumber().doubleValue()).isBetween(0.499, 0.5);
        assertThat(noise.minNumber().doubleValue()).isBetween(-0.5, -0.499);
        assertThat(noise.meanNumber().doubleValue()).isCloseTo(0, within(0.005));
        assertThat(noise.varNumber().doubleValue()).isCloseTo(1.0 / 12, within(0.002));
    }

    /** The cross entropy of the codes under the prior tends to their entropy, here 1.5 bits. */
    @Tag("slow")
    @Test
    void trainedPrior_codesWithTheEntropyOfItsSource() {
        MultiLayerNetwork network = initialized(layers(
                new FactorizedPriorLayer.Builder().nIn(1).rateWeight(1).quantization(Quantization.STRAIGHT_THROUGH),
                0.02));
        double[] codes = {3, 3, 3, 3, 4, 4, 2, 2}; // p = ½, ¼, ¼
        INDArray y = Nd4j.createFromArray(codes).reshape(8, 1);
        DataSet data = new DataSet(y, y);

        for (int i = 0; i < 2000; i++) {
            network.fit(data);
        }

        assertThat(FactorizedPrior.of(network).bits(y) / 8).isBetween(1.5, 1.55);
    }

    @Test
    void cumulative_risesFrom0To1() {
        FactorizedPrior prior = FactorizedPrior.of(network(prior()));

        assertThat(prior.channels()).isEqualTo(2);
        assertThat(prior.cumulative(1, -1000)).isCloseTo(0, within(1e-12));
        assertThat(prior.cumulative(1, 1)).isLessThan(prior.cumulative(1, 1.5));
        assertThat(prior.cumulative(1, 1000)).isCloseTo(1, within(1e-12));
    }

    static Stream<Arguments> nulls() {
        return Stream.of(
                call("quantization must be given", () -> prior().quantization(null)),
                call("network must be a MultiLayerNetwork or a ComputationGraph", () -> FactorizedPrior.of(null)),
                call("codes must be given", () -> FactorizedPrior.of(network(prior()))
                        .bits(null)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void weightAndScale_mustBePositive(double value) {
        assertThatThrownBy(() -> prior().rateWeight(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rateWeight must be above 0");
        assertThatThrownBy(() -> prior().initialScale(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("initialScale must be above 0");
    }

    static Stream<Arguments> wrongUses() {
        MultiLayerNetwork network = network(prior());
        FactorizedPrior prior = FactorizedPrior.of(network);
        return Stream.of(
                call(
                        "rateWeight",
                        () -> new FactorizedPriorLayer.Builder().nIn(2).build()),
                call("activation must not be set", () -> prior().activation(Activation.TANH)
                        .build()),
                call("channel must be in [0, 2), got 2", () -> prior.bits(2, 0)),
                call("codes must have 2 channels", () -> prior.bits(Nd4j.zeros(4, 3))));
    }

    @ParameterizedTest
    @MethodSource("wrongUses")
    void wrongUse_isRefused(String message, ThrowingCallable use) {
        assertThatThrownBy(use).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    @Test
    void networkWithoutPrior_isRefused() {
        MultiLayerNetwork network = initialized(
                new NeuralNetConfiguration.Builder().list().layer(new LossLayer.Builder(new LossL2()).build()));

        assertThatThrownBy(() -> FactorizedPrior.of(network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have one FactorizedPriorLayer, got 0");
    }

    @Test
    void missingSize_isRefused() {
        assertThatThrownBy(() -> network(new FactorizedPriorLayer.Builder().rateWeight(1)))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("nIn must be above 0");
    }

    @Test
    void otherChannels_areRefused() {
        assertThatThrownBy(() -> network(prior()).output(Nd4j.zeros(DataType.DOUBLE, 3, 4)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("the input must have 2 channels, got [3, 4]");
    }

    /** NaN parameters give no probabilities to code with. */
    @Test
    void parametersThatAreNotFinite_areRefused() {
        MultiLayerNetwork network = network(prior());
        network.getParam("0_a").assign(Double.NaN);

        assertThatThrownBy(() -> FactorizedPrior.of(network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parameters must be finite");
    }
}
