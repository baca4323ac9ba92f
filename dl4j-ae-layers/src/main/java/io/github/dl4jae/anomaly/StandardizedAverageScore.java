package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.layer.Require;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean of several scores, each standardized by its mean and standard deviation over held-out normal examples.
 *
 * <pre>
 * s(x) = 1/M Σ_m (s_m(x) − μ_m)/σ_m        a_j = 1/M Σ_m a_mj/Σ_l |a_ml|
 * </pre>
 *
 * <p>It suits scores that see different things, such as a reconstruction error and a distance of codes: an example that
 * only one of them finds very unusual has a high mean. {@link RankAverageScore} depends less on a single score, because
 * its ranks are bounded.
 *
 * <p>When not to use it: if a score has a long tail among normal examples, its σ is large and it hardly counts.
 */
public final class StandardizedAverageScore implements StoredScore {

    static final String KIND = "standardized-average";

    private static final String NAME = "StandardizedAverageScore";

    private final List<AnomalyScore> scores;
    private final ResidualScale scale;

    private StandardizedAverageScore(List<AnomalyScore> scores, ResidualScale scale) {
        this.scores = List.copyOf(scores);
        this.scale = scale;
    }

    /**
     * Measures scores on normal examples.
     *
     * @param scores at least one
     * @param heldOut normal examples that no score was fitted to, {@code [N, …]}, at least 2
     * @return the score
     * @throws IllegalArgumentException if there are no scores, fewer examples, or a score is not finite or equal on all
     *     of them
     */
    public static StandardizedAverageScore fit(List<AnomalyScore> scores, INDArray heldOut) {
        Require.given(NAME, "scores", scores, "");
        Require.that(!scores.isEmpty(), NAME, "scores must have at least one", "none", "");
        double[] means = new double[scores.size()];
        double[] deviations = new double[scores.size()];
        for (int m = 0; m < means.length; m++) {
            ScoreDistribution held = ScoreDistribution.of(scores.get(m).score(heldOut));
            Require.that(
                    !held.isConstant(),
                    NAME,
                    "the scores of held-out examples must differ",
                    scores.get(m).name() + " always " + held.largest(),
                    "leave the score out");
            double[][] column = new double[held.scores().length][];
            for (int i = 0; i < column.length; i++) {
                column[i] = new double[] {held.scores()[i]};
            }
            ResidualScale one = ResidualScale.of(NAME, column); // one by one: scales differ by orders of magnitude
            means[m] = one.means()[0];
            deviations[m] = one.deviations()[0];
        }
        return new StandardizedAverageScore(scores, new ResidualScale(means, deviations));
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        out.scores("scores", scores);
        out.scale(scale);
    }

    static StandardizedAverageScore read(ScoreReader in) {
        List<AnomalyScore> scores = in.scores("scores");
        ResidualScale scale = in.scale();
        Require.that(
                scale.means().length == scores.size(),
                NAME,
                "the file must have a mean for each score",
                scale.means().length + " for " + scores.size(),
                "");
        return new StandardizedAverageScore(scores, scale);
    }

    @Override
    public String name() {
        return "mean of " + scores.size() + " standardized scores";
    }

    @Override
    public double[] score(INDArray examples) {
        double[] sum = new double[(int) ExampleBlocks.require(NAME, examples).size(0)];
        for (int m = 0; m < scores.size(); m++) {
            double[] some = scores.get(m).score(examples);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += (some[i] - scale.means()[m]) / scale.deviations()[m] / scores.size();
            }
        }
        return sum;
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
