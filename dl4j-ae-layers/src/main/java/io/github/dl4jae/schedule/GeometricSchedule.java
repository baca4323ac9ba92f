package io.github.dl4jae.schedule;

import io.github.dl4jae.internal.layer.Require;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A schedule that moves from one value to another by equal factors and then holds it: annealing of a temperature.
 *
 * <pre>
 * v(t) = from · (to / from)^min(t / length, 1)        t = iteration or epoch
 * </pre>
 *
 * <p>Deeplearning4j's {@code ExponentialSchedule} takes the factor of one step and has no final value.
 *
 * @param scheduleType the unit of t: iterations (mini-batches) or epochs
 * @param from the value at t = 0, above 0
 * @param to the value from t = length on, above 0
 * @param length the number of iterations or epochs until the final value, at least 1
 */
public record GeometricSchedule(ScheduleType scheduleType, double from, double to, int length) implements ISchedule {

    /**
     * Creates the schedule.
     *
     * @param scheduleType the unit of t
     * @param from the first value
     * @param to the last value
     * @param length the time until the last value
     * @throws IllegalArgumentException if the type is null, a value is not finite and above 0, or the length is below 1
     */
    public GeometricSchedule {
        ScheduleChecks.requireType("GeometricSchedule", scheduleType);
        Require.that(
                from > 0 && to > 0 && from < Double.POSITIVE_INFINITY && to < Double.POSITIVE_INFINITY,
                "GeometricSchedule",
                "from and to must be above 0 and finite",
                from + " and " + to,
                "use LinearSchedule to reach 0");
        ScheduleChecks.requireLength("GeometricSchedule", length);
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        int t = scheduleType == ScheduleType.EPOCH ? epoch : iteration;
        return t >= length ? to : from * Math.pow(to / from, (double) t / length);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public ISchedule clone() {
        return this; // immutable
    }
}
