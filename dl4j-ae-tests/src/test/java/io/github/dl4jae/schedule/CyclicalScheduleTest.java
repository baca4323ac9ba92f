package io.github.dl4jae.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class CyclicalScheduleTest {

    /** Period 10, rising for half of it, two cycles: by hand. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0.2", "4, 0.8", "5, 1", "9, 1", "10, 0", "13, 0.6", "19, 1", "20, 1", "1000, 1"})
    void value_risesHoldsAndBeginsAgain(int t, double expected) {
        ISchedule schedule = new CyclicalSchedule(ScheduleType.ITERATION, 0, 1, 10, 0.5, 2);
        assertThat(schedule.valueAt(t, 0)).isCloseTo(expected, within(1e-12));
        assertThat(new CyclicalSchedule(ScheduleType.EPOCH, 0, 1, 10, 0.5, 2).valueAt(0, t))
                .isCloseTo(expected, within(1e-12));
    }

    @Test
    void wrongSettings_areClearErrors() {
        assertThatThrownBy(() -> new CyclicalSchedule(null, 0, 1, 10, 0.5, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scheduleType");
        assertThatThrownBy(() -> new CyclicalSchedule(ScheduleType.EPOCH, Double.NaN, 1, 10, 0.5, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from and to must be finite");
        assertThatThrownBy(() -> new CyclicalSchedule(ScheduleType.EPOCH, 0, 1, 0, 0.5, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be at least 1, got 0 and 2");
        assertThatThrownBy(() -> new CyclicalSchedule(ScheduleType.EPOCH, 0, 1, 10, 1.5, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rising must be in (0, 1], got 1.5");
    }
}
