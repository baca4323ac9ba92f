package io.github.dl4jae.variational;

import io.github.dl4jae.noise.NoiseStream;

/**
 * The density p(z) of a prior, with the numbers that its parameters have now.
 *
 * <p>Codes are rows in arrays: that of a row starts at its offset.
 */
public abstract class PriorDensity {

    static final double LOG_2_PI = Math.log(2 * Math.PI);

    PriorDensity() {}

    /**
     * The log density at a code.
     *
     * @param z holds the code
     * @param offset where it starts
     * @return ln p(z), in nats
     */
    public abstract double logDensity(double[] z, int offset);

    /**
     * The log density of one latent.
     *
     * @param latent its index
     * @param z its value
     * @return ln p_j(z_j), in nats
     */
    abstract double logMarginal(int latent, double z);

    /**
     * Draws a code.
     *
     * @param noise decides which
     * @param row the place in the noise
     * @param to receives the code
     * @param offset where it is to start
     */
    public abstract void sample(NoiseStream noise, long row, double[] to, int offset);

    /** Whether KL(q‖p) has a closed form, that of {@link KullbackLeibler}. */
    abstract boolean isStandardNormal();

    /** Adds weight · ∂ln p(z)/∂z to a gradient, and weight · ∂ln p(z)/∂θ to those of the prior's parameters. */
    abstract void addGradient(double[] z, int offset, double weight, double[] gradient);
}
