package io.github.dl4jae.internal.math;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The Fisher-Yates shuffle, which draws the same random numbers as {@code Collections.shuffle}. */
public final class Shuffle {

    private Shuffle() {}

    /**
     * Shuffles an array in place.
     *
     * @param values the array
     * @param random the source of random numbers
     */
    public static void inPlace(int[] values, RandomGenerator random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = values[i];
            values[i] = values[j];
            values[j] = swapped;
        }
    }

    /**
     * Returns the numbers 0, …, n − 1 in random order.
     *
     * @param n how many numbers
     * @param random the source of random numbers
     * @return a new array
     */
    public static int[] permutation(int n, RandomGenerator random) {
        int[] order = new int[n];
        Arrays.setAll(order, i -> i);
        inPlace(order, random);
        return order;
    }
}
