package io.github.dl4jae.variational;

/**
 * How far the codes of a minibatch are from samples of the prior, as InfoVAE measures it: it draws the codes of all examples together to the
 * prior, where the Kullback-Leibler term draws those of each one.
 *
 * <pre>
 * P = λ·MMD²        MMD² = mean k(z, z′) + mean k(p, p′) − 2·mean k(z, p)        p, p′ from the prior, one per code
 * RADIAL_BASIS           k(a, b) = exp(−‖a − b‖²/2n)          n latents: ‖a − b‖² is 2n on average under N(0, I)
 * INVERSE_MULTIQUADRATIC k(a, b) = 2n/(2n + ‖a − b‖²)         heavier tails: far codes are still drawn in
 * </pre>
 *
 * The objective of InfoVAE, with its α and λ, is {@code .beta(1 − α).regularizer(new MaximumMeanDiscrepancy(α + λ − 1))}; that of MMD-VAE has β = 0.
 * A learned prior is compared with, not trained by this term. Time grows with the square of the minibatch.
 *
 * @param weight λ, at least 0
 * @param kernel how likeness falls with distance
 * @see <a href="https://arxiv.org/abs/1706.02262">Zhao, Song and Ermon 2019, InfoVAE</a>
 */
public record MaximumMeanDiscrepancy(double weight, Kernel kernel) implements LatentRegularizer {

    /** How likeness falls with distance. */
    public enum Kernel {
        /** k(a, b) = exp(−‖a − b‖²/2n). */
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
        /** k(a, b) = 2n/(2n + ‖a − b‖²). */
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

        /** With respect to the squared distance. */
        abstract double derivative(double squaredDistance, int n);
    }

    /**
     * Creates the term.
     *
     * @param weight λ
     * @param kernel k
     * @throws IllegalArgumentException if the weight is negative or not finite, or the kernel is missing
     */
    public MaximumMeanDiscrepancy {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("MaximumMeanDiscrepancy: weight must be at least 0 and finite, got "
                    + weight + "; some hundreds are usual beside a likelihood that is summed over pixels");
        }
        if (kernel == null) {
            throw new IllegalArgumentException(
                    "MaximumMeanDiscrepancy: kernel must be set, got null; RADIAL_BASIS is usual");
        }
    }

    /**
     * Creates the term with the radial basis kernel.
     *
     * @param weight λ
     */
    public MaximumMeanDiscrepancy(double weight) {
        this(weight, Kernel.RADIAL_BASIS);
    }

    @Override
    public double evaluate(LatentCodes codes) {
        GaussianPosterior q = codes.posterior();
        int n = q.latents();
        double[] z = codes.sample();
        double[] p = new double[z.length];
        for (int i = 0; i < q.rows(); i++) {
            q.prior().sample(codes.noise(), i, p, i * n);
        }
        double factor = weight / q.rows() / q.rows();
        double[] gradient = codes.sampleGradient();
        double among = sum(z, z, n, 2 * factor, gradient); // each pair is met twice
        double amongPrior = sum(p, p, n, 0, null);
        double between = sum(z, p, n, -2 * factor, gradient);
        return factor * (among + amongPrior - 2 * between);
    }

    /** Σ k(a, b) over all pairs; adds scale · ∂/∂a to the gradient if there is one. */
    private double sum(double[] a, double[] b, int n, double scale, double[] gradient) {
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
