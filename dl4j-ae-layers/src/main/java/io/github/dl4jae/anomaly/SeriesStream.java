package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Scores a series while it is measured. Keeps the steps of one window.
 *
 * <pre>{@code
 * SeriesStream stream = score.stream();
 * for (double[] measured : plant) {
 *     for (SeriesStream.Step step : stream.add(measured)) {
 *         if (step.score() > threshold) { … }
 *     }
 * }
 * }</pre>
 *
 * <p>{@link SeriesScore} defines the delay and which windows count. Each call runs the network on one window. After an
 * error the stream is as before the call. Not thread-safe.
 */
public final class SeriesStream {

    private final SeriesScore score;
    private final SeriesWindows windows;
    private final ChannelScale scale;
    private final SeriesScore.Smoothing smoothing;
    private final StepResiduals residuals;
    private final float[][] ring;
    private int count;
    private boolean finished;

    SeriesStream(SeriesScore score, SeriesWindows windows, ChannelScale scale, SeriesScore.Smoothing smoothing) {
        this.score = score;
        this.windows = windows;
        this.scale = scale;
        this.smoothing = smoothing;
        this.residuals = score.residuals();
        this.ring = new float[windows.channels()][2 * windows.length()];
    }

    /**
     * A scored step.
     *
     * @param index its index, counted from the first step that was added
     * @param score larger for anomalies
     * @param attribution how unusual each channel is, 1 on average for held-out steps
     */
    public record Step(int index, double score, List<Double> attribution) {}

    /**
     * Adds the next step.
     *
     * @param values a value per channel, not standardized
     * @return the steps whose scores are known now, in order: none at first, then several, then one per call
     * @throws IllegalArgumentException if there are not as many values as channels, or one is not finite
     * @throws IllegalStateException if the stream was finished
     */
    public List<Step> add(double... values) {
        requireOpen();
        Require.that(
                values.length == ring.length,
                "SeriesStream",
                "a step must have " + ring.length + " values, one per channel",
                values.length,
                "");
        for (int c = 0; c < values.length; c++) {
            Require.that(
                    Double.isFinite(values[c]),
                    "SeriesStream",
                    "values must be finite",
                    values[c] + " in channel " + c + " at step " + count,
                    "repeat the last value, or begin another stream");
        }
        // each value stands twice, so that the last steps are always one piece
        int length = windows.length();
        int place = count % length;
        for (int c = 0; c < values.length; c++) {
            ring[c][place] = windows.standardized(c, values[c]);
            ring[c][place + length] = ring[c][place];
        }
        List<Step> steps = new ArrayList<>();
        if (count + 1 >= length) {
            float[] r = score.residuals(windows.at(ring, (count + 1) % length));
            residuals.add(r, 0, (step, squares, means) -> steps.add(step(step, squares, means)));
        }
        count++;
        return steps;
    }

    private Step step(int index, double[] squares, double[] means) {
        return new Step(
                index,
                smoothing.next(scale.score(squares, means)),
                Arrays.stream(scale.relative(squares)).boxed().toList());
    }

    /**
     * Ends the series.
     *
     * @return the last steps, for which fewer windows count; none if the series was shorter than a window
     * @throws IllegalStateException if the stream was finished
     */
    public List<Step> finish() {
        requireOpen();
        finished = true;
        List<Step> steps = new ArrayList<>();
        residuals.finish((step, squares, means) -> steps.add(step(step, squares, means)));
        return steps;
    }

    private void requireOpen() {
        if (finished) {
            throw new IllegalStateException("SeriesStream: the series must not have ended, got another step after"
                    + " finish(); begin another stream");
        }
    }
}
