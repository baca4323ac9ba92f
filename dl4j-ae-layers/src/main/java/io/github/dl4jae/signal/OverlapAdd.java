package io.github.dl4jae.signal;

/** A signal that is the weighted mean of overlapping frames. */
final class OverlapAdd {

    private final double[] sum;
    private final double[] weights;

    OverlapAdd(int samples) {
        this.sum = new double[samples];
        this.weights = new double[samples];
    }

    /**
     * Adds a frame.
     *
     * @param from its first position, which can be negative
     * @param frame its values, already times the window
     * @param window its squares are the weights
     */
    void add(int from, double[] frame, double[] window) {
        for (int n = Math.max(0, -from); n < frame.length && from + n < sum.length; n++) {
            sum[from + n] += frame[n];
            weights[from + n] += window[n] * window[n];
        }
    }

    double[] result() {
        double[] result = new double[sum.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = sum[i] / weights[i];
        }
        return result;
    }
}
