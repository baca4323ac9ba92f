package io.github.dl4jae.internal.math;

import java.util.SplittableRandom;

/** Independent streams of random numbers, each determined by a seed and an index. */
public final class RandomStreams {

    private RandomStreams() {}

    /**
     * Returns a stream. It scrambles the seed first, because the streams of related seeds would otherwise overlap.
     *
     * @param seed any number
     * @param index the number of the stream, such as that of an epoch
     * @return a generator at its first number
     */
    public static SplittableRandom of(long seed, long index) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() + index);
    }
}
