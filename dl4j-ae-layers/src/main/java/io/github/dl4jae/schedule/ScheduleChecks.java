package io.github.dl4jae.schedule;

import io.github.dl4jae.internal.layer.Require;
import org.nd4j.linalg.schedule.ScheduleType;

/** Checks of the arguments that the schedules share. */
final class ScheduleChecks {

    private ScheduleChecks() {}

    static void requireType(String schedule, ScheduleType type) {
        Require.given(schedule, "scheduleType", type, "use ITERATION or EPOCH");
    }

    static void requireFinite(String schedule, double from, double to) {
        boolean finite = Double.isFinite(from) && Double.isFinite(to);
        Require.that(finite, schedule, "from and to must be finite", from + " and " + to, "");
    }

    static void requireLength(String schedule, int length) {
        Require.atLeast(1, schedule, "length", length, "for a constant use FixedSchedule of Deeplearning4j");
    }
}
