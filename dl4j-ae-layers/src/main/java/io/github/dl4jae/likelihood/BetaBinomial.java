package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.math.GammaSeries;

/**
 * The loss of one value of {@link LossBetaBinomial}, without the binomial coefficient, and its gradient. Reused for all
 * values of a row.
 */
final class BetaBinomial {

    private static final double BOUND = 10;
    /** The largest weight of a level before all are scaled down. */
    private static final double LARGE = 1e150;

    private final int steps;
    private double loss;
    private double gradientA;
    private double gradientB;

    BetaBinomial(int steps) {
        this.steps = steps;
    }

    /** Returns the logarithm of a parameter, a/√(1 + (a/10)²). */
    static double bounded(double a) {
        return a / Math.sqrt(1 + a * a / (BOUND * BOUND));
    }

    /** Computes −ln [B(k + α, n − k + β) / B(α, β)] and its gradient. */
    void compute(int k, double a, double b) {
        double alpha = Math.exp(bounded(a));
        double beta = Math.exp(bounded(b));
        double sum = alpha + beta;
        double logRatio = GammaSeries.logGamma(sum) - GammaSeries.logGamma(steps + sum);
        double common = GammaSeries.digamma(sum) - GammaSeries.digamma(steps + sum);
        double toAlpha = common;
        double toBeta = common;
        if (k > 0) { // most pixels of many images are 0, where these terms cancel
            logRatio += GammaSeries.logGamma(k + alpha) - GammaSeries.logGamma(alpha);
            toAlpha += GammaSeries.digamma(k + alpha) - GammaSeries.digamma(alpha);
        }
        if (k < steps) {
            logRatio += GammaSeries.logGamma(steps - k + beta) - GammaSeries.logGamma(beta);
            toBeta += GammaSeries.digamma(steps - k + beta) - GammaSeries.digamma(beta);
        }
        loss = -logRatio;
        gradientA = -toAlpha * alpha * slope(a);
        gradientB = -toBeta * beta * slope(b);
    }

    private static double slope(double a) {
        double root = 1 + a * a / (BOUND * BOUND);
        return 1 / (root * Math.sqrt(root));
    }

    /** Returns the loss of the last value without ln C(n, k). */
    double loss() {
        return loss;
    }

    /** Returns ∂L/∂a of the last value. */
    double gradientA() {
        return gradientA;
    }

    /** Returns ∂L/∂b of the last value. */
    double gradientB() {
        return gradientB;
    }

    /**
     * Computes all probabilities by the ratio of neighbors, which needs no function but the exponential of both
     * outputs: p(k + 1)/p(k) = (n − k)/(k + 1) · (k + α)/(n − k − 1 + β).
     */
    static void distribution(double a, double b, double[] to, int offset, int steps) {
        double alpha = StrictMath.exp(bounded(a));
        double beta = StrictMath.exp(bounded(b));
        double weight = 1;
        double sum = 1;
        to[offset] = 1;
        for (int k = 0; k < steps; k++) {
            weight *= (steps - k) * (k + alpha) / ((k + 1) * (steps - k - 1 + beta));
            if (weight > LARGE) {
                for (int i = 0; i <= k; i++) {
                    to[offset + i] /= LARGE;
                }
                sum /= LARGE;
                weight /= LARGE;
            }
            to[offset + k + 1] = weight;
            sum += weight;
        }
        for (int k = 0; k <= steps; k++) {
            to[offset + k] /= sum;
        }
    }
}
