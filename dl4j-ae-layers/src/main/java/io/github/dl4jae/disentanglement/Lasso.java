package io.github.dl4jae.disentanglement;

/**
 * Linear regression with an L1 penalty, fitted by coordinate descent.
 *
 * <pre>
 * min over w of 1/2N Σ_i (y_i − Σ_j w_j x_ij)² + λ Σ_j |w_j|        x standardized by column, y with mean 0
 * w_j ← S(1/N Σ_i x_ij r_i + w_j, λ)        r the residual, S(a, λ) = sign(a)·max(|a| − λ, 0)
 * </pre>
 *
 * @see <a href="https://doi.org/10.18637/jss.v033.i01">Friedman, Hastie and Tibshirani 2010, Regularization paths for
 *     generalized linear models via coordinate descent</a>
 */
final class Lasso {

    private static final int SWEEPS = 200;

    private Lasso() {}

    /** Returns the coefficients w for x {@code [N][n]} and y {@code [N]}. */
    static double[] fit(double[][] x, double[] y, double lambda) {
        int n = x[0].length;
        double[] w = new double[n];
        double[] residual = y.clone();
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            double largestStep = 0;
            for (int j = 0; j < n; j++) {
                double correlation = 0;
                double square = 0;
                for (int i = 0; i < x.length; i++) {
                    correlation += x[i][j] * residual[i] / x.length;
                    square += x[i][j] * x[i][j] / x.length;
                }
                if (square == 0) {
                    continue;
                }
                double target = correlation + square * w[j];
                double next = Math.signum(target) * Math.max(Math.abs(target) - lambda, 0) / square;
                double step = next - w[j];
                for (int i = 0; i < x.length && step != 0; i++) {
                    residual[i] -= step * x[i][j];
                }
                w[j] = next;
                largestStep = Math.max(largestStep, Math.abs(step));
            }
            if (largestStep < 1e-7) {
                break;
            }
        }
        return w;
    }
}
