package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The scores of a series, and the share of each channel. */
public final class SeriesScores {

    private final double[] perStep;
    private final INDArray attribution;

    SeriesScores(double[] perStep, INDArray attribution) {
        this.perStep = perStep;
        this.attribution = attribution;
    }

    /**
     * Returns the scores.
     *
     * @return a score per step, larger for anomalies, a new array
     */
    public double[] perStep() {
        return perStep.clone();
    }

    /**
     * Returns how unusual each channel is.
     *
     * @return a, 1 on average for held-out steps, float32, {@code [features, T]}, a new array
     */
    public INDArray attribution() {
        return attribution.dup();
    }

    /**
     * Returns a quantile of the scores, as a threshold from a held-out part.
     *
     * @param share in (0, 1], such as 0.999 for about one false alarm in a thousand steps like these
     * @return the smallest score that at least this share of the steps does not exceed
     * @throws IllegalArgumentException if the share is out of range
     */
    public double quantile(double share) {
        Require.that(share > 0 && share <= 1, "SeriesScores", "share must be in (0, 1]", share, "");
        double[] sorted = perStep.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    /**
     * Lists the alarms: runs of steps above a threshold, with the channels that stand out in them.
     *
     * @param threshold steps with a larger score are alarms
     * @param gap alarms with at most this number of steps between them are one event, at least 0
     * @return the events, largest peak first
     * @throws IllegalArgumentException if the threshold is NaN or the gap negative
     */
    public List<SeriesEvent> events(double threshold, int gap) {
        Require.that(!Double.isNaN(threshold), "SeriesScores", "threshold must be a number", threshold, "");
        Require.atLeast(0, "SeriesScores", "gap", gap, "");
        boolean[] alarms = new boolean[perStep.length];
        int last = -1;
        for (int t = 0; t < alarms.length; t++) {
            if (perStep[t] > threshold) {
                Arrays.fill(alarms, last >= 0 && t - last - 1 <= gap ? last : t, t + 1, true);
                last = t;
            }
        }
        List<SeriesEvent> events = new ArrayList<>();
        for (int[] run : SeriesQuality.runs(alarms)) {
            events.add(SeriesEvent.of(perStep, attribution, run[0], run[1]));
        }
        events.sort((a, b) -> Double.compare(b.peak(), a.peak()));
        return List.copyOf(events);
    }
}
