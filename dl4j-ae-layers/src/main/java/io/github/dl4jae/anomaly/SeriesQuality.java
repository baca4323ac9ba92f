package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures of a score per time step against known anomalies, without a threshold: the areas under ROC and
 * precision-recall curve, and the volumes under these curves for labels with soft borders.
 *
 * <pre>
 * ROC AUC    P(s_a &gt; s_n) + ½·P(s_a = s_n)                 of an anomalous and a normal step
 * AP         Σ_k (R_k − R_{k−1})·P_k                        over the different scores, descending
 *
 * labels     ℓ_w(t) = min(1, y_t + Σ_events √(1 − k/w))     k ≤ ⌊w/2⌋ the distance of t from the event
 * TP         Σ_t ℓ_w(t)·[s_t ≥ τ]                           B the part of it outside the events
 * P̄          P + B/2                                        P the number of anomalous steps
 * TPR        min(1, TP/P̄) · share of the events with a step s_t ≥ τ
 * FPR        (#{s ≥ τ} − TP)/(T − P̄)     precision  TP/#{s ≥ τ}
 * VUS        mean over w = 0 … L of the area under (FPR, TPR), or of Σ_k (TPR_k − TPR_{k−1})·precision_k
 * </pre>
 *
 * <p>The soft border accepts a score that reacts somewhat early or late: it costs part of the volume instead of all of
 * it. Events whose borders touch count as one. L should be about the length of a window, or of a typical event. The
 * thresholds τ are those of 250 equidistant ranks, as in the authors' optimized code and in TSB-AD. The first release
 * of that code had borders of unequal length and a trapezoid for precision; its numbers differ slightly.
 *
 * <p>Precision depends on the share of anomalous steps. Compare it with that share, which is the expected average
 * precision of a random score, and only on the same series.
 *
 * <p>There is no point-adjusted F1. It counts a whole event as detected after one step above the threshold, so that
 * random scores reach values like those of published methods (Kim et al. 2022).
 *
 * @param rocAuc the area under the ROC curve
 * @param averagePrecision the area under the precision-recall curve, as a step function
 * @param vusRoc the volume under the ROC surface
 * @param vusPr the volume under the precision-recall surface
 * @see <a href="https://doi.org/10.14778/3551793.3551830">Paparrizos et al. 2022, Volume Under the Surface: A New
 *     Accuracy Evaluation Measure for Time-Series Anomaly Detection</a>
 * @see <a href="https://arxiv.org/abs/2109.05257">Kim et al. 2022, Towards a Rigorous Evaluation of Time-series
 *     Anomaly Detection</a>
 */
public record SeriesQuality(double rocAuc, double averagePrecision, double vusRoc, double vusPr) {

    /**
     * Computes the measures.
     *
     * @param labels true at anomalous steps; at least one of each kind
     * @param scores a score per step, larger for anomalies; infinite values are accepted
     * @param bufferLength L, at least 0; 0 leaves the labels hard
     * @return the measures, each in [0, 1]
     * @throws IllegalArgumentException if the lengths differ, a score is NaN, or all labels are equal
     */
    public static SeriesQuality compute(boolean[] labels, double[] scores, int bufferLength) {
        requireSame(labels, scores);
        Require.atLeast(0, "SeriesQuality", "bufferLength", bufferLength, "0 for hard labels");
        int anomalous = 0;
        for (boolean label : labels) {
            anomalous += label ? 1 : 0;
        }
        Require.that(
                anomalous > 0 && anomalous < labels.length,
                "SeriesQuality",
                "labels must have normal and anomalous steps",
                anomalous + " anomalous of " + labels.length,
                "measure on a part of the series that has both");
        RankedScores ranked = RankedScores.of(scores);
        double[] areas = ranked.areas(labels);
        double[] volumes = new SoftLabels(labels, ranked).volumes(bufferLength);
        return new SeriesQuality(areas[0], areas[1], volumes[0], volumes[1]);
    }

    /**
     * An anomaly of several steps, and its detection.
     *
     * @param from the first step
     * @param to the step after the last one
     * @param delay the number of steps from the first step to the first one above the threshold; null if it was missed
     * @param peak the largest score within
     */
    public record Event(int from, int to, @Nullable Integer delay, double peak) {

        /**
         * Returns whether a step was above the threshold.
         *
         * @return false for a missed event
         */
        public boolean detected() {
            return delay != null;
        }
    }

    /**
     * Lists the known anomalies, detected and missed.
     *
     * @param labels true at anomalous steps
     * @param scores a score per step
     * @param threshold steps with a larger score are alarms
     * @return the runs of anomalous steps, in the order of time
     * @throws IllegalArgumentException if the lengths differ, or a score or the threshold is NaN
     */
    public static List<Event> events(boolean[] labels, double[] scores, double threshold) {
        requireSame(labels, scores);
        Require.that(!Double.isNaN(threshold), "SeriesQuality", "threshold must be a number", threshold, "");
        List<Event> events = new ArrayList<>();
        for (int[] run : runs(labels)) {
            Integer delay = null;
            double peak = Double.NEGATIVE_INFINITY;
            for (int t = run[0]; t < run[1]; t++) {
                if (delay == null && scores[t] > threshold) {
                    delay = t - run[0];
                }
                peak = Math.max(peak, scores[t]);
            }
            events.add(new Event(run[0], run[1], delay, peak));
        }
        return List.copyOf(events);
    }

    /** Returns the first step of each run of true labels, and the step after its last. */
    static List<int[]> runs(boolean[] labels) {
        List<int[]> runs = new ArrayList<>();
        for (int t = 0; t < labels.length; t++) {
            if (labels[t]) {
                int from = t;
                while (t + 1 < labels.length && labels[t + 1]) {
                    t++;
                }
                runs.add(new int[] {from, t + 1});
            }
        }
        return runs;
    }

    private static void requireSame(boolean[] labels, double[] scores) {
        Require.given("SeriesQuality", "labels", labels, "");
        Require.given("SeriesQuality", "scores", scores, "");
        Require.that(
                labels.length == scores.length,
                "SeriesQuality",
                "labels and scores must have the same length",
                labels.length + " and " + scores.length,
                "");
        for (int t = 0; t < scores.length; t++) {
            Require.that(!Double.isNaN(scores[t]), "SeriesQuality", "scores must be numbers", "NaN at step " + t, "");
        }
    }
}
