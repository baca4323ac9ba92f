package io.github.dl4jae.variational;

import io.github.dl4jae.internal.math.LogSumExp;
import io.github.dl4jae.noise.NoiseStream;

/**
 * The density of a mixture of Gaussians with diagonal covariances, which also sums the gradients of its parameters.
 *
 * <pre>
 * ln p(z) = ln Σ_k exp(ln π_k + Σ_j −½[(z_j − m_kj)²/s_kj² + ln s_kj² + ln 2π])
 * r_k = p(k|z):   ∂/∂z_j = Σ_k −r_k (z_j − m_kj)/s_kj²     ∂/∂m_kj = r_k (z_j − m_kj)/s_kj²
 *                 ∂/∂ln s_kj² = ½ r_k ((z_j − m_kj)²/s_kj² − 1)     ∂/∂(logit of π)_k = r_k − π_k
 * </pre>
 */
final class MixtureDensity extends PriorDensity {

    private final int components;
    private final int latents;
    private final double[] logWeights;
    private final double[] means;
    private final double[] logVariances;
    private final double[] precisions;
    /** ln π_k − ½ Σ_j (ln s_kj² + ln 2π). */
    private final double[] constants;

    private final double[] logitGradient;
    private final double[] meanGradient;
    private final double[] logVarianceGradient;

    /** Takes ownership of unnormalized ln π, {@code [K]}, m and ln s², both {@code [K·n]}, component by component. */
    MixtureDensity(double[] logits, double[] means, double[] logVariances) {
        this.components = logits.length;
        this.latents = means.length / components;
        this.means = means;
        this.logVariances = logVariances;
        double total = LogSumExp.of(logits, 0, components);
        this.logWeights = new double[components];
        this.precisions = new double[means.length];
        this.constants = new double[components];
        for (int k = 0; k < components; k++) {
            logWeights[k] = logits[k] - total;
            double logs = latents * LOG_2_PI;
            for (int at = k * latents; at < (k + 1) * latents; at++) {
                precisions[at] = Math.exp(-logVariances[at]);
                logs += logVariances[at];
            }
            constants[k] = logWeights[k] - 0.5 * logs;
        }
        this.logitGradient = new double[components];
        this.meanGradient = new double[means.length];
        this.logVarianceGradient = new double[means.length];
    }

    /** Returns ln π_k N(z; m_k, s_k²) for all k. */
    private double[] joint(double[] z, int offset) {
        double[] joint = new double[components];
        for (int k = 0; k < components; k++) {
            double distance = 0;
            for (int j = 0, at = k * latents; j < latents; j++, at++) {
                double difference = z[offset + j] - means[at];
                distance += difference * difference * precisions[at];
            }
            joint[k] = constants[k] - 0.5 * distance;
        }
        return joint;
    }

    @Override
    public double logDensity(double[] z, int offset) {
        return LogSumExp.of(joint(z, offset), 0, components);
    }

    @Override
    double logMarginal(int latent, double z) {
        double[] joint = new double[components];
        for (int k = 0; k < components; k++) {
            int at = k * latents + latent;
            double difference = z - means[at];
            joint[k] = logWeights[k] - 0.5 * (difference * difference * precisions[at] + logVariances[at] + LOG_2_PI);
        }
        return LogSumExp.of(joint, 0, components);
    }

    @Override
    public void sample(NoiseStream noise, long row, double[] to, int offset) {
        double[] uniform = new double[latents];
        noise.uniform(2 * row + 1, uniform, 0, latents);
        double u = uniform[0];
        int k = 0;
        double sum = Math.exp(logWeights[0]);
        while (k < components - 1 && u > sum) {
            k++;
            sum += Math.exp(logWeights[k]);
        }
        noise.normal(2 * row, to, offset, latents);
        for (int j = 0, at = k * latents; j < latents; j++, at++) {
            to[offset + j] = means[at] + Math.exp(0.5 * logVariances[at]) * to[offset + j];
        }
    }

    @Override
    public boolean isStandardNormal() {
        return false;
    }

    @Override
    public double[] logWeights() {
        return logWeights.clone();
    }

    @Override
    public double[] means() {
        return means.clone();
    }

    @Override
    public double[] logVariances() {
        return logVariances.clone();
    }

    @Override
    void addGradient(double[] z, int offset, double weight, double[] gradient) {
        double[] joint = joint(z, offset);
        double total = LogSumExp.of(joint, 0, components);
        for (int k = 0; k < components; k++) {
            double responsibility = weight * Math.exp(joint[k] - total);
            logitGradient[k] += responsibility - weight * Math.exp(logWeights[k]);
            for (int j = 0, at = k * latents; j < latents; j++, at++) {
                double difference = z[offset + j] - means[at];
                double scaled = responsibility * difference * precisions[at];
                gradient[offset + j] -= scaled;
                meanGradient[at] += scaled;
                logVarianceGradient[at] += 0.5 * (scaled * difference - responsibility);
            }
        }
    }

    int components() {
        return components;
    }

    /** Returns the array that sums the gradient of the logits of π, {@code [K]}. */
    double[] sharedLogitGradient() {
        return logitGradient;
    }

    /** Returns the array that sums the gradient of m, {@code [K·n]}. */
    double[] sharedMeanGradient() {
        return meanGradient;
    }

    /** Returns the array that sums the gradient of ln s², {@code [K·n]}. */
    double[] sharedLogVarianceGradient() {
        return logVarianceGradient;
    }
}
