package io.github.dl4jae.concrete;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.schedule.ScheduleValues;
import java.io.Serializable;
import org.nd4j.linalg.schedule.ISchedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The temperature T of a {@link ConcreteSelectorLayer}, above 0 throughout.
 *
 * @param schedule T by iteration or epoch
 */
record Temperature(ISchedule schedule) implements Serializable {

    private static final Logger log = LoggerFactory.getLogger(ConcreteSelectorLayer.class);

    /** Keeps (ℓ + g) / T within float32. */
    private static final double MIN = 1e-30;

    /**
     * Checks the schedule.
     *
     * @throws IllegalArgumentException if it is null, or if its first value or a known later value is not above 0 and
     *     finite
     */
    Temperature {
        Require.that(
                schedule != null,
                "ConcreteSelectorLayer",
                "temperature must be set",
                "none",
                "a usual one is new GeometricSchedule(ScheduleType.ITERATION, 10, 0.1, number of mini-batches in all"
                        + " epochs)");
        requireUsable(schedule.valueAt(0, 0), "at iteration 0, epoch 0");
        ScheduleValues.of(schedule).forEach((when, value) -> requireUsable(value, when));
    }

    /**
     * Returns T.
     *
     * @throws IllegalArgumentException if it is not above 0 and finite
     */
    double at(int iteration, int epoch) {
        return requireUsable(schedule.valueAt(iteration, epoch), "at iteration " + iteration + ", epoch " + epoch);
    }

    private static double requireUsable(double value, String when) {
        Require.that(
                value > MIN && value < Double.POSITIVE_INFINITY,
                "ConcreteSelectorLayer",
                "temperature must be above 0 and finite",
                value + " " + when,
                "a GeometricSchedule never reaches 0");
        return value;
    }

    /** Warns of a rising temperature. Selectors settle while it falls, so a rise undoes what they have learned. */
    void warnIfRising(String subject) {
        Double[] values = ScheduleValues.of(schedule).values().toArray(Double[]::new);
        if (values.length > 1 && values[values.length - 1] > values[0]) {
            log.warn(
                    "{}: the temperature rises from {} to {}, so selectors end undecided; exchange the two",
                    subject,
                    values[0],
                    values[values.length - 1]);
        }
    }

    @Override
    public String toString() {
        return schedule.toString();
    }
}
