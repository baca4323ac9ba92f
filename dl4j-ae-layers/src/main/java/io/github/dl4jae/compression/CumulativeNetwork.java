package io.github.dl4jae.compression;

import java.util.Arrays;

/**
 * The monotone network f of one channel, whose logistic function is a cumulative distribution.
 *
 * <pre>
 * z = softplus(H_k)·h + b_k        h ← z + tanh(a_k) ⊙ tanh(z) for k ≤ 4        f = z for k = 5
 * </pre>
 *
 * <p>It works on blocks of values, so that HotSpot compiles the loops over a block to vector instructions. Immutable.
 */
final class CumulativeNetwork {

    /** The number of units from the input to the output. */
    private static final int[] UNITS = {1, 3, 3, 3, 3, 1};

    private static final int LAYERS = UNITS.length - 1;
    /** The number of values in H_1 … H_5. */
    static final int WEIGHTS = weights();
    /** The number of values in b_1 … b_5. */
    static final int BIASES = Arrays.stream(UNITS).sum() - 1;
    /** The number of values in a_1 … a_4. */
    static final int FACTORS = BIASES - 1;

    /** softplus(H) and its derivative. */
    private final double[] weights;

    private final double[] slopes;
    private final double[] biases;
    /** tanh(a). */
    private final double[] factors;

    /**
     * Creates the network of a channel.
     *
     * @param H by layers, each row by row
     * @param b by layers
     * @param a by layers
     */
    CumulativeNetwork(double[] H, double[] b, double[] a) {
        weights = Arrays.stream(H).map(CumulativeNetwork::softplus).toArray();
        slopes = Arrays.stream(H).map(CumulativeNetwork::sigmoid).toArray();
        biases = b.clone();
        factors = Arrays.stream(a).map(StrictMath::tanh).toArray();
    }

    private static int weights() {
        int weights = 0;
        for (int k = 0; k < LAYERS; k++) {
            weights += UNITS[k] * UNITS[k + 1];
        }
        return weights;
    }

    /** Returns the first values of H, with which f(x) is about x / scale. */
    static double[] initialWeights(double scale) {
        double[] H = new double[WEIGHTS];
        int at = 0;
        for (int k = 0; k < LAYERS; k++) {
            int next = at + UNITS[k] * UNITS[k + 1];
            double weight = Math.pow(scale, -1.0 / LAYERS) / UNITS[k + 1];
            Arrays.fill(H, at, next, Math.log(Math.expm1(weight)));
            at = next;
        }
        return H;
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static double strictSigmoid(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    /** Returns f(x) from {@code StrictMath} alone, which gives the same bits on every machine. */
    double logit(double x) {
        double[] h = {x};
        int weight = 0;
        int unit = 0;
        for (int k = 0; k < LAYERS; k++) {
            double[] next = new double[UNITS[k + 1]];
            for (int to = 0; to < next.length; to++) {
                double z = biases[unit];
                for (double from : h) {
                    z += weights[weight++] * from;
                }
                next[to] = k < LAYERS - 1 ? z + factors[unit] * StrictMath.tanh(z) : z;
                unit++;
            }
            h = next;
        }
        return h[0];
    }

    /** The values of a block between the layers, which a backward pass needs. Reused from block to block. */
    static final class Trace {
        private final double[][][] h = new double[UNITS.length][][];
        private final double[][][] tanh = new double[LAYERS][][];
        private final double[][][] delta = new double[UNITS.length][][];

        Trace(int capacity) {
            for (int k = 0; k < UNITS.length; k++) {
                h[k] = new double[UNITS[k]][capacity];
                delta[k] = new double[UNITS[k]][capacity];
            }
            for (int k = 0; k < LAYERS; k++) {
                tanh[k] = new double[UNITS[k + 1]][capacity];
            }
        }

        /** Returns the array of x, to be filled. */
        double[] input() {
            return h[0][0];
        }

        /** Returns the array of f(x), which a forward pass fills. */
        double[] logits() {
            return h[LAYERS][0];
        }

        /** Returns the array of ∂/∂f, to be filled before a backward pass. */
        double[] logitGradient() {
            return delta[LAYERS][0];
        }

        /** Returns the array of ∂/∂x, which a backward pass fills. */
        double[] inputGradient() {
            return delta[0][0];
        }
    }

    /** The gradients of the parameters of one channel, in the order of the parameters. */
    static final class Gradients {
        final double[] H = new double[WEIGHTS];
        final double[] b = new double[BIASES];
        final double[] a = new double[FACTORS];
    }

    /** Computes the logits of the first n values of the input. */
    void forward(Trace trace, int n) {
        int weight = 0;
        int unit = 0;
        for (int k = 0; k < LAYERS; k++) {
            for (int to = 0; to < UNITS[k + 1]; to++) {
                double[] out = trace.h[k + 1][to];
                Arrays.fill(out, 0, n, biases[unit]);
                for (double[] in : trace.h[k]) {
                    add(weights[weight++], in, out, n);
                }
                if (k < LAYERS - 1) {
                    gate(factors[unit], out, trace.tanh[k][to], n);
                }
                unit++;
            }
        }
    }

    private static void add(double factor, double[] from, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] += factor * from[i];
        }
    }

    /** Replaces z by z + factor·tanh(z), and keeps tanh(z). Three times as fast as {@code Math.tanh}. */
    private static void gate(double factor, double[] z, double[] tanh, int n) {
        for (int i = 0; i < n; i++) {
            tanh[i] = 1 - 2 / (Math.exp(2 * z[i]) + 1);
            z[i] += factor * tanh[i];
        }
    }

    /** Computes ∂/∂x from ∂/∂f, and adds the gradients of the parameters. */
    void backward(Trace trace, int n, Gradients gradients) {
        int weight = WEIGHTS;
        int unit = BIASES;
        for (int k = LAYERS - 1; k >= 0; k--) {
            for (double[] below : trace.delta[k]) {
                Arrays.fill(below, 0, n, 0);
            }
            for (int to = UNITS[k + 1] - 1; to >= 0; to--) {
                unit--;
                double[] delta = trace.delta[k + 1][to];
                if (k < LAYERS - 1) {
                    double factor = factors[unit];
                    gradients.a[unit] += (1 - factor * factor) * dot(delta, trace.tanh[k][to], n);
                    backwardGate(factor, trace.tanh[k][to], delta, n);
                }
                gradients.b[unit] += sum(delta, n);
                for (int from = UNITS[k] - 1; from >= 0; from--) {
                    weight--;
                    gradients.H[weight] += slopes[weight] * dot(delta, trace.h[k][from], n);
                    add(weights[weight], delta, trace.delta[k][from], n);
                }
            }
        }
    }

    private static void backwardGate(double factor, double[] tanh, double[] delta, int n) {
        for (int i = 0; i < n; i++) {
            delta[i] *= 1 + factor * (1 - tanh[i] * tanh[i]);
        }
    }

    private static double dot(double[] x, double[] y, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static double sum(double[] x, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[i];
        }
        return sum;
    }
}
