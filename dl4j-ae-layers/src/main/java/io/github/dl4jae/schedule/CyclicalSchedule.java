package io.github.dl4jae.schedule;

import io.github.dl4jae.internal.layer.Require;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A schedule of equal cycles, each of which rises linearly and then holds its final value: cyclical annealing of the
 * weight of a KL divergence.
 *
 * <pre>
 * τ(t) = (t mod period) / period        t = iteration or epoch
 * v(t) = from + (to − from) · min(τ/rising, 1)        while t &lt; cycles · period, then v = to
 * </pre>
 *
 * <p>Every cycle after the first starts from latents that already carry information.
 *
 * @param scheduleType the unit of t: iterations (mini-batches) or epochs
 * @param from the value at the start of every cycle
 * @param to the value at the end of every cycle
 * @param period the length of a cycle, at least 1
 * @param rising the fraction of a cycle that the rise takes, in (0, 1]
 * @param cycles the number of cycles, at least 1
 * @see <a href="https://arxiv.org/abs/1903.10145">Fu et al. 2019, Cyclical annealing schedule</a>
 */
public record CyclicalSchedule(ScheduleType scheduleType, double from, double to, int period, double rising, int cycles)
        implements ISchedule {

    /**
     * Creates the schedule.
     *
     * @param scheduleType the unit of t
     * @param from the first value of a cycle
     * @param to the last value of a cycle
     * @param period the length of a cycle
     * @param rising the fraction of the rise
     * @param cycles the number of cycles
     * @throws IllegalArgumentException if the type is null, or a number is not finite or out of its range
     */
    public CyclicalSchedule {
        ScheduleChecks.requireType("CyclicalSchedule", scheduleType);
        ScheduleChecks.requireFinite("CyclicalSchedule", from, to);
        Require.that(
                period >= 1 && cycles >= 1,
                "CyclicalSchedule",
                "period and cycles must be at least 1",
                period + " and " + cycles,
                "a usual choice is four cycles over the whole training");
        Require.that(rising > 0 && rising <= 1, "CyclicalSchedule", "rising must be in (0, 1]", rising, "0.5 is usual");
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
