package io.github.dl4jae.variational;

import io.github.dl4jae.noise.NoiseStream;

/** The density of the standard normal prior, p(z) = N(0, I). */
final class StandardNormalDensity extends PriorDensity {

    private final int latents;

    StandardNormalDensity(int latents) {
        this.latents = latents;
    }

    @Override
    public double logDensity(double[] z, int offset) {
        double squares = 0;
        for (int j = offset; j < offset + latents; j++) {
            squares += z[j] * z[j];
        }
        return -0.5 * (squares + latents * LOG_2_PI);
    }

    @Override
    double logMarginal(int latent, double z) {
        return -0.5 * (z * z + LOG_2_PI);
    }

    @Override
    public void sample(NoiseStream noise, long row, double[] to, int offset) {
        noise.normal(row, to, offset, latents);
    }

    @Override
    public boolean isStandardNormal() {
        return true;
    }

    @Override
    public double[] logWeights() {
        return new double[1];
    }

    @Override
    public double[] means() {
        return new double[latents];
    }

    @Override
    public double[] logVariances() {
        return new double[latents];
    }

    @Override
    void addGradient(double[] z, int offset, double weight, double[] gradient) {
        for (int j = offset; j < offset + latents; j++) {
            gradient[j] -= weight * z[j];
        }
    }
}
