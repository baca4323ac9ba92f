package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;

/**
 * A threshold on a score, with the rate of false alarms that it causes.
 *
 * <pre>
 * quantile    t = s_(k), the k-th smallest of n held-out scores, k = ⌈(n + 1)(1 − α)⌉
 *             P(S &gt; t | held-out scores) ~ Beta(n + 1 − k, k), with mean at most α
 * extremes    t = u + σ/ξ·((α·n/n_u)^(−ξ) − 1), from the n_u scores above u (peaks over threshold)
 *             Clopper and Pearson's interval of the number of held-out scores above t
 * </pre>
 *
 * <p>The held-out scores are those of normal examples that neither the autoencoder nor the score was fitted to. Both
 * intervals hold for any distribution of scores without ties; ties lower the rate. For extremes beyond all held-out
 * scores the interval begins at 0: the data say only that alarms are rare.
 *
 * <p>A quantile needs n ≥ 1/α − 1. With fewer examples no score can be the threshold, and extremes extrapolate. They
 * trust that the tail continues as a generalized Pareto distribution.
 *
 * @param value t; examples that score above it are anomalies
 * @param alarmRate α, the share of normal examples above it that was asked for
 * @param lowestRate the lower end of the interval of the true rate
 * @param highestRate its upper end
 * @param confidence the probability that the interval contains the true rate
 * @param method how t was found
 * @see <a href="https://doi.org/10.1145/3097983.3098144">Siffer et al. 2017, Anomaly Detection in Streams with Extreme
 *     Value Theory</a>
 */
public record AnomalyThreshold(
        double value, double alarmRate, double lowestRate, double highestRate, double confidence, Method method) {

    private static final String NAME = "AnomalyThreshold";

    /** Default confidence of intervals. */
    static final double CONFIDENCE = 0.99;

    /** How a threshold is found. */
    public enum Method {
        /** A held-out score. */
        QUANTILE,
        /** Peaks over threshold. */
        EXTREMES,
        /** A quantile if there are enough held-out scores for the rate, else extremes. */
        AUTOMATIC
    }

    /**
     * Checks the parts.
     *
     * @param value t
     * @param alarmRate α
     * @param lowestRate the lower end of the interval
     * @param highestRate its upper end
     * @param confidence of the interval
     * @param method how t was found
     * @throws IllegalArgumentException if the value is not finite, or a rate or the confidence is outside of [0, 1]
     */
    public AnomalyThreshold {
        Require.finite(NAME, "value", value, "");
        requireShare("alarmRate", alarmRate);
        requireShare("lowestRate", lowestRate);
        requireShare("highestRate", highestRate);
        requireShare("confidence", confidence);
        Require.given(NAME, "method", method, "");
    }

    /**
     * Finds a threshold, with an interval of confidence 0.99.
     *
     * @param heldOut scores of held-out normal examples, at least 2
     * @param rate α, the share of normal examples that may score above it, in (0, 1)
     * @return the threshold
     * @throws IllegalArgumentException if the rate is out of range, or scores are too few or not finite
     */
    public static AnomalyThreshold find(double[] heldOut, double rate) {
        return find(heldOut, rate, CONFIDENCE, Method.AUTOMATIC);
    }

    /**
     * Finds a threshold.
     *
     * @param heldOut scores of held-out normal examples, at least 2
     * @param rate α, the share of normal examples that may score above it, in (0, 1)
     * @param confidence the probability of the interval, in (0, 1)
     * @param method how to find it
     * @return the threshold
     * @throws IllegalArgumentException if an argument is out of range, scores are too few or not finite, or there are
     *     fewer than a quantile needs
     */
    public static AnomalyThreshold find(double[] heldOut, double rate, double confidence, Method method) {
        requireInside("rate", rate);
        requireInside("confidence", confidence);
        Require.given(NAME, "method", method, "such as AUTOMATIC");
        return find(ScoreDistribution.of(heldOut), rate, confidence, method);
    }

    static AnomalyThreshold find(ScoreDistribution heldOut, double rate, double confidence, Method method) {
        boolean extremes =
                method == Method.EXTREMES || (method == Method.AUTOMATIC && rate < heldOut.smallestQuantileRate());
        return extremes ? heldOut.extremes(rate, confidence) : heldOut.quantile(rate, confidence);
    }

    static double requireInside(String name, double value) {
        Require.that(value > 0 && value < 1, NAME, name + " must be in (0, 1)", value, "such as 0.01");
        return value;
    }

    private static void requireShare(String name, double value) {
        Require.that(value >= 0 && value <= 1, NAME, name + " must be in [0, 1]", value, "");
    }
}
