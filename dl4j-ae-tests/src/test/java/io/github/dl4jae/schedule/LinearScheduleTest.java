package io.github.dl4jae.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.schedule.ScheduleType;

class LinearScheduleTest {

    @ParameterizedTest
    @CsvSource({"0, 100", "1, 85", "4, 40", "5, 25", "6, 25", "1000, 25"})
    void value_goesInEqualSteps_andStays(int t, double expected) {
        assertThat(new LinearSchedule(ScheduleType.EPOCH, 100, 25, 5).valueAt(77, t))
                .isEqualTo(expected);
        assertThat(new LinearSchedule(ScheduleType.ITERATION, 100, 25, 5).valueAt(t, 77))
                .isEqualTo(expected);
    }

    @Test
    void wrongSettings_areRefused() {
        assertThatThrownBy(() -> new LinearSchedule(ScheduleType.EPOCH, 1, 2, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length must be at least 1, got 0");
        assertThatThrownBy(() -> new LinearSchedule(ScheduleType.EPOCH, Double.NaN, 2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be finite");
    }
}
