package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.LogSumExp;

/**
 * The weighted total correlation of the latents, the regularizer of β-TC-VAE. The KL divergence of the evidence lower
 * bound contains the total correlation once; this term adds it β − 1 times more.
 *
 * <pre>
 * P = (β − 1)·TC        TC = E_q(z)[ln q(z) − Σ_j ln q(z_j)]        q(z) = 1/N Σ_n q(z|x_n)
 * ln q(z_i) ≈ ln Σ_m w_im q(z_i|x_m)        for a mini-batch of M + 1 examples, stratified:
 * w_ii = 1/N,  w_i,i+1 = (N − M)/(N·M),  all others 1/M
 * </pre>
 *
 * <p>The term penalizes dependence between latents, but not their information about the example. Reconstructions are
 * therefore sharper than with β-VAE at equal disentanglement. For a mini-batch of one example the value is 0. Time
 * grows with the square of the mini-batch size.
 *
 * <p>When not to use it: with mini-batches of a few examples, where the estimate of q(z) is poor; with sequences, whose
 * time steps it counts as examples.
 *
 * @param beta β, at least 0; 1 leaves the evidence lower bound unchanged, 6 is usual
 * @param examples N, the number of training examples, at least 1
 * @see <a href="https://arxiv.org/abs/1802.04942">Chen et al. 2018, Isolating sources of disentanglement in VAEs</a>
 */
public record TotalCorrelation(double beta, long examples) implements LatentRegularizer {

    /**
     * Creates the term.
     *
     * @param beta β, at least 0
     * @param examples N, at least 1
     * @throws IllegalArgumentException if β is negative or not finite, or N is below 1
     */
    public TotalCorrelation {
        Require.nonNegative("TotalCorrelation", "beta", beta, "1 leaves the evidence lower bound unchanged");
        Require.that(
                examples >= 1,
                "TotalCorrelation",
                "examples must be at least 1",
                examples,
                "pass the number of training examples");
    }

    @Override
    public double evaluate(LatentCodes codes) {
        int rows = codes.posterior().rows();
        if (rows < 2) {
            return 0;
        }
        Pairs pairs = new Pairs(codes);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += pairs.evaluate(i, (beta - 1) / rows);
        }
        return (beta - 1) * sum / rows;
    }

    /** The densities of every code under the posterior of every example. */
    private final class Pairs {
        private final LatentCodes codes;
        private final int rows;
        private final int n;
        private final double[] precision;
        /** ln w_im for m = i, for the example after i, and for all others. */
        private final double logSelf;

        private final double logNext;
        private final double logOther;
        /** ln w_im + ln q(z_ij|x_m), {@code [n, N]}. */
        private final double[][] marginal;
        /** ln w_im + ln q(z_i|x_m), {@code [N]}. */
        private final double[] joint;

        Pairs(LatentCodes codes) {
            this.codes = codes;
            this.rows = codes.posterior().rows();
            this.n = codes.posterior().latents();
            this.precision = new double[rows * n];
            for (int at = 0; at < precision.length; at++) {
                precision[at] = Math.exp(-codes.posterior().sharedLogVariance()[at]);
            }
            double m = rows - 1;
            double all = Math.max(examples, rows); // a mini-batch can be larger than the data set
            this.logOther = -Math.log(m);
            this.logNext = Math.log((all - m) / (all * m));
            this.logSelf = -Math.log(all);
            this.marginal = new double[n][rows];
            this.joint = new double[rows];
        }

        private double logWeight(int i, int m) {
            if (m == i) {
                return logSelf;
            }
            return m == (i + 1) % rows ? logNext : logOther;
        }

        /** Returns ln q(z_i) − Σ_j ln q(z_ij), and adds its gradient times a weight. */
        double evaluate(int i, double weight) {
            double[] mean = codes.posterior().sharedMean();
            double[] logVariance = codes.posterior().sharedLogVariance();
            double[] z = codes.sharedSample();
            for (int m = 0; m < rows; m++) {
                double logWeight = logWeight(i, m);
                double sum = logWeight;
                for (int j = 0; j < n; j++) {
                    double difference = z[i * n + j] - mean[m * n + j];
                    double logQ = -0.5
                            * (difference * difference * precision[m * n + j]
                                    + logVariance[m * n + j]
                                    + PriorDensity.LOG_2_PI);
                    marginal[j][m] = logWeight + logQ;
                    sum += logQ;
                }
                joint[m] = sum;
            }
            double logJoint = LogSumExp.of(joint, 0, rows);
            double value = logJoint;
            double[] logMarginals = new double[n];
            for (int j = 0; j < n; j++) {
                logMarginals[j] = LogSumExp.of(marginal[j], 0, rows);
                value -= logMarginals[j];
            }
            for (int m = 0; m < rows; m++) {
                double share = Math.exp(joint[m] - logJoint);
                for (int j = 0; j < n; j++) {
                    int at = m * n + j;
                    double toLogQ = weight * (share - Math.exp(marginal[j][m] - logMarginals[j]));
                    double difference = z[i * n + j] - mean[at];
                    double scaled = toLogQ * difference * precision[at];
                    codes.sharedSampleGradient()[i * n + j] -= scaled;
                    codes.sharedMeanGradient()[at] += scaled;
                    codes.sharedLogVarianceGradient()[at] += 0.5 * (scaled * difference - toLogQ);
                }
            }
            return value;
        }
    }
}
