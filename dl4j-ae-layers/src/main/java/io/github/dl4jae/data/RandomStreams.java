package io.github.dl4jae.data;

import java.util.SplittableRandom;

/** Random numbers that depend on a seed and an index alone; those of neighboring seeds have nothing in common. */
final class RandomStreams {

    private RandomStreams() {}

    /** The seed is scrambled first: added to a multiple of the generator's own step it would only shift the stream. */
    static SplittableRandom of(long seed, long index) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() + index);
    }
}
