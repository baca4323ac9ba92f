package io.github.dl4jae.training;

import org.nd4j.linalg.factory.Nd4j;

/**
 * Seeds for ND4J's random generator of the current thread, each a function of the training's seed and of what the
 * numbers are for. A resumed training therefore draws the numbers of an uninterrupted one, and no state is saved.
 */
final class RandomSeeds {

    /** What random numbers are for. */
    enum Use {
        STEP(0),
        DATA(1),
        RESET(2),
        VALIDATION(3);

        private final int number;

        Use(int number) {
            this.number = number;
        }
    }

    private final long seed;

    RandomSeeds(long seed) {
        this.seed = seed;
    }

    /** Seeds the generator of this thread. */
    void begin(Use use, long index, long subindex) {
        long mixed = mix(mix(mix(seed + use.number) + index) + subindex);
        Nd4j.getRandom().setSeed(mixed == 0 ? 1 : mixed); // 0 stands for a seed from the clock
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
