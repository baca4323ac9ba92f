package io.github.dl4jae.disentanglement;

import java.util.Arrays;

/** Statistics of plain arrays that several scores need. */
final class Statistics {

    private Statistics() {}

    /** Returns a column of {@code [N][n]}, a new array. */
    static double[] column(double[][] rows, int column) {
        return Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
    }

    /** Returns the mean. */
    static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Returns the variance, with divisor N. */
    static double variance(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    }

    /** Returns the largest value minus the second largest; needs at least 2 values. */
    static double gap(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        return sorted[sorted.length - 1] - sorted[sorted.length - 2];
    }

    /** Returns the index of the largest value, the lowest one among equal values. */
    static int argMax(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }
}
