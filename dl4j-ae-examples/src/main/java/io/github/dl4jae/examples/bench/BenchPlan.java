package io.github.dl4jae.examples.bench;

import org.jspecify.annotations.Nullable;

/**
 * The number and length of the measurements.
 *
 * @param rounds number of times that the processes of a case are started
 * @param pairs number of measurements of each process
 * @param seconds time of a measurement
 * @param warmUpSeconds time for compilation and caches to settle, per JVM
 */
record BenchPlan(int rounds, int pairs, double seconds, double warmUpSeconds) {

    private static final BenchPlan FULL = new BenchPlan(3, 6, 0.5, 6);
    private static final BenchPlan QUICK = new BenchPlan(1, 5, 0.2, 2.5);

    BenchPlan {
        if (rounds < 1 || pairs < 1 || !(seconds > 0)) {
            throw new IllegalArgumentException("bench: --rounds and --pairs must be at least 1 and --seconds above 0,"
                    + " got " + rounds + ", " + pairs + " and " + seconds + "; leave them out for the defaults");
        }
    }

    /** Returns the full or the quick plan, with the given values in place of its own. */
    static BenchPlan of(boolean quick, @Nullable Integer rounds, @Nullable Integer pairs, @Nullable Double seconds) {
        BenchPlan plan = quick ? QUICK : FULL;
        return new BenchPlan(
                rounds == null ? plan.rounds : rounds,
                pairs == null ? plan.pairs : pairs,
                seconds == null ? plan.seconds : seconds,
                plan.warmUpSeconds);
    }
}
