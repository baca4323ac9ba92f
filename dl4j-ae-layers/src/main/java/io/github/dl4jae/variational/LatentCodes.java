package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;

/**
 * The codes of a mini-batch in training: posteriors, samples, and the gradients that regularizers add to.
 *
 * <p>All arrays are {@code [N·n]}, row by row: N examples (time steps, for sequences) with n latents each. Masked rows
 * are left out. A sample depends on its posterior, z = μ + σ ⊙ ε. A regularizer adds ∂P/∂z of the samples it reads,
 * and ∂P/∂μ and ∂P/∂ln σ² only for posteriors that it reads directly; the layer applies the chain rule through z.
 *
 * <p>For users, arrays are copies. The package's own terms read and write the shared arrays.
 *
 * @see LatentRegularizer
 */
public final class LatentCodes {

    private final GaussianPosterior posterior;
    private final double[] z;
    private final NoiseStream noise;
    private final double[] meanGradient;
    private final double[] logVarianceGradient;
    private final double[] sampleGradient;

    LatentCodes(GaussianPosterior posterior, double[] z, NoiseStream noise) {
        this.posterior = posterior;
        this.z = z;
        this.noise = noise;
        this.meanGradient = new double[posterior.sharedMean().length];
        this.logVarianceGradient = new double[posterior.sharedMean().length];
        this.sampleGradient = new double[z.length];
    }

    /**
     * Returns the distributions of the codes, and the prior.
     *
     * @return q(z|x) and p(z)
     */
    public GaussianPosterior posterior() {
        return posterior;
    }

    /**
     * Returns the sampled codes.
     *
     * @return z = μ + σ ⊙ ε, a new array
     */
    public double[] sample() {
        return z.clone();
    }

    /**
     * Returns random numbers for the regularizers, different ones in every iteration.
     *
     * @return a stream that all regularizers of the layer share
     */
    public NoiseStream noise() {
        return noise;
    }

    /**
     * Adds to the gradient with respect to the means, with the samples held constant.
     *
     * @param gradient ∂P/∂μ, {@code [N·n]}
     * @throws IllegalArgumentException if the length differs from that of the means
     */
    public void addMeanGradient(double[] gradient) {
        add("mean gradient", gradient, meanGradient);
    }

    /**
     * Adds to the gradient with respect to the log variances, with the samples held constant.
     *
     * @param gradient ∂P/∂ln σ², {@code [N·n]}
     * @throws IllegalArgumentException if the length differs from that of the log variances
     */
    public void addLogVarianceGradient(double[] gradient) {
        add("log variance gradient", gradient, logVarianceGradient);
    }

    /**
     * Adds to the gradient with respect to the samples.
     *
     * @param gradient ∂P/∂z, {@code [N·n]}
     * @throws IllegalArgumentException if the length differs from that of the samples
     */
    public void addSampleGradient(double[] gradient) {
        add("sample gradient", gradient, sampleGradient);
    }

    private static void add(String name, double[] gradient, double[] sum) {
        Require.given("LatentCodes", name, gradient, "");
        Require.that(
                gradient.length == sum.length,
                "LatentCodes",
                name + " must have " + sum.length + " values",
                gradient.length,
                "return one value per row and latent");
        for (int at = 0; at < sum.length; at++) {
            sum[at] += gradient[at];
        }
    }

    /** Returns the array of z itself; must not be modified. */
    double[] sharedSample() {
        return z;
    }

    /** Returns the array that sums ∂P/∂μ; add to it. */
    double[] sharedMeanGradient() {
        return meanGradient;
    }

    /** Returns the array that sums ∂P/∂ln σ²; add to it. */
    double[] sharedLogVarianceGradient() {
        return logVarianceGradient;
    }

    /** Returns the array that sums ∂P/∂z; add to it. */
    double[] sharedSampleGradient() {
        return sampleGradient;
    }
}
