package io.github.dl4jae.schedule;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Moves from one value to another by equal factors, and stays there: annealing of a temperature.
 *
 * <pre>
 * v(t) = from · (to / from)^min(t / length, 1)        t = iteration or epoch
 * </pre>
 *
 * <p>Deeplearning4j's {@code ExponentialSchedule} takes the factor of one step and never arrives; this takes both ends.
 *
 * @param scheduleType whether t counts iterations (minibatches) or epochs
 * @param from the value at t = 0, above 0
 * @param to the value from t = length on, above 0
 * @param length how many iterations or epochs the way takes, at least 1
 */
public record GeometricSchedule(ScheduleType scheduleType, double from, double to, int length) implements ISchedule {

    /**
     * Creates the schedule.
     *
     * @param scheduleType what t counts
     * @param from the first value
     * @param to the last value
     * @param length how long the way is
     * @throws IllegalArgumentException if a value is not finite and above 0, the length is below 1 or the type is missing
     */
    public GeometricSchedule {
        if (scheduleType == null) {
            throw new IllegalArgumentException(
                    "GeometricSchedule: scheduleType must be ITERATION or EPOCH, got null; say what the length counts");
        }
        if (!(from > 0 && to > 0 && from < Double.POSITIVE_INFINITY && to < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("GeometricSchedule: from and to must be above 0 and finite, got " + from
                    + " and " + to + "; for a way to 0 use LinearSchedule");
        }
        if (length < 1) {
            throw new IllegalArgumentException("GeometricSchedule: length must be at least 1, got " + length
                    + "; for a constant use Deeplearning4j's FixedSchedule");
        }
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
