package io.github.dl4jae.disentanglement;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The β-VAE score: can a linear classifier tell which factor pairs of examples agree in from how their codes differ?
 *
 * <pre>
 * for each point: draw a factor k and 64 pairs of examples that agree in it; feature = mean over pairs of |z_1 − z_2|/σ
 * score = accuracy of a softmax regression from 1,000 such points to k, on 500 other points        σ: deviation of each latent
 * </pre>
 *
 * Between 1/K (chance) and 1. Easier to pass than the other scores: a factor may be spread over several latents.
 *
 * @see <a href="https://openreview.net/forum?id=Sy2fzU9gl">Higgins et al. 2017</a>
 */
public final class BetaVaeScore {

    private static final int TRAIN = 1000;
    private static final int TEST = 500;
    private static final int PAIRS = 64;

    private BetaVaeScore() {}

    /**
     * Evaluates the score.
     *
     * @param codes {@code [N, n]}, usually posterior means
     * @param factors of the same N examples
     * @param seed decides the pairs
     * @return an accuracy
     * @throws IllegalArgumentException if there is not one code per example
     */
    public static double compute(INDArray codes, Factors factors, long seed) {
        double[][] rows = factors.requireCodes("BetaVaeScore", codes);
        double[] deviations = new double[rows[0].length];
        Arrays.setAll(deviations, j -> Math.sqrt(Factors.variance(Factors.column(rows, j))));
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
