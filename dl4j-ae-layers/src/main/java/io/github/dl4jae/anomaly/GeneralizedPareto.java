package io.github.dl4jae.anomaly;

import java.util.Arrays;

/**
 * A generalized Pareto distribution of excesses y = s − u over a high value u, to which the excesses of most
 * distributions converge (Pickands 1975).
 *
 * <pre>
 * P(Y &gt; y) = (1 + ξ·y/σ)^(−1/ξ)        exp(−y/σ) for ξ = 0; no y beyond −σ/ξ for ξ &lt; 0
 * </pre>
 *
 * @param shape ξ: 0 for exponential tails, above 0 for heavier ones, below 0 for bounded ones
 * @param scale σ, at least 0; 0 if all excesses are 0
 */
record GeneralizedPareto(double shape, double scale) {

    private static final double NEARLY_EXPONENTIAL = 1e-9;

    /**
     * Estimates the parameters by the mean of the profile likelihood over a grid. It needs no optimization and always
     * exists (Zhang and Stephens 2009, doi 10.1198/tech.2009.08017).
     *
     * @param excesses at least one, each at least 0
     */
    static GeneralizedPareto fit(double[] excesses) {
        double[] y = excesses.clone();
        Arrays.sort(y);
        int n = y.length;
        double largest = y[n - 1];
        double quartile = y[Math.max(0, (int) Math.floor(n / 4.0 + 0.5) - 1)];
        if (largest == 0) {
            return new GeneralizedPareto(0, 0);
        }
        double mean = Arrays.stream(y).average().orElseThrow();
        double start = quartile > 0 ? quartile : largest / n;
        int m = 20 + (int) Math.sqrt(n);
        double[] thetas = new double[m];
        double[] logLikelihoods = new double[m];
        for (int j = 0; j < m; j++) {
            thetas[j] = 1 / largest + (1 - Math.sqrt(m / (j + 0.5))) / (3 * start);
            double k = negativeShape(thetas[j], y);
            // θ/k has the limit 1/ȳ at 0, which is a point of the grid for 16 to 24 equal excesses
            double rate = k == 0 ? 1 / mean : thetas[j] / k;
            logLikelihoods[j] = n * (Math.log(rate) + k - 1);
        }
        double theta = 0;
        for (int j = 0; j < m; j++) {
            double sum = 0;
            for (int i = 0; i < m; i++) {
                sum += Math.exp(logLikelihoods[i] - logLikelihoods[j]);
            }
            theta += thetas[j] / sum;
        }
        double k = negativeShape(theta, y);
        boolean exponential = Math.abs(k) < NEARLY_EXPONENTIAL || Math.abs(theta * largest) < NEARLY_EXPONENTIAL;
        return exponential ? new GeneralizedPareto(0, mean) : new GeneralizedPareto(-k, k / theta);
    }

    /** Returns −ξ for which θ = −ξ/σ is most likely. */
    private static double negativeShape(double theta, double[] y) {
        double sum = 0;
        for (double each : y) {
            sum -= Math.log1p(-theta * each);
        }
        return sum / y.length;
    }

    /** Returns P(Y &gt; y). */
    double tail(double y) {
        if (y <= 0) {
            return 1;
        } else if (scale == 0) {
            return 0;
        } else if (shape == 0) {
            return Math.exp(-y / scale);
        }
        double base = 1 + shape * y / scale;
        return base <= 0 ? 0 : Math.pow(base, -1 / shape);
    }

    /** Returns y with P(Y &gt; y) = p, for p in (0, 1]. */
    double excess(double p) {
        return shape == 0 ? -scale * Math.log(p) : scale / shape * (Math.pow(p, -shape) - 1);
    }
}
