package io.github.dl4jae.schedule;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Moves from one value to another in equal steps, and stays there.
 *
 * <pre>
 * v(t) = from + (to − from) · min(t / length, 1)        t = iteration or epoch
 * </pre>
 *
 * <p>Deeplearning4j's own schedules that decay never hold a final value other than 0; use those for learning rates and
 * this for what must arrive somewhere: the k of a top-k layer, the weight of a penalty.
 *
 * @param scheduleType whether t counts iterations (minibatches) or epochs
 * @param from the value at t = 0
 * @param to the value from t = length on
 * @param length how many iterations or epochs the way takes, at least 1
 */
public record LinearSchedule(ScheduleType scheduleType, double from, double to, int length) implements ISchedule {

    /**
     * Creates the schedule.
     *
     * @param scheduleType what t counts
     * @param from the first value
     * @param to the last value
     * @param length how long the way is
     * @throws IllegalArgumentException if a value is not finite, the length is below 1 or the type is missing
     */
    public LinearSchedule {
        if (scheduleType == null) {
            throw new IllegalArgumentException(
                    "LinearSchedule: scheduleType must be ITERATION or EPOCH, got null; say what the length counts");
        }
        if (!Double.isFinite(from) || !Double.isFinite(to)) {
            throw new IllegalArgumentException(
                    "LinearSchedule: from and to must be finite, got " + from + " and " + to + "; give two numbers");
        }
        if (length < 1) {
            throw new IllegalArgumentException("LinearSchedule: length must be at least 1, got " + length
                    + "; for a constant use Deeplearning4j's FixedSchedule");
        }
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
