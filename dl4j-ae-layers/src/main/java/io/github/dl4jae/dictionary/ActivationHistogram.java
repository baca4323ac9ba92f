package io.github.dl4jae.dictionary;

/**
 * A histogram of positive numbers in 64 equal bins over [0, 2^e), where 2^e is the smallest power of 2 above their
 * maximum. When a number exceeds the range, neighboring bins merge. The result therefore does not depend on the order.
 */
final class ActivationHistogram {

    static final int BINS = 64;

    private final int[] counts = new int[BINS];
    private int exponent = Integer.MIN_VALUE;

    void add(double value) {
        int needed = Math.getExponent(value) + 1;
        if (exponent == Integer.MIN_VALUE) {
            exponent = needed;
        }
        for (int doublings = Math.min(needed - exponent, BINS); doublings > 0; doublings--) {
            merge();
        }
        exponent = Math.max(exponent, needed);
        counts[(int) Math.scalb(value, 6 - exponent)]++; // BINS = 2^6
    }

    private void merge() {
        for (int i = 0; i < BINS; i++) {
            counts[i] = i < BINS / 2 ? counts[2 * i] + counts[2 * i + 1] : 0;
        }
    }

    int[] counts() {
        return counts.clone();
    }

    /** Returns e. */
    int exponent() {
        return exponent;
    }
}
