package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.TrainingTime;
import io.github.dl4jae.schedule.ScheduleValues;
import java.io.Serializable;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The number of values that a {@link TopKLayer} keeps.
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
     * Returns the number of values kept at a time.
     *
     * @param choices the values to choose from
     * @throws IllegalArgumentException if k is not in [1, n]
     */
    int at(TrainingTime time, boolean training, String subject, Choices choices) {
        double scheduled = schedule.valueAt(time.iteration(), time.epoch());
        requireFits(scheduled, "at iteration " + time.iteration() + ", epoch " + time.epoch(), subject, choices);
        long k = Math.round(scheduled);
        return (int) (training ? k : Math.min(Math.round(alpha * k), choices.most()));
    }

    /**
     * Checks the first value and all values that can be enumerated.
     *
     * @param choices the values to choose from
     * @throws IllegalArgumentException if k is not in [1, n]
     */
    void requireFits(TrainingTime start, String subject, Choices choices) {
        requireFits(schedule.valueAt(start.iteration(), start.epoch()), "at the start", subject, choices);
        ScheduleValues.of(schedule).forEach((when, value) -> requireFits(value, when, subject, choices));
    }

    private static void requireFits(double scheduled, String when, String subject, Choices choices) {
        boolean whole = scheduled == Math.rint(scheduled);
        Require.that(
                Math.round(scheduled) >= 1 && Math.round(scheduled) <= choices.most(),
                subject,
                choices.requirement(),
                (whole ? String.valueOf((long) scheduled) : scheduled + ", rounded,") + " " + when,
                "change the schedule or widen the layer");
    }

    /**
     * The values of which k are kept.
     *
     * @param n their number, or 0 if it is unknown
     * @param noun the word for them
     */
    record Choices(long n, String noun) {
        long most() {
            return n == 0 ? Integer.MAX_VALUE : n;
        }

        String requirement() {
            return n == 0
                    ? "k must be at least 1"
                    : "k must be in [1, " + n + "] (the layer has " + n + " " + noun + ")";
        }
    }
}
