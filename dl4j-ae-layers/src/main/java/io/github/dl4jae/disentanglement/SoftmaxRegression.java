package io.github.dl4jae.disentanglement;

import java.util.Arrays;

/**
 * A linear classifier, fitted by gradient descent with Nesterov momentum.
 *
 * <pre>
 * p(c|x) = softmax(xW + b)_c        L = −1/N Σ_i ln p(c_i|x_i)        ∂L/∂z_ic = (p(c|x_i) − 1[c = c_i])/N
 * </pre>
 *
 * <p>It is not a Deeplearning4j network, because creating one sets the seed of ND4J's global random generator.
 */
final class SoftmaxRegression {

    private static final int STEPS = 1000;
    private static final double RATE = 0.5;
    private static final double MOMENTUM = 0.9;

    /** {@code [classes][n + 1]}, the bias last. */
    private final double[][] weights;

    private SoftmaxRegression(double[][] weights) {
        this.weights = weights;
    }

    /** Fits a classifier to x {@code [N][n]} and the class of each row. */
    static SoftmaxRegression fit(double[][] x, int[] answers, int classes) {
        int n = x[0].length;
        double[][] weights = new double[classes][n + 1];
        double[][] velocity = new double[classes][n + 1];
        for (int step = 0; step < STEPS; step++) {
            double[][] gradient = gradient(new SoftmaxRegression(weights), x, answers);
            for (int c = 0; c < classes; c++) {
                for (int j = 0; j <= n; j++) {
                    velocity[c][j] = MOMENTUM * velocity[c][j] - RATE * gradient[c][j];
                    weights[c][j] += MOMENTUM * velocity[c][j] - RATE * gradient[c][j];
                }
            }
        }
        return new SoftmaxRegression(weights);
    }

    private static double[][] gradient(SoftmaxRegression model, double[][] x, int[] answers) {
        int n = x[0].length;
        double[][] gradient = new double[model.weights.length][n + 1];
        for (int i = 0; i < x.length; i++) {
            double[] delta = model.probabilities(x[i]);
            delta[answers[i]] -= 1;
            for (int c = 0; c < delta.length; c++) {
                for (int j = 0; j < n; j++) {
                    gradient[c][j] += delta[c] * x[i][j] / x.length;
                }
                gradient[c][n] += delta[c] / x.length;
            }
        }
        return gradient;
    }

    private double[] probabilities(double[] x) {
        double[] p = new double[weights.length];
        for (int c = 0; c < p.length; c++) {
            p[c] = weights[c][x.length];
            for (int j = 0; j < x.length; j++) {
                p[c] += weights[c][j] * x[j];
            }
        }
        double largest = Arrays.stream(p).max().orElseThrow();
        double sum = 0;
        for (int c = 0; c < p.length; c++) {
            p[c] = Math.exp(p[c] - largest);
            sum += p[c];
        }
        for (int c = 0; c < p.length; c++) {
            p[c] /= sum;
        }
        return p;
    }

    /** Returns the most probable class. */
    int predict(double[] x) {
        return Statistics.argMax(probabilities(x));
    }
}
