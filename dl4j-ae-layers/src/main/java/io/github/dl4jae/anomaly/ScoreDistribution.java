package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.apache.commons.math3.distribution.BetaDistribution;

/**
 * The distribution of the scores of normal examples: the empirical one up to u, and above it a generalized Pareto
 * distribution of the excesses over u.
 *
 * <pre>
 * P(S ≥ s) ≈ (1 + #{i: s_i ≥ s})/(n + 1)                      s ≤ u
 * P(S ≥ s) ≈ #{i: s_i &gt; u}/n · P(Y &gt; s − u)                    s &gt; u
 * </pre>
 *
 * <p>The tail of P(S ≥ s) is exponential where the estimate is bounded; see {@link GeneralizedPareto#unboundedTail}.
 *
 * <p>u is the score above which a tenth of the scores lie, but at least {@value #FEWEST_EXCESSES} of them where there
 * are twice as many.
 */
final class ScoreDistribution {

    private static final String NAME = "AnomalyThreshold";
    private static final double SHARE_OF_EXCESSES = 0.1;
    private static final int FEWEST_EXCESSES = 20;

    /** Ascending. */
    private final double[] scores;

    private final double start;
    private final int excesses;
    private final GeneralizedPareto tail;

    private ScoreDistribution(double[] sorted) {
        this.scores = sorted;
        int n = sorted.length;
        int wanted = Math.max((int) Math.round(SHARE_OF_EXCESSES * n), FEWEST_EXCESSES);
        int above = Math.max(1, Math.min(wanted, n / 2));
        this.start = sorted[n - 1 - above];
        double[] excess = Arrays.stream(sorted)
                .filter(score -> score > start)
                .map(score -> score - start)
                .toArray();
        this.excesses = excess.length;
        this.tail = excess.length == 0 ? new GeneralizedPareto(0, 0) : GeneralizedPareto.fit(excess);
    }

    /**
     * Takes the scores of held-out normal examples.
     *
     * @param heldOut at least 2 finite scores
     */
    static ScoreDistribution of(double[] heldOut) {
        double[] sorted = Require.given(NAME, "heldOut", heldOut, "").clone();
        Require.that(sorted.length >= 2, NAME, "heldOut must have at least 2 scores", sorted.length, "");
        Arrays.sort(sorted);
        double last = sorted[sorted.length - 1]; // NaN is last
        Require.that(
                Double.isFinite(last) && Double.isFinite(sorted[0]),
                NAME,
                "scores of held-out examples must be finite",
                last,
                "the autoencoder's reconstructions of normal examples are not finite; train it again");
        return new ScoreDistribution(sorted);
    }

    /** Returns the scores, ascending; not a copy. */
    double[] scores() {
        return scores;
    }

    double largest() {
        return scores[scores.length - 1];
    }

    boolean isConstant() {
        return scores[0] == largest();
    }

    /** Returns the probability that a normal example scores at least s. */
    double tail(double s) {
        double empirical = (1.0 + scores.length - countBelow(scores, s)) / (scores.length + 1);
        if (s <= start || excesses == 0) {
            return empirical;
        }
        return Math.min(empirical, (double) excesses / scores.length * tail.unboundedTail(s - start));
    }

    /** Returns the number of sorted scores below s. */
    static int countBelow(double[] sorted, double s) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < s) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Returns the smallest rate for which a score can be the threshold. */
    double smallestQuantileRate() {
        return 1.0 / (scores.length + 1);
    }

    AnomalyThreshold quantile(double rate, double confidence) {
        int n = scores.length;
        int k = (int) Math.ceil((n + 1) * (1 - rate) - 1e-9);
        Require.that(
                k <= n,
                NAME,
                "a quantile for the rate " + rate + " needs at least " + (int) Math.ceil(1 / rate - 1 - 1e-9)
                        + " held-out examples",
                n,
                "hold out more, accept a higher rate, or take the threshold from extremes");
        k = Math.max(k, 1);
        BetaDistribution rateAbove = new BetaDistribution(null, n + 1 - k, k);
        return new AnomalyThreshold(
                scores[k - 1],
                rate,
                rateAbove.inverseCumulativeProbability((1 - confidence) / 2),
                rateAbove.inverseCumulativeProbability((1 + confidence) / 2),
                confidence,
                AnomalyThreshold.Method.QUANTILE);
    }

    AnomalyThreshold extremes(double rate, double confidence) {
        double share = (double) excesses / scores.length;
        if (excesses == 0 || rate >= share) {
            return quantile(rate, confidence);
        }
        double value = start + tail.excess(rate / share);
        int n = scores.length;
        int above = n - countBelow(scores, Math.nextUp(value));
        return new AnomalyThreshold(
                value,
                rate,
                above == 0
                        ? 0
                        : new BetaDistribution(null, above, n - above + 1)
                                .inverseCumulativeProbability((1 - confidence) / 2),
                new BetaDistribution(null, above + 1, n - above).inverseCumulativeProbability((1 + confidence) / 2),
                confidence,
                AnomalyThreshold.Method.EXTREMES);
    }
}
