package io.github.dl4jae.disentanglement;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The FactorVAE score: can one tell which factor was held fixed from which latent varied least?
 *
 * <pre>
 * for each vote: draw a factor k and 64 examples that agree in it; d = argmin_j Var(z_j over them)/Var(z_j over all)
 * score = accuracy of the rule d ↦ the factor that 800 votes with this d were mostly for, on 800 other votes
 * </pre>
 *
 * Between 1/K (chance) and 1. Latents that hardly vary (variance below 0.01) have no vote; if none varies, the score is 0.
 *
 * @see <a href="https://arxiv.org/abs/1802.05983">Kim and Mnih 2018, Disentangling by factorizing</a>
 */
public final class FactorVaeScore {

    private static final int VOTES = 800;
    private static final int EXAMPLES = 64;
    private static final double CONSTANT = 0.01;

    private FactorVaeScore() {}

    /**
     * Evaluates the score.
     *
     * @param codes {@code [N, n]}, usually posterior means
     * @param factors of the same N examples
     * @param seed decides the votes
     * @return an accuracy
     * @throws IllegalArgumentException if there is not one code per example
     */
    public static double compute(INDArray codes, Factors factors, long seed) {
        double[][] rows = factors.requireCodes("FactorVaeScore", codes);
        int n = rows[0].length;
        double[] variances = new double[n];
        Arrays.setAll(variances, j -> Factors.variance(Factors.column(rows, j)));
        if (Arrays.stream(variances).allMatch(variance -> variance < CONSTANT)) {
            return 0;
        }
        FactorSampler sampler = new FactorSampler(factors, seed);
        int[][] votes = new int[n][factors.count()];
        int right = 0;
        for (int vote = 0; vote < 2 * VOTES; vote++) {
            int factor = sampler.anyFactor();
            int latent = leastVarying(rows, sampler.agreeingIn(factor, EXAMPLES), variances);
            if (vote < VOTES) {
                votes[latent][factor]++;
            } else if (factor == mostVotes(votes[latent])) {
                right++;
            }
        }
        return (double) right / VOTES;
    }

    private static int leastVarying(double[][] rows, int[] examples, double[] variances) {
        int least = -1;
        double smallest = Double.POSITIVE_INFINITY;
        for (int j = 0; j < variances.length; j++) {
            int latent = j;
            double variance = Factors.variance(
                    Arrays.stream(examples).mapToDouble(i -> rows[i][latent]).toArray());
            if (variances[j] >= CONSTANT && variance / variances[j] < smallest) {
                smallest = variance / variances[j];
                least = j;
            }
        }
        return least;
    }

    private static int mostVotes(int[] votes) {
        int most = 0;
        for (int k = 1; k < votes.length; k++) {
            if (votes[k] > votes[most]) {
                most = k;
            }
        }
        return most;
    }
}
