package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.Require;

/**
 * The regularizer of DIP-VAE, which pulls the covariance of the codes over a mini-batch toward the identity and thereby
 * decorrelates the latents.
 *
 * <pre>
 * P = λ_od Σ_{i≠j} C_ij² + λ_d Σ_i (C_ii − 1)²
 * MEANS   C = Cov[μ]                        DIP-VAE-I
 * CODES   C = Cov[μ] + E[diag σ²]           DIP-VAE-II: the covariance of z
 * </pre>
 *
 * <p>The paper adds it to an evidence lower bound with β = 1.
 *
 * <p>When not to use it: with fewer examples in a mini-batch than latents, where the covariance is singular.
 *
 * @param offDiagonal λ_od, at least 0; 5 to 10 is usual
 * @param diagonal λ_d, at least 0; ten times λ_od is usual for MEANS, equal weights for CODES
 * @param target the vectors whose covariance is regularized
 * @see <a href="https://arxiv.org/abs/1711.00848">Kumar, Sattigeri and Balakrishnan 2018, Variational inference of
 *     disentangled latent concepts from unlabeled observations</a>
 */
public record DisentangledInferredPrior(double offDiagonal, double diagonal, Target target)
        implements LatentRegularizer {

    /** The vectors whose covariance is regularized. */
    public enum Target {
        /** The posterior means: DIP-VAE-I. */
        MEANS,
        /** The codes, whose covariance includes the posterior variances: DIP-VAE-II. */
        CODES
    }

    /**
     * Creates the term.
     *
     * @param offDiagonal λ_od, at least 0
     * @param diagonal λ_d, at least 0
     * @param target the vectors whose covariance is regularized
     * @throws IllegalArgumentException if a weight is negative or not finite, or the target is null
     */
    public DisentangledInferredPrior {
        Require.that(
                offDiagonal >= 0 && diagonal >= 0 && offDiagonal + diagonal < Double.POSITIVE_INFINITY,
                "DisentangledInferredPrior",
                "both weights must be at least 0 and finite",
                offDiagonal + " and " + diagonal,
                "for MEANS, start with 10 and 100");
        Require.given("DisentangledInferredPrior", "target", target, "DIP-VAE-I uses MEANS, DIP-VAE-II uses CODES");
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
                codes.sharedMeanGradient()[row * n + i] += 2 * sum / rows;
                if (target == Target.CODES) {
                    codes.sharedLogVarianceGradient()[row * n + i] +=
                            slope[i * n + i] * Math.exp(q.sharedLogVariance()[row * n + i]) / rows;
                }
            }
        }
        return value;
    }

    /** Returns μ minus its mean over the mini-batch. */
    private static double[] deviations(GaussianPosterior q) {
        int n = q.latents();
        double[] center = new double[n];
        double[] deviation = q.mean(); // a copy
        for (int at = 0; at < deviation.length; at++) {
            center[at % n] += deviation[at] / q.rows();
        }
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
                    covariance[i * n + i] += Math.exp(q.sharedLogVariance()[row * n + i]) / q.rows();
                }
            }
        }
        return covariance;
    }
}
