package io.github.dl4jae.schedule;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A schedule that moves from one value to another in equal steps and then holds it.
 *
 * <pre>
 * v(t) = from + (to − from) · min(t / length, 1)        t = iteration or epoch
 * </pre>
 *
 * <p>It suits learning rates, and values with a target, such as the k of a top-k layer or the weight of a penalty.
 * Deeplearning4j's {@code PolySchedule} rises where it should fall.
 *
 * @param scheduleType the unit of t: iterations (mini-batches) or epochs
 * @param from the value at t = 0
 * @param to the value from t = length on
 * @param length the number of iterations or epochs until the final value, at least 1
 */
public record LinearSchedule(ScheduleType scheduleType, double from, double to, int length) implements ISchedule {

    /**
     * Creates the schedule.
     *
     * @param scheduleType the unit of t
     * @param from the first value
     * @param to the last value
     * @param length the time until the last value
     * @throws IllegalArgumentException if the type is null, a value is not finite, or the length is below 1
     */
    public LinearSchedule {
        ScheduleChecks.requireType("LinearSchedule", scheduleType);
        ScheduleChecks.requireFinite("LinearSchedule", from, to);
        ScheduleChecks.requireLength("LinearSchedule", length);
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        int t = scheduleType == ScheduleType.EPOCH ? epoch : iteration;
        return from + (to - from) * Math.min((double) t / length, 1);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public ISchedule clone() {
        return this; // immutable
    }
}
