package io.github.dl4jae.disentanglement;

import io.github.dl4jae.internal.math.Shuffle;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The DCI scores (disentanglement, completeness and informativeness), from the importance of each latent for the
 * prediction of each factor.
 *
 * <pre>
 * R_jk   importance of latent j for factor k: |coefficients| of lasso regressions on standardized latents
 * D      Σ_j ρ_j (1 − H_K(R_j·/Σ_k R_jk))        ρ_j = Σ_k R_jk/ΣR
 * C      1/K Σ_k (1 − H_n(R_·k/Σ_j R_jk))
 * I      1/K Σ_k R² of the regression of factor k, on the other half of the examples
 * </pre>
 *
 * <p>H_b is the entropy to base b. All three scores lie between 0 and 1. Categorical factors are regressed class by
 * class.
 *
 * <p>R_·k is set to 0 for a factor that no regression predicts better than chance, that is, if R² ≤ (9 + 2·ln c)/m on
 * the m examples of the other half for the best of c classes. Otherwise the few small coefficients that the lasso
 * leaves would look disentangled. Codes that predict no factor have D = C = 0, so read D together with I.
 *
 * <p>When not to use it: for factors that depend on the latents nonlinearly, such as angles. The regressions are linear
 * and underestimate the informativeness of such latents.
 *
 * @param disentanglement D: 1 if each latent is important for one factor only
 * @param completeness C: 1 if each factor is predicted from one latent only
 * @param informativeness I: 1 if all factors are predicted exactly
 * @see <a href="https://openreview.net/forum?id=By-7dz-AZ">Eastwood and Williams 2018</a>
 */
public record Dci(double disentanglement, double completeness, double informativeness) {

    /**
     * The threshold in squared standard errors. A prediction that is independent of a factor has R² above 9/m on m
     * examples with a probability of about 1/700. The best of c predictions needs 2·ln c more, because the maximum of c
     * squared normal variables grows by that.
     */
    private static final double CHANCE = 9;

    private static final double[] PENALTIES = {0.1, 0.03, 0.01, 0.003, 0.001};

    /**
     * Computes the three scores.
     *
     * @param codes {@code [N, n]}, usually posterior means
     * @param factors the factors of the same N examples
     * @param seed the seed of the split into halves
     * @return D, C and I
     * @throws IllegalArgumentException if there is not one code per example, or a code is not finite
     */
    public static Dci compute(INDArray codes, Factors factors, long seed) {
        double[][] x = standardized(factors.requireCodes("Dci", codes));
        int[] order = Shuffle.permutation(x.length, new SplittableRandom(seed));
        int n = x[0].length;
        double[][] importance = new double[n][factors.count()];
        double informativeness = 0;
        for (int k = 0; k < factors.count(); k++) {
            int[] v = factors.column(k);
            int[] classes = factors.distinct(k);
            double explained = 0;
            double best = Double.NEGATIVE_INFINITY;
            int targets = factors.isCategorical(k) ? classes.length : 1;
            for (int target = 0; target < targets; target++) {
                int c = classes[target];
                double[] y = targets == 1
                        ? Arrays.stream(v).asDoubleStream().toArray()
                        : Arrays.stream(v)
                                .mapToDouble(value -> value == c ? 1 : 0)
                                .toArray();
                double ofTarget = regress(x, y, order, importance, k);
                explained += ofTarget / targets;
                best = Math.max(best, ofTarget);
            }
            int heldOut = order.length - order.length / 2;
            if (!(best > (CHANCE + 2 * Math.log(targets)) / heldOut)) { // also NaN
                for (double[] ofLatent : importance) {
                    ofLatent[k] = 0; // these coefficients fit noise
                }
            }
            informativeness += Math.max(explained, 0) / factors.count();
        }
        return new Dci(disentanglement(importance), completeness(importance), informativeness);
    }

    /**
     * Returns R² on the second half of the examples. Adds the |coefficients| of the regression on the first half to a
     * column of the importance matrix. The penalty is selected on the last quarter of the first half, with fits to the
     * rest of that half.
     */
    private static double regress(double[][] x, double[] y, int[] order, double[][] importance, int factor) {
        int half = order.length / 2;
        double[] target = y.clone();
        double center =
                Arrays.stream(order, 0, half).mapToDouble(i -> y[i]).average().orElse(0);
        double scale = Math.sqrt(Statistics.variance(y));
        Arrays.setAll(target, i -> (y[i] - center) / scale);
        double best = Double.NEGATIVE_INFINITY;
        double chosen = PENALTIES[0];
        for (double penalty : PENALTIES) {
            double[] w = fit(x, target, order, 3 * half / 4, penalty);
            double explained = explained(x, target, order, 3 * half / 4, half, w);
            if (explained > best) {
                best = explained;
                chosen = penalty;
            }
        }
        double[] w = fit(x, target, order, half, chosen);
        for (int j = 0; j < w.length; j++) {
            importance[j][factor] += Math.abs(w[j]);
        }
        return explained(x, target, order, half, order.length, w);
    }

    private static double[] fit(double[][] x, double[] y, int[] order, int to, double penalty) {
        return Lasso.fit(
                Arrays.stream(order, 0, to).mapToObj(i -> x[i]).toArray(double[][]::new),
                Arrays.stream(order, 0, to).mapToDouble(i -> y[i]).toArray(),
                penalty);
    }

    /** Returns R² of the predictions for the examples order[from … to). */
    private static double explained(double[][] x, double[] y, int[] order, int from, int to, double[] w) {
        double rest = 0;
        double total = 0;
        for (int at = from; at < to; at++) {
            double[] code = x[order[at]];
            double wanted = y[order[at]];
            double error = wanted
                    - IntStream.range(0, w.length)
                            .mapToDouble(j -> w[j] * code[j])
                            .sum();
            rest += error * error;
            total += wanted * wanted;
        }
        return 1 - rest / total;
    }

    private static double disentanglement(double[][] importance) {
        double all = Arrays.stream(importance).flatMapToDouble(Arrays::stream).sum();
        return all == 0
                ? 0
                : Arrays.stream(importance)
                        .mapToDouble(ofLatent -> Arrays.stream(ofLatent).sum() / all * concentration(ofLatent))
                        .sum();
    }

    private static double completeness(double[][] importance) {
        return IntStream.range(0, importance[0].length)
                .mapToDouble(k -> concentration(Statistics.column(importance, k)))
                .average()
                .orElseThrow();
    }

    /** Returns 1 − entropy to base n: 1 if one of the n weights has all mass, 0 if all are equal or all are 0. */
    private static double concentration(double[] weights) {
        double sum = Arrays.stream(weights).sum();
        if (sum == 0) {
            return 0;
        }
        double entropy = Arrays.stream(weights)
                .map(weight -> weight / sum)
                .filter(share -> share > 0)
                .map(share -> -share * Math.log(share))
                .sum();
        return weights.length == 1 ? 1 : 1 - entropy / Math.log(weights.length);
    }

    private static double[][] standardized(double[][] rows) {
        double[][] x = new double[rows.length][rows[0].length];
        for (int j = 0; j < rows[0].length; j++) {
            double[] column = Statistics.column(rows, j);
            double mean = Statistics.mean(column);
            double variance = Statistics.variance(column);
            for (int i = 0; i < rows.length; i++) {
                x[i][j] = variance > 0 ? (rows[i][j] - mean) / Math.sqrt(variance) : 0;
            }
        }
        return x;
    }

    /** Returns the three scores on one line. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "disentanglement %.3f, completeness %.3f, informativeness %.3f",
                disentanglement,
                completeness,
                informativeness);
    }
}
