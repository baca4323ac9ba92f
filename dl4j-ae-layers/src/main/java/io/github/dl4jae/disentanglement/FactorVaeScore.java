package io.github.dl4jae.disentanglement;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The FactorVAE score: the accuracy with which the least varying latent predicts the factor that was held fixed.
 *
 * <pre>
 * for each vote: sample a factor k and 64 examples that agree in it; d = argmin_j Var(z_j over them)/Var(z_j over all)
 * score = accuracy on 800 votes of the majority vote d ↦ k, fitted to 800 other votes
 * </pre>
 *
 * <p>It lies between 1/K (chance) and 1. Latents with a variance below 0.01 are ignored. If all are ignored, the score
 * is 0.
 *
 * @see <a href="https://arxiv.org/abs/1802.05983">Kim and Mnih 2018, Disentangling by factorizing</a>
 */
public final class FactorVaeScore {

    private static final int VOTES = 800;
    private static final int EXAMPLES = 64;
    private static final double CONSTANT = 0.01;

    private FactorVaeScore() {}

    /**
     * Computes the score.
     *
     * @param codes {@code [N, n]}, usually posterior means
     * @param factors the factors of the same N examples
     * @param seed the seed of the votes
     * @return the accuracy
     * @throws IllegalArgumentException if there is not one code per example, or a code is not finite
     */
    public static double compute(INDArray codes, Factors factors, long seed) {
        double[][] rows = factors.requireCodes("FactorVaeScore", codes);
        int n = rows[0].length;
        double[] variances = new double[n];
        Arrays.setAll(variances, j -> Statistics.variance(Statistics.column(rows, j)));
        if (Arrays.stream(variances).allMatch(variance -> variance < CONSTANT)) {
            return 0;
        }
        FactorSampler sampler = new FactorSampler(factors, seed);
        double[][] votes = new double[n][factors.count()];
        int right = 0;
        for (int vote = 0; vote < 2 * VOTES; vote++) {
            int factor = sampler.anyFactor();
            int latent = leastVarying(rows, sampler.agreeingIn(factor, EXAMPLES), variances);
            if (vote < VOTES) {
                votes[latent][factor]++;
            } else if (factor == Statistics.argMax(votes[latent])) {
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
            double variance = Statistics.variance(
                    Arrays.stream(examples).mapToDouble(i -> rows[i][latent]).toArray());
            if (variances[j] >= CONSTANT && variance / variances[j] < smallest) {
                smallest = variance / variances[j];
                least = j;
            }
        }
        return least;
    }
}
