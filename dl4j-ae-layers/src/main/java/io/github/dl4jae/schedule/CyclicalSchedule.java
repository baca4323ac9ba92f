package io.github.dl4jae.schedule;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Rises from one value to another, holds it, and begins again: cyclical annealing of a Kullback-Leibler weight.
 *
 * <pre>
 * τ(t) = (t mod period) / period        t = iteration or epoch
 * v(t) = from + (to − from) · min(τ/rising, 1)        while t &lt; cycles · period, then v = to
 * </pre>
 *
 * <p>Every cycle after the first starts from latents that already carry information.
 *
 * @param scheduleType whether t counts iterations (minibatches) or epochs
 * @param from the value at the start of every cycle
 * @param to the value that it reaches and holds
 * @param period the length of a cycle, at least 1
 * @param rising the share of a cycle that the rise takes, in (0, 1]
 * @param cycles how many there are, at least 1
 * @see <a href="https://arxiv.org/abs/1903.10145">Fu et al. 2019, Cyclical annealing schedule</a>
 */
public record CyclicalSchedule(ScheduleType scheduleType, double from, double to, int period, double rising, int cycles)
        implements ISchedule {

    /**
     * Creates the schedule.
     *
     * @param scheduleType what t counts
     * @param from the first value of a cycle
     * @param to the last value of a cycle
     * @param period the length of a cycle
     * @param rising the share of the rise
     * @param cycles how many
     * @throws IllegalArgumentException if a value is not finite or out of its range, or the type is missing
     */
    public CyclicalSchedule {
        if (scheduleType == null) {
            throw new IllegalArgumentException(
                    "CyclicalSchedule: scheduleType must be ITERATION or EPOCH, got null; say what the period counts");
        }
        if (!Double.isFinite(from) || !Double.isFinite(to)) {
            throw new IllegalArgumentException(
                    "CyclicalSchedule: from and to must be finite, got " + from + " and " + to + "; give two numbers");
        }
        if (period < 1 || cycles < 1) {
            throw new IllegalArgumentException("CyclicalSchedule: period and cycles must be at least 1, got " + period
                    + " and " + cycles + "; a usual choice is four cycles over the whole training");
        }
        if (!(rising > 0 && rising <= 1)) {
            throw new IllegalArgumentException(
                    "CyclicalSchedule: rising must be in (0, 1], got " + rising + "; one half is usual");
        }
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        int t = scheduleType == ScheduleType.EPOCH ? epoch : iteration;
        if (t >= (long) cycles * period) {
            return to;
        }
        double tau = (double) (t % period) / period;
        return from + (to - from) * Math.min(tau / rising, 1);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public ISchedule clone() {
        return this; // immutable
    }
}
