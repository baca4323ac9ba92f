package io.github.dl4jae.variational;

import io.github.dl4jae.internal.math.LogSumExp;

/**
 * The dependence among latents, as β-TC-VAE weighs it: the Kullback-Leibler term of the evidence lower bound contains the total correlation once,
 * this adds it β − 1 times more.
 *
 * <pre>
 * P = (β − 1)·TC        TC = E_q(z)[ln q(z) − Σ_j ln q(z_j)]        q(z) = 1/N Σ_n q(z|x_n)
 * ln q(z_i) ≈ ln Σ_m w_im q(z_i|x_m)        for a minibatch of M + 1 examples, stratified:
 * w_ii = 1/N,  w_i,i+1 = (N − M)/(N·M),  all others 1/M
 * </pre>
 *
 * <p>Latents that depend on each other cost, while what each of them says about the example does not: the trade-off of β-VAE between
 * disentanglement and reconstruction becomes milder. A minibatch of one example has no total correlation: the value is 0. Time grows with the square of the minibatch.
 *
 * @param beta β, at least 0; 1 leaves the evidence lower bound as it is, 6 is usual
 * @param examples N, the number of training examples
 * @see <a href="https://arxiv.org/abs/1802.04942">Chen et al. 2018, Isolating sources of disentanglement in VAEs</a>
 */
public record TotalCorrelation(double beta, long examples) implements LatentRegularizer {

    /**
     * Creates the term.
     *
     * @param beta β
     * @param examples N
     * @throws IllegalArgumentException if β is negative or not finite, or there are no examples
     */
    public TotalCorrelation {
        if (!(beta >= 0) || Double.isInfinite(beta)) {
            throw new IllegalArgumentException("TotalCorrelation: beta must be at least 0 and finite, got " + beta
                    + "; 1 leaves the evidence lower bound as it is");
        }
        if (examples < 1) {
            throw new IllegalArgumentException("TotalCorrelation: examples must be at least 1, got " + examples
                    + "; give the number of training examples");
        }
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

    /** Every code under the posterior of every example. */
    private final class Pairs {
        private final LatentCodes codes;
        private final int rows;
        private final int n;
        private final double[] precision;
        /** ln w of the other examples, the one behind this, and this itself. */
        private final double logOther;

        private final double logNext;
        private final double logSelf;
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
                precision[at] = Math.exp(-codes.posterior().logVariance[at]);
            }
            double m = rows - 1;
            double all = Math.max(examples, rows); // of a minibatch larger than the data set, nothing is missing
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

        /** ln q(z_i) − Σ_j ln q(z_ij); adds its gradient. */
        double evaluate(int i, double weight) {
            double[] mean = codes.posterior().mean;
            double[] logVariance = codes.posterior().logVariance;
            double[] z = codes.sample();
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
                    codes.sampleGradient()[i * n + j] -= scaled;
                    codes.meanGradient()[at] += scaled;
                    codes.logVarianceGradient()[at] += 0.5 * (scaled * difference - toLogQ);
                }
            }
            return value;
        }
    }
}
