package io.github.dl4jae.data;

import java.util.SplittableRandom;

/** Independent streams of random numbers, each determined by a seed and an index. */
final class RandomStreams {

    private RandomStreams() {}

    /** Returns a stream. It scrambles the seed first, because related seeds would only shift the generator's stream. */
    static SplittableRandom of(long seed, long index) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() + index);
    }
}
