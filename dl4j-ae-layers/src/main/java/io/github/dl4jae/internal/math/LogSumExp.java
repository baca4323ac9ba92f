package io.github.dl4jae.internal.math;

/**
 * The logarithm of a sum of exponentials, without overflow or underflow.
 *
 * <pre>
 * ln Σ_i e^(x_i) = m + ln Σ_i e^(x_i − m),  m = max_i x_i
 * </pre>
 *
 * <p>{@link #of} computes it for an array. An instance computes it for values that arrive one at a time, in constant
 * memory: it rescales the sum whenever m grows. The result is −∞ for no values or if all values are −∞, ∞ if a value
 * is ∞, and NaN if a value is NaN.
 *
 * <pre>{@code
 * LogSumExp evidence = new LogSumExp();
 * for (double weight : logWeights) {
 *     evidence.add(weight);
 * }
 * double logSum = evidence.value();
 * }</pre>
 */
public final class LogSumExp {

    private double largest = Double.NEGATIVE_INFINITY;
    /** Σ_i e^(x_i − largest). */
    private double sum;

    /** Creates an empty sum. */
    public LogSumExp() {}

    /**
     * Adds e^x to the sum.
     *
     * @param x the logarithm of the term
     */
    public void add(double x) {
        if (x > largest) {
            sum = sum * Math.exp(largest - x) + 1;
            largest = x;
        } else if (x == largest) {
            sum += 1; // exp(x - largest) would be NaN for infinite values
        } else {
            sum += Math.exp(x - largest);
        }
    }

    /**
     * Returns the logarithm of the sum of the terms so far.
     *
     * @return ln Σ_i e^(x_i)
     */
    public double value() {
        return largest + Math.log(sum);
    }

    /**
     * Computes ln Σ_i e^(x_i).
     *
     * @param values x
     * @param from the index of the first value
     * @param count the number of values
     * @return ln Σ_i e^(x_i)
     */
    public static double of(double[] values, int from, int count) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, values[i]);
        }
        if (Double.isInfinite(largest)) {
            return largest;
        }
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Math.exp(values[i] - largest);
        }
        return largest + Math.log(sum);
    }
}
