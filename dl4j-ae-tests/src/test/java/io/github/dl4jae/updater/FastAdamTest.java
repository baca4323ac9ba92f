package io.github.dl4jae.updater;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.testing.FloatTypes;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
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
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class FastAdamTest {

    @ParameterizedTest
    @FloatTypes
    void steps_areThoseOfAdam(DataType type) {
        long n = 100_003; // several chunks and blocks, and a rest
        IUpdater fast = new FastAdam(0.02, 0.8, 0.99, 1e-7);
        INDArray fastState = Nd4j.create(type, 1, 2 * n).assign(5);
        INDArray stockState = fastState.dup();
        GradientUpdater<?> a = fast.instantiate(fastState, true);
        GradientUpdater<?> b = new Adam(0.02, 0.8, 0.99, 1e-7).instantiate(stockState, true);
        Nd4j.getRandom().setSeed(1);
        for (int t = 0; t < 4; t++) {
            INDArray g = Nd4j.randn(type, n);
            INDArray h = g.dup();
            a.applyUpdater(g, t, 0);
            b.applyUpdater(h, t, 0);
            assertThat(g.sub(h).amaxNumber().doubleValue()).isLessThan(1e-7);
            assertThat(fastState.sub(stockState).amaxNumber().doubleValue()).isLessThan(1e-5);
        }
    }

    /** t = 1: m = 0.1·g, v = 0.001·g², the step is η·g/(|g| + ε′), so ±η whatever the gradient. */
    @Test
    void firstStep_isTheLearningRate() {
        INDArray state = Nd4j.create(DataType.FLOAT, 1, 6);
        INDArray g = Nd4j.createFromArray(3f, -0.01f, 0f);
        new FastAdam(0.5).instantiate(state, true).applyUpdater(g, 0, 0);
        assertThat(g.toDoubleVector()).containsExactly(new double[] {0.5, -0.5, 0}, within(2e-5));
        assertThat(state.toDoubleVector()).containsExactly(new double[] {0.3, -0.001, 0, 0.009, 1e-7, 0}, within(1e-6));
    }

    private static MultiLayerNetwork network(IUpdater updater) {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(2)
                .updater(updater)
                .list()
                .layer(dense(5, 9, Activation.TANH))
                .layer(new OutputLayer.Builder(new LossMSE())
                        .biasUpdater(new Sgd(0.1)) // a block of its own
                        .nIn(9)
                        .nOut(5)
                        .activation(Activation.IDENTITY)
                        .build()));
    }

    static Stream<Arguments> pairs() {
        ISchedule schedule = new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.5);
        return Stream.of(
                Arguments.of(new Adam(0.01), new FastAdam(0.01)),
                Arguments.of(new FastAdam(0.01), new Adam(0.01)),
                Arguments.of(new Adam(schedule), new FastAdam(schedule)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void checkpoints_loadBothWays(IUpdater first, IUpdater second) {
        INDArray x = Nd4j.rand(DataType.FLOAT, 6, 5);
        DataSet data = new DataSet(x, x);
        MultiLayerNetwork trained = network(first);
        for (int i = 0; i < 3; i++) {
            trained.fit(data);
        }
        MultiLayerNetwork other = network(second);
        other.setParams(trained.params().dup());
        other.getUpdater().setStateViewArray(other, trained.getUpdater().getStateViewArray(), false);
        other.setIterationCount(trained.getIterationCount());
        trained.fit(data);
        other.fit(data);
        assertThatArray(other.params()).isCloseTo(trained.params(), 1e-6);
    }

    @Test
    void like_hasTheSettingsOfAdam() {
        assertThat(FastAdam.like(new Adam(0.3, 0.4, 0.5, 0.6))).isEqualTo(new FastAdam(0.3, 0.4, 0.5, 0.6));
    }

    @Test
    void toAdam_hasTheSettingsAndACopyOfTheSchedule() {
        assertThat(new FastAdam(0.3, 0.4, 0.5, 0.6).toAdam()).isEqualTo(new Adam(0.3, 0.4, 0.5, 0.6));
        ISchedule schedule = new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.5);
        Adam adam = new FastAdam(schedule).toAdam();
        assertThat(adam).isEqualTo(new Adam(schedule));
        assertThat(adam.getLearningRateSchedule()).isNotSameAs(schedule);
        assertThat(FastAdam.like(adam)).isEqualTo(new FastAdam(schedule));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void decay_outOfRange_isRefused(double decay) {
        assertThatThrownBy(() -> new FastAdam(0.1, decay, 0.9, 1e-8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("beta1 must be in [0, 1)");
        assertThatThrownBy(() -> new FastAdam(0.1, 0.9, decay, 1e-8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("beta2 must be in [0, 1)");
        assertThatThrownBy(() -> new FastAdam(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be negative, got -1.0");
        assertThatThrownBy(() -> new FastAdam(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got NaN");
        assertThatThrownBy(() -> new FastAdam(0.1, 0.9, 0.9, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("epsilon must be above 0");
    }
}
