package io.github.dl4jae.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.schedule.ScheduleType;

class GeometricScheduleTest {

    @ParameterizedTest
    @CsvSource({"0, 10", "1, 3.1622776601683795", "2, 1", "4, 0.1", "5, 0.1", "1000, 0.1"})
    void value_goesByEqualFactors_andStays(int t, double expected) {
        assertThat(new GeometricSchedule(ScheduleType.EPOCH, 10, 0.1, 4).valueAt(77, t))
                .isCloseTo(expected, within(1e-12));
        assertThat(new GeometricSchedule(ScheduleType.ITERATION, 10, 0.1, 4).valueAt(t, 77))
                .isCloseTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void ends_thatAreNotPositive_areRefused(double value) {
        assertThatThrownBy(() -> new GeometricSchedule(ScheduleType.EPOCH, value, 1, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be above 0 and finite");
        assertThatThrownBy(() -> new GeometricSchedule(ScheduleType.EPOCH, 1, value, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be above 0 and finite");
    }

    @Test
    void length_belowOne_isRefused() {
        assertThatThrownBy(() -> new GeometricSchedule(ScheduleType.EPOCH, 1, 2, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length must be at least 1, got 0");
    }
}
