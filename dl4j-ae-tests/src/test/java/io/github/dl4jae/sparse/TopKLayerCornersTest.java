package io.github.dl4jae.sparse;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.schedule.CyclicalSchedule;
import io.github.dl4jae.schedule.GeometricSchedule;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Schedules that leave [1, n] after the first iterations. */
class TopKLayerCornersTest {

    static Stream<Arguments> schedules() {
        return Stream.of(
                Arguments.of(new GeometricSchedule(ScheduleType.ITERATION, 4, 0.1, 5), "got 0.1, rounded, at the end"),
                Arguments.of(new GeometricSchedule(ScheduleType.EPOCH, 4, 80, 1000), "got 80 at the end"),
                Arguments.of(
                        new CyclicalSchedule(ScheduleType.ITERATION, 4, 0.2, 6, 0.5, 2),
                        "got 0.2, rounded, at the end"));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void network_whoseKWillNotFit_isRefusedBeforeTraining(ISchedule k, String value) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(8).build())
                .layer(new TopKLayer.Builder().name("top").nIn(8).k(k).build())
                .layer(new OutputLayer.Builder(new LossMSE()).nIn(8).nOut(5).build())
                .build());

        assertThatThrownBy(network::init)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TopKLayer 'top'")
                .hasMessageContaining("[1, 8]")
                .hasMessageContaining(value + " of the schedule");
    }
}
