package io.github.dl4jae.variational;

import io.github.dl4jae.noise.NoiseStream;

/**
 * The codes of a minibatch while it is trained on: values, and places where gradients are gathered.
 *
 * <p>All arrays are {@code [N·n]}, row by row: N examples (time steps, for sequences) with n latents each. Masked ones are left out.
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
        this.meanGradient = new double[posterior.mean.length];
        this.logVarianceGradient = new double[posterior.mean.length];
        this.sampleGradient = new double[z.length];
    }

    /**
     * The distributions that the codes were drawn from, and the prior.
     *
     * @return q(z|x) and p(z)
     */
    public GaussianPosterior posterior() {
        return posterior;
    }

    /**
     * The codes.
     *
     * @return z = μ + σ ⊙ ε, not to be changed
     */
    public double[] sample() {
        return z;
    }

    /**
     * Random numbers for the regularizer: different ones in every iteration.
     *
     * @return a stream of its own, which all regularizers of the layer share
     */
    public NoiseStream noise() {
        return noise;
    }

    /**
     * The gradient with respect to the means, while the samples stay as they are.
     *
     * @return add to it
     */
    public double[] meanGradient() {
        return meanGradient;
    }

    /**
     * The gradient with respect to the log variances, while the samples stay as they are.
     *
     * @return add to it
     */
    public double[] logVarianceGradient() {
        return logVarianceGradient;
    }

    /**
     * The gradient with respect to the samples; what it means for μ and ln σ² is the layer's business.
     *
     * @return add to it
     */
    public double[] sampleGradient() {
        return sampleGradient;
    }
}
