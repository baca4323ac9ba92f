package io.github.dl4jae.disentanglement;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Disentanglement, completeness and informativeness, from the importance of each latent in predicting each factor.
 *
 * <pre>
 * R_jk   importance of latent j for factor k: |coefficients| of lasso regressions on standardized latents
 * D      Σ_j ρ_j (1 − H_K(R_j·/Σ_k R_jk))        ρ_j = Σ_k R_jk/ΣR: does each latent serve one factor?
 * C      1/K Σ_k (1 − H_n(R_·k/Σ_j R_jk))        is each factor served by one latent?
 * I      1/K Σ_k R² of the regression of factor k, on the other half of the examples
 * </pre>
 *
 * R_·k is 0 for a factor that no regression predicts better than chance (R² ≤ (9 + 2·ln c)/m on the m examples of the other half,
 * for the best of c classes):
 * lasso leaves a few small coefficients there, which would look disentangled. Codes that predict nothing have D = C =
 * 0; read D only together with I. H_b is the entropy to the base b. All lie between 0 and 1. A categorical factor is
 * regressed class by class. The regressions are linear: what depends on a latent in another way (an angle, for example)
 * counts as less informative.
 *
 * @param disentanglement D
 * @param completeness C
 * @param informativeness I
 * @see <a href="https://openreview.net/forum?id=By-7dz-AZ">Eastwood and Williams 2018</a>
 */
public record Dci(double disentanglement, double completeness, double informativeness) {

    /**
     * Squared standard errors: a prediction that has nothing to do with a factor explains more than 9/m of m examples
     * once in 700 times. The best of c predictions gets 2·ln c more, which is how the maximum of squared normal variables
     * grows.
     */
    private static final double CHANCE = 9;

    private static final double[] PENALTIES = {0.1, 0.03, 0.01, 0.003, 0.001};

    /**
     * Evaluates the three scores.
     *
     * @param codes {@code [N, n]}, usually posterior means
     * @param factors of the same N examples
     * @param seed decides the halves
     * @return D, C and I
     * @throws IllegalArgumentException if there is not one code per example
     */
    public static Dci of(INDArray codes, Factors factors, long seed) {
        double[][] x = standardized(factors.requireCodes("Dci", codes));
        int[] order = shuffled(x.length, seed);
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
                    ofLatent[k] = 0; // coefficients that fit chance
                }
            }
            informativeness += Math.max(explained, 0) / factors.count();
        }
        return new Dci(disentanglement(importance), completeness(importance), informativeness);
    }

    /**
     * R² on the second half of the examples; adds |coefficients| of the regression on the first half to a column of the importances. The penalty is that
     * which does best on the last quarter of the first half, fitted to the rest of it.
     */
    private static double regress(double[][] x, double[] y, int[] order, double[][] importance, int factor) {
        int half = order.length / 2;
        double[] target = y.clone();
        double center =
                Arrays.stream(order, 0, half).mapToDouble(i -> y[i]).average().orElse(0);
        double scale = Math.sqrt(Factors.variance(y));
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

    /** R² of predictions for the examples order[from … to). */
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
                .mapToDouble(k -> concentration(Factors.column(importance, k)))
                .average()
                .orElseThrow();
    }

    /** 1 − entropy to the base of the number of values: 1 if all lies in one, 0 if it is spread evenly or there is nothing. */
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
            double[] column = Factors.column(rows, j);
            double mean = Factors.mean(column);
            double variance = Factors.variance(column);
            for (int i = 0; i < rows.length; i++) {
                x[i][j] = variance > 0 ? (rows[i][j] - mean) / Math.sqrt(variance) : 0;
            }
        }
        return x;
    }

    private static int[] shuffled(int count, long seed) {
        int[] order = IntStream.range(0, count).toArray();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

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
