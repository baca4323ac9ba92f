package io.github.dl4jae.updater;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** The requirements of Deeplearning4j on updaters, for each updater of this library. */
class UpdatersInNetworksTest {

    /** Creates an updater that follows a schedule, or has a fixed learning rate of 0.1 if the schedule is null. */
    static Stream<Named<Function<ISchedule, IUpdater>>> updaters() {
        return Stream.of(
                Named.of("FastAdam", schedule -> adam(schedule)),
                Named.of("AdamMini", schedule -> new AdamMini(adam(schedule), 5)));
    }

    private static FastAdam adam(ISchedule schedule) {
        return schedule == null ? new FastAdam(0.1) : new FastAdam(schedule);
    }

    private static MultiLayerNetwork network(IUpdater updater) {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(2)
                .list()
                .layer(new DenseLayer.Builder()
                        .updater(updater)
                        .biasUpdater(new Sgd(0.1)) // a block of its own
                        .nIn(5)
                        .nOut(9)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(new LossMSE())
                        .updater(new Sgd(0.1))
                        .nIn(9)
                        .nOut(5)
                        .activation(Activation.IDENTITY)
                        .build()));
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void savedNetwork_continuesAsBefore(Function<ISchedule, IUpdater> updater) throws IOException {
        INDArray x = Nd4j.rand(DataType.FLOAT, 6, 5);
        DataSet data = new DataSet(x, x);
        MultiLayerNetwork network = network(updater.apply(null));
        network.fit(data);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, file, true);
        MultiLayerNetwork restored =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true);

        network.fit(data);
        restored.fit(data);

        assertThatArray(restored.params()).isEqualTo(network.params());
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void schedule_movesTheLearningRateAndSurvivesJson(Function<ISchedule, IUpdater> updater) {
        IUpdater scheduled = updater.apply(new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.5));
        assertThat(scheduled.getLearningRate(2, 0)).isCloseTo(0.025, within(1e-12));
        MultiLayerConfiguration configuration = network(scheduled).getLayerWiseConfigurations();
        IUpdater restored = ((DenseLayer) MultiLayerConfiguration.fromJson(configuration.toJson())
                        .getConf(0)
                        .getLayer())
                .getIUpdater();
        assertThat(restored).isEqualTo(scheduled).hasSameHashCodeAs(scheduled).hasToString(scheduled.toString());
        assertThat(scheduled.clone()).isEqualTo(scheduled).isNotSameAs(scheduled);
        assertThat(scheduled).isNotEqualTo(updater.apply(new FixedSchedule(0.1)));
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void learningRate_isSet_butNotThatOfClones(Function<ISchedule, IUpdater> updater) {
        IUpdater own = updater.apply(null);
        IUpdater clone = own.clone();
        MultiLayerNetwork network = network(own);

        network.setLearningRate(0.25);

        assertThat(network.getLearningRate(0)).isEqualTo(0.25);
        assertThat(clone.getLearningRate(0, 0)).isEqualTo(0.1);
    }

    @Test
    void blocksThatDoNotFitTheLayer_areRefused() {
        INDArray x = Nd4j.rand(DataType.FLOAT, 6, 5);
        assertThatThrownBy(() -> network(new AdamMini(0.1, 7)).fit(new DataSet(x, x)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be a multiple of blockLength, 7, got 45");
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void stateByName_isTakenAndGiven(Function<ISchedule, IUpdater> updater) {
        INDArray m = Nd4j.ones(DataType.FLOAT, 5);
        INDArray v = Nd4j.ones(DataType.FLOAT, updater.apply(null).stateSize(5) - 5);
        GradientUpdater<?> step = updater.apply(null).instantiate(Map.of("M", m, "V", v), false);
        assertThat(step.getState()).containsEntry("M", m).containsEntry("V", v);
        assertThatThrownBy(() -> updater.apply(null).instantiate(Map.of("M", m), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the state must have the entries M and V, got [M]");
    }
}
