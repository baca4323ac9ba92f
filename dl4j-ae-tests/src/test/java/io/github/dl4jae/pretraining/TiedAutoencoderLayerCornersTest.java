package io.github.dl4jae.pretraining;

import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.penalty.ActivityPenalty;
import io.github.dl4jae.penalty.KLSparsityPenalty;
import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.testing.DefaultType;
import io.github.dl4jae.testing.Surrounded;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Frozen layers after pretraining, and penalties that do not fit the activation. */
class TiedAutoencoderLayerCornersTest {

    private static MultiLayerNetwork network(Layer layer, int codes) {
        return Surrounded.network(5, 4, layer, codes, 2);
    }

    private static TiedAutoencoderLayer.Builder tied(Activation activation, ActivityPenalty penalty) {
        return new TiedAutoencoderLayer.Builder()
                .name("tied")
                .nIn(4)
                .nOut(3)
                .activation(activation)
                .penalty(penalty);
    }

    /** The forward pass is then inference without dropout, and backprop matches it. */
    @DefaultType(DataType.DOUBLE)
    @Test
    void gradientBelowAFrozenLayerWithDropout_isThatOfTheScore() {
        Nd4j.getRandom().setSeed(6);
        MultiLayerNetwork network = network(
                new FrozenLayerWithBackprop(
                        tied(Activation.SIGMOID, null).dropOut(0.5).build()),
                3);
        requireGradient(
                network, Nd4j.rand(DataType.DOUBLE, 4, 5), Nd4j.rand(DataType.DOUBLE, 4, 2), "1_W", "1_b", "1_vb");
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"IDENTITY", "RELU", "TANH", "SOFTPLUS", "LEAKYRELU"})
    void klSparsity_ofAnActivationThatLeavesTheUnitInterval_isRefused(Activation activation) {
        KLSparsityPenalty kl = new KLSparsityPenalty(0.05, 1);
        assertThatThrownBy(() -> network(tied(activation, kl).build(), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'tied'")
                .hasMessageContaining(
                        "KLSparsityPenalty needs activations in [0, 1], got " + activation.getActivationFunction())
                .hasMessageContaining("use SIGMOID, or L1Penalty for unbounded activations");
        assertThatCode(() -> network(tied(activation, new L1Penalty(1)).build(), 3))
                .doesNotThrowAnyException();
        assertThatCode(() -> network(tied(Activation.SIGMOID, kl).build(), 3)).doesNotThrowAnyException();
        assertThatCode(() -> network(tied(Activation.HARDSIGMOID, kl).build(), 3))
                .doesNotThrowAnyException();
    }

    @Test
    void klSparsity_ofABoltzmannMachine_isForBinaryHiddenUnits() {
        KLSparsityPenalty kl = new KLSparsityPenalty(0.05, 1);
        for (RestrictedBoltzmannLayer.Unit unit : new RestrictedBoltzmannLayer.Unit[] {
            RestrictedBoltzmannLayer.Unit.GAUSSIAN, RestrictedBoltzmannLayer.Unit.RECTIFIED
        }) {
            RestrictedBoltzmannLayer.Builder builder = new RestrictedBoltzmannLayer.Builder().hidden(unit);
            assertThatThrownBy(() -> builder.penalty(kl).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("RestrictedBoltzmannLayer with " + unit + " hidden units")
                    .hasMessageContaining("KLSparsityPenalty needs activations in [0, 1]");
            assertThatCode(() -> builder.penalty(new L1Penalty(1)).build()).doesNotThrowAnyException();
        }
        assertThatCode(() -> new RestrictedBoltzmannLayer.Builder()
                        .hidden(RestrictedBoltzmannLayer.Unit.BINARY)
                        .penalty(kl)
                        .build())
                .doesNotThrowAnyException();
    }

    @Test
    void activation_ofABoltzmannMachine_isRefused() {
        RestrictedBoltzmannLayer.Builder builder = new RestrictedBoltzmannLayer.Builder();
        builder.nIn(4).nOut(3).activation(Activation.TANH);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RestrictedBoltzmannLayer: activation must not be set, got tanh")
                .hasMessageContaining("the activation follows from hidden(Unit)");
    }

    @Test
    void inputOfTheWrongWidth_isToldByTheLayerBelow() {
        TiedAutoencoderLayer wide = tied(Activation.SIGMOID, null).nIn(7).build();
        INDArray x = Nd4j.zeros(DataType.DOUBLE, 2, 5);
        assertThatThrownBy(() -> network(wide, 3).output(x))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("'tied'")
                .hasMessageContaining("the layer below (number 0) outputs 4 values, so set nIn to 4");
    }
}
