package io.github.dl4jae.internal.math;

/** ln Σ eˣ without overflow. */
public final class LogSumExp {

    private LogSumExp() {}

    /**
     * Computes ln Σ_i e^(x_i).
     *
     * @param values x
     * @param from the first
     * @param count how many
     * @return −∞ for no values
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
