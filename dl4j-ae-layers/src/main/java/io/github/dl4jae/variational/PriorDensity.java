package io.github.dl4jae.variational;

import io.github.dl4jae.noise.NoiseStream;

/**
 * The density p(z) of a prior, with the current values of its parameters.
 *
 * <p>Arrays hold codes row by row; an offset is the place where a code starts.
 */
public abstract sealed class PriorDensity permits StandardNormalDensity, MixtureDensity {

    static final double LOG_2_PI = Math.log(2 * Math.PI);

    PriorDensity() {}

    /**
     * Returns the log density at a code.
     *
     * @param z array with the code
     * @param offset start of the code
     * @return ln p(z), in nats
     */
    public abstract double logDensity(double[] z, int offset);

    /**
     * Returns the log density of one latent.
     *
     * @param latent index of the latent
     * @param z its value
     * @return ln p_j(z_j), in nats
     */
    abstract double logMarginal(int latent, double z);

    /**
     * Samples a code.
     *
     * @param noise source of the random numbers; the same noise and row give the same code
     * @param row row of the noise
     * @param to receives the code
     * @param offset start of the code in {@code to}
     */
    public abstract void sample(NoiseStream noise, long row, double[] to, int offset);

    /**
     * Reports whether the prior is N(0, I). KL(q‖p) then has a closed form.
     *
     * @return false for mixtures
     */
    public abstract boolean isStandardNormal();

    /**
     * Returns the log weights of the components, of which N(0, I) has one.
     *
     * @return ln π, {@code [K]}, a new array
     */
    public abstract double[] logWeights();

    /**
     * Returns the means of the components.
     *
     * @return m, {@code [K·n]}, component by component, a new array
     */
    public abstract double[] means();

    /**
     * Returns the log variances of the components.
     *
     * @return ln s², {@code [K·n]}, component by component, a new array
     */
    public abstract double[] logVariances();

    /** Adds weight · ∂ln p(z)/∂z to a gradient, and weight · ∂ln p(z)/∂θ to those of the prior's parameters. */
    abstract void addGradient(double[] z, int offset, double weight, double[] gradient);
}
