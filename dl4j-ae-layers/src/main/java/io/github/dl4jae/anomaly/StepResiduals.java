package io.github.dl4jae.anomaly;

import java.util.Arrays;

/**
 * The residuals of overlapping windows, averaged per time step as soon as all windows that count for a step are known.
 *
 * <pre>
 * a window that ends at e counts for step t if max(t, length − 1) ≤ e ≤ max(t + delay, length − 1)
 * </pre>
 */
final class StepResiduals {

    /** Receives the steps in order. */
    @FunctionalInterface
    interface Receiver {

        /**
         * Receives a step.
         *
         * @param step t
         * @param squares the mean of r² per channel, to keep
         * @param means the mean of r per channel, to keep
         */
        void accept(int step, double[] squares, double[] means);
    }

    private final int channels;
    private final int length;
    private final int delay;
    private final double[][] squares; // a ring of the last steps
    private final double[][] sums;
    private final int[] counts;
    private int windows;
    private int next;

    StepResiduals(int channels, int length, int delay) {
        this.channels = channels;
        this.length = length;
        this.delay = delay;
        this.squares = new double[length][channels];
        this.sums = new double[length][channels];
        this.counts = new int[length];
    }

    /**
     * Adds the next window.
     *
     * @param residuals x − x̂, of all windows of a batch, each {@code [channels, length]}
     * @param offset the first value of this window
     * @param receiver receives the steps that are complete
     */
    void add(float[] residuals, int offset, Receiver receiver) {
        int start = windows++;
        for (int j = start == 0 ? 0 : length - 1 - delay; j < length; j++) {
            int place = (start + j) % length;
            counts[place]++;
            for (int c = 0; c < channels; c++) {
                double r = residuals[offset + c * length + j];
                squares[place][c] += r * r;
                sums[place][c] += r;
            }
        }
        emit(start + length - delay, receiver);
    }

    /** Hands on the last steps, for which fewer windows count. */
    void finish(Receiver receiver) {
        if (windows > 0) {
            emit(windows - 1 + length, receiver);
        }
    }

    private void emit(int end, Receiver receiver) {
        for (; next < end; next++) {
            int place = next % length;
            int count = counts[place];
            receiver.accept(
                    next,
                    Arrays.stream(squares[place]).map(sum -> sum / count).toArray(),
                    Arrays.stream(sums[place]).map(sum -> sum / count).toArray());
            Arrays.fill(squares[place], 0);
            Arrays.fill(sums[place], 0);
            counts[place] = 0;
        }
    }
}
