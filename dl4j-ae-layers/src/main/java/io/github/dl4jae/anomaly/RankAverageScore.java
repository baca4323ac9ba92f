package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An ensemble: the mean rank of several scores among the scores of held-out normal examples, such as those of
 * autoencoders with different seeds.
 *
 * <pre>
 * s(x) = 1/M Σ_m F_m(s_m(x))        a_j = 1/M Σ_m a_mj/Σ_l |a_ml|
 * F(s_(i)) = i/(n + 1)              s_(1) ≤ … ≤ s_(n) the held-out scores, linear between them
 * F(s) = 1 − 1/(n + 1) · w/(w + s − s_(n))        s &gt; s_(n), w = s_(n) − median
 * </pre>
 *
 * <p>Ranks make scores of different units comparable. Beyond the held-out scores F keeps growing toward 1, so anomalies
 * remain ordered. The rank comes from the held-out scores and not from the examples to be scored, so it does not depend
 * on the other examples. {@link StandardizedAverageScore} also keeps how far apart scores are.
 */
public final class RankAverageScore implements StoredScore {

    static final String KIND = "rank-average";

    private static final String NAME = "RankAverageScore";

    private final List<AnomalyScore> scores;
    private final List<double[]> references;

    private RankAverageScore(List<AnomalyScore> scores, List<double[]> references) {
        this.scores = List.copyOf(scores);
        this.references = List.copyOf(references);
    }

    /**
     * Ranks scores among those of normal examples.
     *
     * @param scores at least one
     * @param heldOut normal examples that no score was fitted to, {@code [N, …]}, at least 2
     * @return the score
     * @throws IllegalArgumentException if there are no scores, fewer examples, or a score is not finite on them
     */
    public static RankAverageScore fit(List<AnomalyScore> scores, INDArray heldOut) {
        Require.given(NAME, "scores", scores, "");
        Require.that(!scores.isEmpty(), NAME, "scores must have at least one", "none", "");
        List<double[]> references = new ArrayList<>();
        for (AnomalyScore score : scores) {
            references.add(ScoreDistribution.of(score.score(heldOut)).scores());
        }
        return new RankAverageScore(scores, references);
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        out.scores("scores", scores);
        out.matrix("references", references.toArray(double[][]::new));
    }

    static RankAverageScore read(ScoreReader in) {
        List<AnomalyScore> scores = in.scores("scores");
        double[][] references = in.matrix("references");
        Require.that(
                references.length == scores.size() && references[0].length >= 2,
                NAME,
                "the file must have held-out scores for each score",
                references.length + " for " + scores.size(),
                "");
        for (double[] each : references) {
            Arrays.sort(each);
        }
        return new RankAverageScore(scores, List.of(references));
    }

    @Override
    public String name() {
        return "mean rank of " + scores.size() + " scores";
    }

    @Override
    public double[] score(INDArray examples) {
        double[] sum = new double[(int) ExampleBlocks.require(NAME, examples).size(0)];
        for (int m = 0; m < scores.size(); m++) {
            double[] some = scores.get(m).score(examples);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += rank(references.get(m), some[i]) / scores.size();
            }
        }
        return sum;
    }

    static double rank(double[] sorted, double score) {
        int n = sorted.length;
        double last = sorted[n - 1];
        if (score > last) {
            double width = Math.max(last - sorted[n / 2], Double.MIN_NORMAL);
            return 1 - width / (width + score - last) / (n + 1);
        } else if (score < sorted[0]) {
            return 0;
        }
        int below = ScoreDistribution.countBelow(sorted, score);
        int notAbove = ScoreDistribution.countBelow(sorted, Math.nextUp(score));
        if (notAbove > below) {
            return (below + 1 + notAbove) / 2.0 / (n + 1); // tied scores share their mean rank
        }
        double share = (score - sorted[below - 1]) / (sorted[below] - sorted[below - 1]);
        return (below + share) / (n + 1);
    }

    @Override
    public INDArray attribution(INDArray examples) {
        return Attributions.mean(scores, examples);
    }

    @Override
    public String toString() {
        return name();
    }
}
