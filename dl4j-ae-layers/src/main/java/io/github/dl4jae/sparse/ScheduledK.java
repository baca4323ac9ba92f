package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.TrainingTime;
import io.github.dl4jae.schedule.ScheduleValues;
import java.io.Serializable;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The number of units that a {@link TopKLayer} keeps.
 *
 * <pre>
 * k(t) = round(schedule(iteration, epoch)); min(round(α·k(t)), n) at test time
 * </pre>
 *
 * @param schedule k by iteration or epoch
 * @param alpha α, at least 1
 */
record ScheduledK(ISchedule schedule, double alpha) implements Serializable {

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if the schedule is null, or α is below 1 or not finite
     */
    ScheduledK {
        Require.that(
                schedule != null, "TopKLayer", "k must be set", "none", "call k(int) or k(ISchedule) on the builder");
        ActivationTopK.requireAlpha("TopKLayer", alpha);
    }

    /**
     * Returns the number of units kept at a time.
     *
     * @param n the number of units
     * @throws IllegalArgumentException if k is not in [1, n]
     */
    int at(TrainingTime time, boolean training, String subject, long n) {
        double scheduled = schedule.valueAt(time.iteration(), time.epoch());
        requireFits(scheduled, "at iteration " + time.iteration() + ", epoch " + time.epoch(), subject, n);
        return (int) (training ? Math.round(scheduled) : Math.min(Math.round(alpha * Math.round(scheduled)), n));
    }

    /**
     * Checks the first value and all values that can be enumerated.
     *
     * @param n the number of units
     * @throws IllegalArgumentException if k is not in [1, n]
     */
    void requireFits(TrainingTime start, String subject, long n) {
        requireFits(schedule.valueAt(start.iteration(), start.epoch()), "at the start", subject, n);
        ScheduleValues.of(schedule).forEach((when, value) -> requireFits(value, when, subject, n));
    }

    private static void requireFits(double scheduled, String when, String subject, long n) {
        boolean whole = scheduled == Math.rint(scheduled);
        Require.that(
                Math.round(scheduled) >= 1 && Math.round(scheduled) <= n,
                subject,
                "k must be in [1, " + n + "] (the layer has " + n + " units)",
                (whole ? String.valueOf((long) scheduled) : scheduled + ", rounded,") + " " + when,
                "change the schedule or widen the layer");
    }
}
