package io.github.dl4jae.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class ScheduleValuesCornersTest {

    @Test
    void values_ofEachKind_areThoseThatBoundIt() {
        assertThat(ScheduleValues.of(new FixedSchedule(0.3))).containsExactly(entry("at all times", 0.3));
        assertThat(ScheduleValues.of(new LinearSchedule(ScheduleType.EPOCH, 3, 1, 5)))
                .containsExactly(entry("at the start of the schedule", 3.0), entry("at the end of the schedule", 1.0));
        assertThat(ScheduleValues.of(new GeometricSchedule(ScheduleType.ITERATION, 10, 0.1, 5)))
                .containsExactly(entry("at the start of the schedule", 10.0), entry("at the end of the schedule", 0.1));
        assertThat(ScheduleValues.of(new CyclicalSchedule(ScheduleType.ITERATION, 0, 4, 10, 0.5, 4)))
                .containsExactly(entry("at the start of the schedule", 0.0), entry("at the end of the schedule", 4.0));
        assertThat(ScheduleValues.of(new MapSchedule(ScheduleType.EPOCH, Map.of(0, 1.0, 4, 0.5, 2, 7.0))))
                .containsOnly(
                        entry("at step 0 of the schedule", 1.0),
                        entry("at step 2 of the schedule", 7.0),
                        entry("at step 4 of the schedule", 0.5));
    }

    @Test
    void values_ofAKindThatDoesNotTell_areNone() {
        assertThat(ScheduleValues.of(new ExponentialSchedule(ScheduleType.EPOCH, 1, 0.9)))
                .isEmpty();
    }

    /** Every value of a schedule is among the enumerated ones. */
    @Test
    void values_enclose_allOfASchedule() {
        for (ISchedule schedule : new ISchedule[] {
            new LinearSchedule(ScheduleType.ITERATION, 3, -1, 7),
            new GeometricSchedule(ScheduleType.ITERATION, 0.2, 9, 7),
            new CyclicalSchedule(ScheduleType.ITERATION, 4, 1, 5, 0.6, 3)
        }) {
            Map<String, Double> values = ScheduleValues.of(schedule);
            double least = values.values().stream().min(Double::compare).orElseThrow();
            double largest = values.values().stream().max(Double::compare).orElseThrow();
            for (int t = 0; t < 30; t++) {
                assertThat(schedule.valueAt(t, 0)).isBetween(least - 1e-9, largest + 1e-9);
            }
        }
    }
}
