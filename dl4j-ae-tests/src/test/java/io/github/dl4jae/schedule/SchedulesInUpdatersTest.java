package io.github.dl4jae.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;

import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** The requirements of Deeplearning4j on schedules, for each schedule of this library. */
class SchedulesInUpdatersTest {

    static Stream<Named<Function<ScheduleType, ISchedule>>> schedules() {
        return Stream.of(
                named("linear", type -> new LinearSchedule(type, 1, 0.1, 9)),
                named("geometric", type -> new GeometricSchedule(type, 1, 0.1, 9)),
                named("cyclical", type -> new CyclicalSchedule(type, 1, 0.1, 9, 0.5, 2)));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void schedule_insideAnUpdater_comesBackFromJson(Function<ScheduleType, ISchedule> schedule) {
        var configuration = new NeuralNetConfiguration.Builder()
                .updater(new Sgd(schedule.apply(ScheduleType.ITERATION)))
                .layer(new DenseLayer.Builder().nIn(2).nOut(2).build())
                .build();

        assertThat(NeuralNetConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void scheduleType_ofNull_isRefusedByName(Function<ScheduleType, ISchedule> schedule) {
        assertThatThrownBy(() -> schedule.apply(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scheduleType must be");
    }
}
