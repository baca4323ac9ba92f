package io.github.dl4jae.sparse;

import static io.github.dl4jae.sparse.PenaltyNetworks.base;
import static io.github.dl4jae.sparse.PenaltyNetworks.layer;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.dense;
import static io.github.dl4jae.testing.StockLayers.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.RealImages;
import io.github.dl4jae.penalty.ActivityPenalty;
import io.github.dl4jae.penalty.KLSparsityPenalty;
import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.penalty.L2Penalty;
import io.github.dl4jae.testing.DefaultType;
import io.github.dl4jae.testing.LayerContract;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

@Tag("slow")
@DefaultType(DataType.DOUBLE)
class ActivityRegularizationLayerTest {
    @ParameterizedTest
    @MethodSource("io.github.dl4jae.sparse.PenaltyNetworks#penalties")
    void contract_withEachPenalty_holds(ActivityPenalty penalty) {
        LayerContract.verify(layer(penalty));
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jae.sparse.InputTypes#sequencesAndImages")
    void contract_onSequencesAndImages_holds(InputType input) {
        LayerContract.of(layer(new KLSparsityPenalty(0.05, 3))).input(input).verify();
    }

    @Test
    void activations_outsideTheUnitIntervalUnderKl_areRefused() {
        MultiLayerNetwork network = initialized(base().list()
                .layer(dense(3, 4, Activation.IDENTITY))
                .layer(layer(new KLSparsityPenalty(0.05, 1)))
                .layer(output(new LossL2(), 4, 3, Activation.IDENTITY)));
        INDArray x = Nd4j.rand(DataType.DOUBLE, 2, 3).muli(9);

        assertThatThrownBy(() -> network.fit(x, x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("activations must lie in [0, 1], got values from");
    }

    @Test
    void penalty_unset_isRefused() {
        assertThatThrownBy(() -> new ActivityRegularizationLayer.Builder().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("penalty must be set, got none");
    }

    @Test
    void equality_looksAtEverySetting() {
        assertThat(layer(new L1Penalty(1)))
                .isEqualTo(layer(new L1Penalty(1)))
                .hasSameHashCodeAs(layer(new L1Penalty(1)))
                .isNotEqualTo(layer(new L1Penalty(2)))
                .isNotEqualTo(layer(new L2Penalty(1)));
    }

    @DefaultType(DataType.FLOAT)
    @Test
    void klPenalty_onRealImages_bringsTheMeanActivationToItsTarget() {
        LabeledImages images = RealImages.mnistTrain().first(4_000);
        MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(3e-3))
                .list()
                .layer(dense(784, 100, Activation.SIGMOID))
                .layer(layer(new KLSparsityPenalty(0.1, 20)))
                .layer(output(new LossL2(), 100, 784, Activation.SIGMOID)));
        double before =
                network.feedForward(images.features()).get(1).meanNumber().doubleValue();

        network.fit(images.iterator(200).shuffle(1).build(), 10);

        double after =
                network.feedForward(images.features()).get(1).meanNumber().doubleValue();
        assertThat(before).isGreaterThan(0.4);
        assertThat(after).isBetween(0.08, 0.13);
    }
}
