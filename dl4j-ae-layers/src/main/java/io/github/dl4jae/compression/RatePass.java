package io.github.dl4jae.compression;

import io.github.dl4jae.internal.kernel.RowBlocks;
import java.util.List;

/**
 * The rate of a matrix of codes, and its gradients.
 *
 * <pre>
 * bits = −log₂ max(p, 10⁻⁹)        p = σ(u) − σ(l),  u = f(y + ½),  l = f(y − ½)
 * ∂bits/∂u = −σ′(u) / (max(p, 10⁻⁹) ln 2)        ∂bits/∂l = σ′(l) / (max(p, 10⁻⁹) ln 2)
 * </pre>
 *
 * <p>Where both logits are positive, p is computed as σ(−l) − σ(−u), which keeps its digits in the upper tail. Channels
 * are independent, so that each is the work of one thread and sums do not depend on the number of threads.
 */
final class RatePass {

    /** The floor of a probability. */
    static final double LEAST_PROBABILITY = 1e-9;

    private static final double LN2 = Math.log(2);
    private static final int BLOCK = 256;
    /** The number of additions and multiplications per value that the choice of threads counts with. */
    private static final long WORK = 200;

    private final List<CumulativeNetwork> channels;
    private final double[] y;
    private final int[] rows;
    private final double[] bits;
    private final double[] gradient;
    private final CumulativeNetwork.Gradients[] parameterGradients;

    /**
     * Computes the rate and its gradients.
     *
     * @param channels one network per column
     * @param y codes {@code [N·C]}, row by row
     * @param rows the rows that count
     */
    RatePass(List<CumulativeNetwork> channels, double[] y, int[] rows) {
        this.channels = channels;
        this.y = y;
        this.rows = rows;
        this.bits = new double[channels.size()];
        this.gradient = new double[y.length];
        this.parameterGradients = new CumulativeNetwork.Gradients[channels.size()];
        RowBlocks.of(channels.size(), WORK * Math.max(1, rows.length)).forEach((block, from, to) -> {
            CumulativeNetwork.Trace lower = new CumulativeNetwork.Trace(BLOCK);
            CumulativeNetwork.Trace upper = new CumulativeNetwork.Trace(BLOCK);
            for (int c = from; c < to; c++) {
                channel(c, lower, upper);
            }
        });
    }

    private void channel(int c, CumulativeNetwork.Trace lower, CumulativeNetwork.Trace upper) {
        CumulativeNetwork f = channels.get(c);
        CumulativeNetwork.Gradients gradients = new CumulativeNetwork.Gradients();
        double sum = 0;
        for (int first = 0; first < rows.length; first += BLOCK) {
            int n = Math.min(BLOCK, rows.length - first);
            for (int i = 0; i < n; i++) {
                double value = y[rows[first + i] * channels.size() + c];
                lower.input()[i] = value - 0.5;
                upper.input()[i] = value + 0.5;
            }
            f.forward(lower, n);
            f.forward(upper, n);
            for (int i = 0; i < n; i++) {
                double l = lower.logits()[i];
                double u = upper.logits()[i];
                double p = Math.max(probability(l, u), LEAST_PROBABILITY);
                sum -= Math.log(p) / LN2;
                lower.logitGradient()[i] = slope(l) / (p * LN2);
                upper.logitGradient()[i] = -slope(u) / (p * LN2);
            }
            f.backward(lower, n, gradients);
            f.backward(upper, n, gradients);
            for (int i = 0; i < n; i++) {
                gradient[rows[first + i] * channels.size() + c] = lower.inputGradient()[i] + upper.inputGradient()[i];
            }
        }
        bits[c] = sum;
        parameterGradients[c] = gradients;
    }

    /** Returns σ(u) − σ(l) for l ≤ u, without cancellation in either tail. */
    static double probability(double l, double u) {
        return l + u > 0
                ? CumulativeNetwork.sigmoid(-l) - CumulativeNetwork.sigmoid(-u)
                : CumulativeNetwork.sigmoid(u) - CumulativeNetwork.sigmoid(l);
    }

    private static double slope(double logit) {
        double e = Math.exp(-Math.abs(logit));
        return e / ((1 + e) * (1 + e));
    }

    /** Returns the sum of all bits. */
    double bits() {
        double sum = 0;
        for (double each : bits) {
            sum += each;
        }
        return sum;
    }

    /** Returns the array of ∂bits/∂y, {@code [N·C]}, itself; 0 in rows that do not count. */
    double[] sharedGradient() {
        return gradient;
    }

    /** Returns the gradients of the parameters of a channel themselves. */
    CumulativeNetwork.Gradients sharedGradients(int channel) {
        return parameterGradients[channel];
    }
}
