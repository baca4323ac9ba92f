package io.github.dl4jae.variational;

/**
 * DIP-VAE: draws the covariance of the codes over a minibatch to the identity, so that latents are uncorrelated.
 *
 * <pre>
 * P = λ_od Σ_{i≠j} C_ij² + λ_d Σ_i (C_ii − 1)²
 * MEANS   C = Cov[μ]                        DIP-VAE-I
 * CODES   C = Cov[μ] + E[diag σ²]           DIP-VAE-II: the covariance of z
 * </pre>
 *
 * <p>Added to an evidence lower bound with β = 1.
 *
 * @param offDiagonal λ_od, at least 0; 5 to 10 is usual
 * @param diagonal λ_d, at least 0; ten times λ_od is usual for MEANS, the same for CODES
 * @param target whose covariance
 * @see <a href="https://arxiv.org/abs/1711.00848">Kumar, Sattigeri and Balakrishnan 2018</a>
 */
public record DisentangledInferredPrior(double offDiagonal, double diagonal, Target target)
        implements LatentRegularizer {

    /** Whose covariance is looked at. */
    public enum Target {
        /** That of the posterior means: DIP-VAE-I. */
        MEANS,
        /** That of the codes, with the posterior variances: DIP-VAE-II. */
        CODES
    }

    /**
     * Creates the term.
     *
     * @param offDiagonal λ_od
     * @param diagonal λ_d
     * @param target whose covariance
     * @throws IllegalArgumentException if a weight is negative or not finite, or the last is missing
     */
    public DisentangledInferredPrior {
        if (!(offDiagonal >= 0 && diagonal >= 0 && offDiagonal + diagonal < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "DisentangledInferredPrior: both weights must be at least 0 and finite, got " + offDiagonal
                            + " and " + diagonal + "; 10 and 100 are usual for MEANS");
        }
        if (target == null) {
            throw new IllegalArgumentException(
                    "DisentangledInferredPrior: MEANS or CODES must be chosen, got null; DIP-VAE-I takes MEANS");
        }
    }

    @Override
    public double evaluate(LatentCodes codes) {
        GaussianPosterior q = codes.posterior();
        int n = q.latents();
        int rows = q.rows();
        double[] deviation = deviations(q);
        double[] slope = covariance(q, deviation); // C, then ∂P/∂C
        double value = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double weight = i == j ? diagonal : offDiagonal;
                double difference = slope[i * n + j] - (i == j ? 1 : 0);
                value += weight * difference * difference;
                slope[i * n + j] = 2 * weight * difference;
            }
        }
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    sum += slope[i * n + j] * deviation[row * n + j];
                }
                codes.meanGradient()[row * n + i] += 2 * sum / rows;
                if (target == Target.CODES) {
                    codes.logVarianceGradient()[row * n + i] +=
                            slope[i * n + i] * Math.exp(q.logVariance[row * n + i]) / rows;
                }
            }
        }
        return value;
    }

    /** μ minus its mean over the minibatch. */
    private static double[] deviations(GaussianPosterior q) {
        int n = q.latents();
        double[] center = new double[n];
        for (int at = 0; at < q.mean.length; at++) {
            center[at % n] += q.mean[at] / q.rows();
        }
        double[] deviation = q.mean.clone();
        for (int at = 0; at < deviation.length; at++) {
            deviation[at] -= center[at % n];
        }
        return deviation;
    }

    private double[] covariance(GaussianPosterior q, double[] deviation) {
        int n = q.latents();
        double[] covariance = new double[n * n];
        for (int row = 0; row < q.rows(); row++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    covariance[i * n + j] += deviation[row * n + i] * deviation[row * n + j] / q.rows();
                }
                if (target == Target.CODES) {
                    covariance[i * n + i] += Math.exp(q.logVariance[row * n + i]) / q.rows();
                }
            }
        }
        return covariance;
    }
}
