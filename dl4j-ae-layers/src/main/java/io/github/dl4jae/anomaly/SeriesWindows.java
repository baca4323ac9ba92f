package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Standardized windows over a series of several channels, and the way back from windows to time steps.
 *
 * <pre>
 * standardized   z_{c,t} = (x_{c,t} − m_c) / σ_c            m, σ: of the training part alone
 * window i       z_{c, i·stride … i·stride + length − 1}    and a last window that ends at the last step
 * per step       e_{c,t} = mean of the errors of all windows that cover t
 * </pre>
 *
 * <p>Shapes: a series is {@code [features, T]}; transpose a table {@code [T, features]}. Windows are float32 {@code [N,
 * features, length]}, as recurrent and one-dimensional convolutional networks and {@code zoo.DataShape.sequence} take
 * them. A channel that is constant in training is only centered: its σ is 1.
 *
 * <pre>{@code
 * SeriesSplit parts = SeriesSplit.of(series, 0.5, 0.1, 0.1);
 * SeriesWindows windows = SeriesWindows.fit(parts.train(), 48, 4);
 * INDArray x = windows.of(parts.train());
 * }</pre>
 *
 * <p>Immutable. Store {@link #mean}, {@link #deviation}, length and stride beside the network; the constructor takes
 * them.
 */
public final class SeriesWindows {

    private final int length;
    private final int stride;
    private final double[] mean;
    private final double[] deviation;

    /**
     * Creates windows with a known standardization.
     *
     * @param length the number of steps in a window, at least 2
     * @param stride the distance of two windows, in [1, length]
     * @param mean m, per channel
     * @param deviation σ, per channel, above 0
     * @throws IllegalArgumentException if a number is out of range, or the arrays are empty or differ in length
     */
    public SeriesWindows(int length, int stride, double[] mean, double[] deviation) {
        this.length = Require.atLeast(2, "SeriesWindows", "length", length, "");
        Require.that(
                stride >= 1 && stride <= length,
                "SeriesWindows",
                "stride must be in [1, " + length + "]",
                stride,
                "a larger one leaves steps out");
        Require.given("SeriesWindows", "mean", mean, "");
        Require.given("SeriesWindows", "deviation", deviation, "");
        Require.that(
                mean.length > 0 && mean.length == deviation.length,
                "SeriesWindows",
                "mean and deviation must have one number per channel",
                mean.length + " and " + deviation.length,
                "");
        for (int c = 0; c < mean.length; c++) {
            Require.finite("SeriesWindows", "mean of channel " + c, mean[c], "");
            Require.positive("SeriesWindows", "deviation of channel " + c, deviation[c], "take 1 for a constant");
        }
        this.stride = stride;
        this.mean = mean.clone();
        this.deviation = deviation.clone();
    }

    /**
     * Fits the standardization.
     *
     * @param train the training part of the series, {@code [features, T]}, without faults if possible
     * @param length the number of steps in a window, at least 2
     * @param stride the distance of two windows, in [1, length]
     * @return windows with the means and standard deviations of the training part
     * @throws IllegalArgumentException if a number is out of range, or the series is not finite or shorter than a
     *     window
     */
    public static SeriesWindows fit(INDArray train, int length, int stride) {
        double[][] x = SeriesValues.of("SeriesWindows", train, length);
        double[] mean = new double[x.length];
        double[] deviation = new double[x.length];
        for (int c = 0; c < x.length; c++) {
            double m = Arrays.stream(x[c]).average().orElseThrow();
            double variance =
                    Arrays.stream(x[c]).map(v -> (v - m) * (v - m)).average().orElseThrow();
            mean[c] = m;
            // the mean of equal numbers can differ from them by rounding
            deviation[c] = variance <= 1e-24 * m * m ? 1 : Math.sqrt(variance);
        }
        return new SeriesWindows(length, stride, mean, deviation);
    }

    /**
     * Returns the windows over a series or a part of one.
     *
     * @param series {@code [features, T]}
     * @return float32, standardized, {@code [N, features, length]}, a new array
     * @throws IllegalArgumentException if the series has other channels, is not finite or shorter than a window
     */
    public INDArray of(INDArray series) {
        float[][] z = standardized(series);
        return at(z, starts(z[0].length));
    }

    /** Returns windows that start at given steps. */
    INDArray at(float[][] z, int... starts) {
        float[] values = new float[Math.toIntExact((long) starts.length * z.length * length)];
        for (int i = 0; i < starts.length; i++) {
            for (int c = 0; c < z.length; c++) {
                System.arraycopy(z[c], starts[i], values, (i * z.length + c) * length, length);
            }
        }
        return Nd4j.createFromArray(values).reshape(starts.length, z.length, length);
    }

    float[][] standardized(INDArray series) {
        double[][] x = SeriesValues.of("SeriesWindows", series, length);
        Require.that(
                x.length == mean.length,
                "SeriesWindows",
                "series must have the " + mean.length + " channels of the training part",
                x.length,
                "pass [features, T]; transpose a table");
        float[][] z = new float[x.length][x[0].length];
        for (int c = 0; c < x.length; c++) {
            for (int t = 0; t < x[c].length; t++) {
                z[c][t] = standardized(c, x[c][t]);
            }
        }
        return z;
    }

    float standardized(int channel, double value) {
        return (float) ((value - mean[channel]) / deviation[channel]);
    }

    /**
     * Returns the first steps of the windows.
     *
     * @param steps T, the length of the series, at least that of a window
     * @return N steps, ascending, a new array
     * @throws IllegalArgumentException if the series is shorter than a window
     */
    public int[] starts(int steps) {
        Require.atLeast(length, "SeriesWindows", "steps", steps, "");
        int last = steps - length;
        int regular = last / stride + 1;
        int[] starts = new int[last % stride == 0 ? regular : regular + 1];
        Arrays.setAll(starts, i -> Math.min(i * stride, last));
        return starts;
    }

    /**
     * Averages errors of windows per time step.
     *
     * @param errors one number per value of the windows, {@code [N, features, length]}
     * @param steps T, the length of the series
     * @return the mean over the windows that cover each step, {@code [features, T]}, float64, a new array
     * @throws IllegalArgumentException if the shape is not that of the windows of such a series
     */
    public INDArray perStep(INDArray errors, int steps) {
        Require.given("SeriesWindows", "errors", errors, "");
        int[] starts = starts(steps);
        long[] expected = {starts.length, mean.length, length};
        Require.that(
                Arrays.equals(errors.shape(), expected),
                "SeriesWindows",
                "errors must have shape " + Arrays.toString(expected) + " for " + steps + " steps",
                Arrays.toString(errors.shape()),
                "");
        double[] values = errors.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        double[][] sums = new double[mean.length][steps];
        int[] counts = new int[steps];
        for (int i = 0; i < starts.length; i++) {
            for (int j = 0; j < length; j++) {
                int t = starts[i] + j;
                counts[t]++;
                for (int c = 0; c < sums.length; c++) {
                    sums[c][t] += values[(i * sums.length + c) * length + j];
                }
            }
        }
        for (double[] sum : sums) {
            Arrays.setAll(sum, t -> sum[t] / counts[t]);
        }
        return Nd4j.createFromArray(sums);
    }

    /**
     * Returns the number of steps in a window.
     *
     * @return at least 2
     */
    public int length() {
        return length;
    }

    /**
     * Returns the distance of two windows.
     *
     * @return in [1, length]
     */
    public int stride() {
        return stride;
    }

    /**
     * Returns the number of channels.
     *
     * @return at least 1
     */
    public int channels() {
        return mean.length;
    }

    /**
     * Returns the means of the training part.
     *
     * @return m, per channel, a new array
     */
    public double[] mean() {
        return mean.clone();
    }

    /**
     * Returns the standard deviations of the training part.
     *
     * @return σ, per channel, a new array
     */
    public double[] deviation() {
        return deviation.clone();
    }

    /** Returns the sizes, as in {@code SeriesWindows(8 channels × 48 steps, stride 4)}. */
    @Override
    public String toString() {
        return "SeriesWindows(" + mean.length + " channels × " + length + " steps, stride " + stride + ")";
    }
}
