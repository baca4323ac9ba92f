package io.github.dl4jae.concrete;

import static io.github.dl4jae.concrete.SelectorNetworks.network;
import static io.github.dl4jae.concrete.SelectorNetworks.selector;
import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.schedule.GeometricSchedule;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.testing.CapturedLog;
import io.github.dl4jae.testing.DefaultType;
import io.github.dl4jae.testing.Surrounded;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.profiler.ProfilerConfig;
import org.nd4j.linalg.schedule.ScheduleType;

/** A selector without the gradient of its input, frozen, or with settings that do not suit it. */
class ConcreteSelectorLayerCornersTest {

    private static INDArray examples() {
        Nd4j.getRandom().setSeed(4);
        return Nd4j.rand(DataType.DOUBLE, 5, 6);
    }

    private static MultiLayerNetwork behindDense(Layer layer) {
        return Surrounded.network(6, 4, layer, 2, 6);
    }

    @Test
    void inputGradientTurnedOff_trainsUnderTheCheckForNaN() {
        INDArray x = examples();
        MultiLayerNetwork network = network(selector().inputGradient(false), 6, 2, DataType.DOUBLE);
        Nd4j.getExecutioner()
                .setProfilingConfig(ProfilerConfig.builder().checkForNAN(true).build());
        network.fit(new DataSet(x, x));
        network.fit(new DataSet(x, x));
        assertThat(network.score()).isFinite();
        assertThatArray(network.calculateGradients(x, x, null, null).getSecond())
                .isEqualTo(x.mul(0));
    }

    @Test
    void inputGradientTurnedOff_onALaterLayer_isRefused() {
        assertThatThrownBy(() -> behindDense(
                        selector().nIn(4).nOut(2).inputGradient(false).build()))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("ConcreteSelectorLayer 'selector'")
                .hasMessageContaining("inputGradient(false) is for the first layer of a network, got it on layer 1");
    }

    /** Frozen, it copies the features that it has picked, and each gets the gradient of its copies. */
    @DefaultType(DataType.DOUBLE)
    @Test
    void gradientBelowAFrozenLayer_isThatOfTheScore() {
        MultiLayerNetwork network = behindDense(new FrozenLayerWithBackprop(
                selector().nIn(4).nOut(2).duplicatePenalty(3, 1.1).build()));
        network.setParam("1_W", Nd4j.createFromArray(new double[][] {{0.2, 1}, {2, 0.5}, {0.3, 0.9}, {-1, 1.5}}));
        requireGradient(network, examples(), examples().rsub(1), "1_W");
    }

    @Test
    void activation_isRefused() {
        ConcreteSelectorLayer.Builder builder = selector().nIn(6).nOut(2);
        builder.activation(Activation.TANH);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ConcreteSelectorLayer: activation must not be set, got tanh")
                .hasMessageContaining("it passes selected features on unchanged");
    }

    @Test
    void temperature_thatRises_isWarnedOf() {
        assertThat(CapturedLog.of(() -> network(
                        selector().temperature(new GeometricSchedule(ScheduleType.ITERATION, 0.1, 10, 50)),
                        6,
                        2,
                        DataType.FLOAT)))
                .contains("ConcreteSelectorLayer 'selector'")
                .contains("the temperature rises from 0.1 to 10.0, so selectors end undecided; exchange the two");
        assertThat(CapturedLog.of(() -> {
                    network(
                            selector().temperature(new LinearSchedule(ScheduleType.ITERATION, 10, 0.1, 50)),
                            6,
                            2,
                            DataType.FLOAT);
                    network(selector().temperature(0.5), 6, 2, DataType.FLOAT);
                }))
                .doesNotContain("temperature rises");
    }
}
