package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import java.util.stream.IntStream;
import org.nd4j.evaluation.classification.EvaluationCalibration;
import org.nd4j.evaluation.classification.ROC;
import org.nd4j.evaluation.curves.ReliabilityDiagram;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How well scores separate anomalies from normal examples, for examples with known labels.
 *
 * <pre>
 * area under ROC       P(s(anomaly) &gt; s(normal)) + ½ P(equal)                       0.5 for random scores
 * average precision    Σ_t (recall_t − recall_(t−1))·precision_t, t over distinct scores, descending
 *                                                                        the share of anomalies for random scores
 * </pre>
 *
 * <p>The average precision is the area under the precision–recall curve as a step function, as scikit-learn computes
 * it. Deeplearning4j's {@link ROC} interpolates linearly, which is too optimistic (Davis and Goadrich 2006).
 *
 * @param areaUnderRoc in [0, 1]
 * @param averagePrecision in [0, 1]
 * @param anomalies the number of anomalies
 * @param examples the number of examples
 */
public record DetectionQuality(double areaUnderRoc, double averagePrecision, int anomalies, int examples) {

    private static final String NAME = "DetectionQuality";

    /**
     * Compares scores with labels.
     *
     * @param scores larger for anomalies; infinite ones are allowed
     * @param isAnomaly the label of each score
     * @return the quality
     * @throws IllegalArgumentException if the numbers differ, a score is NaN, or one of the two kinds is missing
     */
    public static DetectionQuality compute(double[] scores, boolean[] isAnomaly) {
        requireLabels(scores, isAnomaly);
        double[] areas = RankedScores.of(scores).areas(isAnomaly);
        return new DetectionQuality(areas[0], areas[1], anomalies(isAnomaly), scores.length);
    }

    private static void requireLabels(double[] scores, boolean[] isAnomaly) {
        Require.given(NAME, "scores", scores, "");
        Require.given(NAME, "isAnomaly", isAnomaly, "");
        Require.that(
                scores.length == isAnomaly.length,
                NAME,
                "there must be one label per score",
                scores.length + " scores and " + isAnomaly.length + " labels",
                "");
        for (double score : scores) {
            Require.that(!Double.isNaN(score), NAME, "scores must be numbers", score, "");
        }
        int anomalies = anomalies(isAnomaly);
        Require.that(
                anomalies > 0 && anomalies < scores.length,
                NAME,
                "there must be anomalies and normal examples",
                anomalies + " anomalies among " + scores.length + " examples",
                "");
    }

    private static int anomalies(boolean[] isAnomaly) {
        int count = 0;
        for (boolean each : isAnomaly) {
            count += each ? 1 : 0;
        }
        return count;
    }

    /**
     * Returns Deeplearning4j's evaluation of the scores, for its curves. It needs probabilities, so it gets ranks of
     * the scores, which have the same curves. Deeplearning4j orders equal scores arbitrarily, so its area differs from
     * {@link #areaUnderRoc} where there are ties.
     *
     * @param scores larger for anomalies
     * @param isAnomaly the label of each score
     * @return an exact evaluation; {@code getRocCurve()} and {@code getPrecisionRecallCurve()} return its curves
     * @throws IllegalArgumentException as for {@link #compute}
     */
    public static ROC roc(double[] scores, boolean[] isAnomaly) {
        requireLabels(scores, isAnomaly);
        RankedScores ranked = RankedScores.of(scores);
        double[] ranks = new double[scores.length];
        for (int rank = 0; rank < ranks.length; rank++) {
            ranks[ranked.step(rank)] = 1 - (ranked.end(rank) - 1.0) / ranks.length;
        }
        ROC roc = new ROC(0);
        roc.eval(column(labels(isAnomaly)), column(ranks));
        return roc;
    }

    /**
     * Compares probabilities with the shares of anomalies among the examples that have them.
     *
     * @param probabilities of anomalies, in [0, 1]
     * @param isAnomaly the label of each probability
     * @param bins the number of intervals of probabilities, at least 2
     * @return Deeplearning4j's diagram: mean probability and share of anomalies for each interval
     * @throws IllegalArgumentException as for {@link #compute}, or if a probability is out of range or there are fewer
     *     bins
     */
    public static ReliabilityDiagram reliability(double[] probabilities, boolean[] isAnomaly, int bins) {
        requireLabels(probabilities, isAnomaly);
        Require.atLeast(2, NAME, "bins", bins, "");
        for (double p : probabilities) {
            Require.that(
                    p >= 0 && p <= 1, NAME, "probabilities must be in [0, 1]", p, "pass probabilities, not scores");
        }
        INDArray p = column(probabilities);
        INDArray y = column(labels(isAnomaly));
        EvaluationCalibration calibration = new EvaluationCalibration(bins, bins);
        calibration.eval(Nd4j.hstack(y.rsub(1), y), Nd4j.hstack(p.rsub(1), p));
        return calibration.getReliabilityDiagram(1);
    }

    private static double[] labels(boolean[] isAnomaly) {
        return IntStream.range(0, isAnomaly.length)
                .mapToDouble(i -> isAnomaly[i] ? 1 : 0)
                .toArray();
    }

    private static INDArray column(double[] values) {
        return Nd4j.createFromArray(values).reshape(values.length, 1);
    }

    /**
     * Returns the share of anomalies, which is the average precision of random scores.
     *
     * @return in (0, 1)
     */
    public double prevalence() {
        return (double) anomalies / examples;
    }
}
