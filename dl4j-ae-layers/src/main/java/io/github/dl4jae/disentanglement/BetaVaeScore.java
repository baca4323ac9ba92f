package io.github.dl4jae.disentanglement;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The β-VAE score: the accuracy of a linear classifier that predicts, from the differences between the codes of pairs,
 * in which factor the pairs agree.
 *
 * <pre>
 * for each point: sample a factor k and 64 pairs of examples that agree in it
 *                 feature_j = mean over pairs of |z_1j − z_2j|/σ_j        σ_j: standard deviation of latent j
 * score = accuracy on 500 points of a softmax regression from features to k, fitted to 1,000 other points
 * </pre>
 *
 * <p>It lies between 1/K (chance) and 1. It is less strict than the other scores: a factor may be spread over several
 * latents.
 *
 * @see <a href="https://openreview.net/forum?id=Sy2fzU9gl">Higgins et al. 2017</a>
 */
public final class BetaVaeScore {

    private static final int TRAIN = 1000;
    private static final int TEST = 500;
    private static final int PAIRS = 64;

    private BetaVaeScore() {}

    /**
     * Computes the score.
     *
     * @param codes {@code [N, n]}, usually posterior means
     * @param factors the factors of the same N examples
     * @param seed the seed of the pairs
     * @return the accuracy
     * @throws IllegalArgumentException if there is not one code per example, or a code is not finite
     */
    public static double compute(INDArray codes, Factors factors, long seed) {
        double[][] rows = factors.requireCodes("BetaVaeScore", codes);
        double[] deviations = new double[rows[0].length];
        Arrays.setAll(deviations, j -> Math.sqrt(Statistics.variance(Statistics.column(rows, j))));
        FactorSampler sampler = new FactorSampler(factors, seed);
        double[][] features = new double[TRAIN + TEST][];
        int[] answers = new int[TRAIN + TEST];
        for (int point = 0; point < features.length; point++) {
            answers[point] = sampler.anyFactor();
            features[point] = meanDifferences(rows, deviations, sampler, answers[point]);
        }
        SoftmaxRegression classifier =
                SoftmaxRegression.fit(Arrays.copyOf(features, TRAIN), Arrays.copyOf(answers, TRAIN), factors.count());
        int right = 0;
        for (int point = TRAIN; point < features.length; point++) {
            right += classifier.predict(features[point]) == answers[point] ? 1 : 0;
        }
        return (double) right / TEST;
    }

    private static double[] meanDifferences(double[][] rows, double[] deviations, FactorSampler sampler, int factor) {
        double[] differences = new double[deviations.length];
        for (int pair = 0; pair < PAIRS; pair++) {
            int[] two = sampler.agreeingIn(factor, 2);
            for (int j = 0; j < differences.length; j++) {
                double difference = Math.abs(rows[two[0]][j] - rows[two[1]][j]);
                differences[j] += deviations[j] > 0 ? difference / deviations[j] / PAIRS : 0;
            }
        }
        return differences;
    }
}
