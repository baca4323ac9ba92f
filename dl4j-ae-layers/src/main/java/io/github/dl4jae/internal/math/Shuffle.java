package io.github.dl4jae.internal.math;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Random permutations by the algorithm of Fisher and Yates. */
public final class Shuffle {

    private Shuffle() {}

    /**
     * Returns a random permutation of 0 … count − 1.
     *
     * @param count the number of indices
     * @param random the generator that decides the order
     * @return the permutation, a new array
     */
    public static int[] order(int count, SplittableRandom random) {
        int[] order = IntStream.range(0, count).toArray();
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }
}
