package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.Require;
import org.jspecify.annotations.Nullable;

/**
 * The maximum mean discrepancy between the codes of a mini-batch and samples of the prior, the regularizer of InfoVAE.
 * It pulls the distribution of all codes toward the prior, while the KL divergence pulls the posterior of each
 * example.
 *
 * <pre>
 * P = λ·MMD²        MMD² = mean k(z, z′) + mean k(p, p′) − 2·mean k(z, p)        p, p′ from the prior, one per code
 * RADIAL_BASIS           k(a, b) = exp(−‖a − b‖²/2n)          n latents: ‖a − b‖² is 2n on average under N(0, I)
 * INVERSE_MULTIQUADRATIC k(a, b) = 2n/(2n + ‖a − b‖²)         heavier tails: distant codes still have a gradient
 * </pre>
 *
 * <p>The objective of InfoVAE, with its α and λ, is {@code .beta(1 − α)} with weight α + λ − 1; MMD-VAE has β = 0. The
 * gradient is that of the codes; this term does not train a learned prior. Time grows with the square of the mini-batch
 * size.
 *
 * <p>When not to use it: with mini-batches of a few examples, where the estimate is poor.
 *
 * @param weight λ, at least 0
 * @param kernel k; the usual one is RADIAL_BASIS
 * @see <a href="https://arxiv.org/abs/1706.02262">Zhao, Song and Ermon 2019, InfoVAE</a>
 */
public record MaximumMeanDiscrepancy(double weight, Kernel kernel) implements LatentRegularizer {

    /** A kernel k(a, b), a similarity that decreases with the distance. */
    public enum Kernel {
        /** The radial basis kernel k(a, b) = exp(−‖a − b‖²/2n). */
        RADIAL_BASIS {
            @Override
            double value(double squaredDistance, int n) {
                return Math.exp(-squaredDistance / (2 * n));
            }

            @Override
            double derivative(double squaredDistance, int n) {
                return -value(squaredDistance, n) / (2 * n);
            }
        },
        /** The inverse multiquadratic kernel k(a, b) = 2n/(2n + ‖a − b‖²). */
        INVERSE_MULTIQUADRATIC {
            @Override
            double value(double squaredDistance, int n) {
                return 2 * n / (2 * n + squaredDistance);
            }

            @Override
            double derivative(double squaredDistance, int n) {
                return -2 * n / ((2 * n + squaredDistance) * (2 * n + squaredDistance));
            }
        };

        abstract double value(double squaredDistance, int n);

        /** Returns the derivative with respect to the squared distance. */
        abstract double derivative(double squaredDistance, int n);
    }

    /**
     * Creates the term.
     *
     * @param weight λ, at least 0
     * @param kernel k
     * @throws IllegalArgumentException if the weight is negative or not finite, or the kernel is null
     */
    public MaximumMeanDiscrepancy {
        Require.nonNegative(
                "MaximumMeanDiscrepancy", "weight", weight, "with a likelihood summed over pixels, start with 500");
        Require.given("MaximumMeanDiscrepancy", "kernel", kernel, "start with RADIAL_BASIS");
    }

    /**
     * Creates the term with the radial basis kernel.
     *
     * @param weight λ, at least 0
     * @throws IllegalArgumentException if the weight is negative or not finite
     */
    public MaximumMeanDiscrepancy(double weight) {
        this(weight, Kernel.RADIAL_BASIS);
    }

    @Override
    public double evaluate(LatentCodes codes) {
        GaussianPosterior q = codes.posterior();
        int n = q.latents();
        double[] z = codes.sharedSample();
        double[] p = new double[z.length];
        for (int i = 0; i < q.rows(); i++) {
            q.prior().sample(codes.noise(), i, p, i * n);
        }
        double factor = weight / q.rows() / q.rows();
        double[] gradient = codes.sharedSampleGradient();
        double among = sum(z, z, n, 2 * factor, gradient); // the double sum has each pair twice
        double amongPrior = sum(p, p, n, 0, null);
        double between = sum(z, p, n, -2 * factor, gradient);
        return factor * (among + amongPrior - 2 * between);
    }

    /** Returns Σ k(a, b) over all pairs, and adds scale · ∂/∂a to the gradient unless it is null. */
    private double sum(double[] a, double[] b, int n, double scale, double @Nullable [] gradient) {
        double sum = 0;
        for (int i = 0; i < a.length; i += n) {
            for (int m = 0; m < b.length; m += n) {
                double squared = 0;
                for (int j = 0; j < n; j++) {
                    squared += (a[i + j] - b[m + j]) * (a[i + j] - b[m + j]);
                }
                sum += kernel.value(squared, n);
                if (gradient != null) {
                    double derivative = scale * 2 * kernel.derivative(squared, n);
                    for (int j = 0; j < n; j++) {
                        gradient[i + j] += derivative * (a[i + j] - b[m + j]);
                    }
                }
            }
        }
        return sum;
    }
}
