package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.NetworkLayers;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The posteriors of examples, q(z|x) = N(μ, diag σ²), and the prior p(z).
 *
 * <p>Figures are in nats; {@link io.github.dl4jae.variational} has the formulas. Means and deviations do not change,
 * and the arrays that public methods return are copies.
 */
public final class GaussianPosterior {

    private final int rows;
    private final int latents;
    private final double[] mean;
    private final double[] logVariance;
    private final double[] deviation;

    private final PriorDensity prior;

    /** Takes ownership of the arrays μ and ln σ², {@code [N·n]}, row by row. */
    GaussianPosterior(int latents, double[] mean, double[] logVariance, PriorDensity prior) {
        this.rows = mean.length / latents;
        this.latents = latents;
        this.mean = mean;
        this.logVariance = logVariance;
        this.deviation = new double[logVariance.length];
        for (int at = 0; at < deviation.length; at++) {
            deviation[at] = Math.exp(0.5 * logVariance[at]);
        }
        this.prior = prior;
    }

    /**
     * Computes the posteriors of a latent layer from its input.
     *
     * @param latentLayer layer of an initialized network that was configured as a {@link GaussianLatentLayer}
     * @param input output of the layer before it, {@code [N, nIn]}
     * @return q(z|x) of every row, and p(z)
     * @throws IllegalArgumentException if the layer is not a latent layer, or an argument is null
     */
    public static GaussianPosterior compute(Layer latentLayer, INDArray input) {
        Require.given("GaussianPosterior", "latentLayer", latentLayer, "");
        Require.given("GaussianPosterior", "input", input, "");
        if (!(NetworkLayers.unwrapped(latentLayer) instanceof GaussianLatentLayerImpl layer)) {
            throw new IllegalArgumentException("GaussianPosterior: latentLayer must be a GaussianLatentLayer, got "
                    + latentLayer.conf().getLayer().getClass().getSimpleName() + " '"
                    + latentLayer.conf().getLayer().getLayerName() + "'; pass the layer that samples the codes");
        }
        return layer.posterior(input);
    }

    /**
     * Returns the number of examples.
     *
     * @return N
     */
    public int rows() {
        return rows;
    }

    /**
     * Returns the number of latents of a code.
     *
     * @return n
     */
    public int latents() {
        return latents;
    }

    /**
     * Returns the means.
     *
     * @return μ, {@code [N·n]}, row by row, a new array
     */
    public double[] mean() {
        return mean.clone();
    }

    /**
     * Returns the log variances.
     *
     * @return ln σ², {@code [N·n]}, row by row, a new array
     */
    public double[] logVariance() {
        return logVariance.clone();
    }

    /**
     * Returns the prior.
     *
     * @return p(z)
     */
    public PriorDensity prior() {
        return prior;
    }

    /**
     * Returns the means as a matrix.
     *
     * @return μ, {@code [N, n]}, float64, a new array
     */
    public INDArray means() {
        return Nd4j.createFromArray(mean).reshape(rows, latents);
    }

    /**
     * Returns the standard deviations.
     *
     * @return σ, {@code [N·n]}, row by row, a new array
     */
    public double[] deviation() {
        return deviation.clone();
    }

    /**
     * Samples codes.
     *
     * @param noise source of ε: sample s of example i uses its row s·N + i
     * @param samples S, the number of samples per example
     * @return z, {@code [S·N·n]}: the first sample of all examples, then the second …, a new array
     */
    public double[] sample(NoiseStream noise, int samples) {
        return sample(samples, (z, row) -> noise.normal(row, z, row * latents, latents));
    }

    /**
     * Samples codes of a part of a larger set of examples. The samples of an example do not depend on the other
     * examples in the part.
     *
     * @param noise source of ε: sample s of example i uses row i of its iteration s
     * @param firstExample index of the first example in the whole set
     * @param firstSample index of the first sample
     * @param samples S, the number of samples per example
     * @return z, {@code [S·N·n]}: the first sample of all examples, then the second …, a new array
     */
    public double[] sample(NoiseStream noise, long firstExample, int firstSample, int samples) {
        return sample(samples, (z, row) -> noise.at(firstSample + row / rows, 0, 0)
                .normal(firstExample + row % rows, z, row * latents, latents));
    }

    /**
     * Samples codes with the same noise for every example. The codes of an example then do not depend on its place.
     * Samples 2k and 2k + 1 have opposite noise, ε and −ε, which reduces the variance of estimates.
     *
     * @param noise source of ε: samples 2k and 2k + 1 use its row k
     * @param firstSample index of the first sample
     * @param samples S, the number of samples per example
     * @return z, {@code [S·N·n]}: the first sample of all examples, then the second …, a new array
     */
    public double[] sampleAlike(NoiseStream noise, int firstSample, int samples) {
        double[] shared = new double[samples * latents];
        for (int s = 0; s < samples; s++) {
            int number = firstSample + s;
            noise.normal(number / 2, shared, s * latents, latents);
            for (int at = s * latents; number % 2 == 1 && at < (s + 1) * latents; at++) {
                shared[at] = -shared[at];
            }
        }
        return sample(samples, (z, row) -> System.arraycopy(shared, row / rows * latents, z, row * latents, latents));
    }

    private double[] sample(int samples, ObjIntConsumer<double[]> noise) {
        double[] z = new double[samples * mean.length];
        IntStream rowNumbers = IntStream.range(0, samples * rows);
        (z.length > 4096 ? rowNumbers.parallel() : rowNumbers).forEach(row -> {
            noise.accept(z, row);
            for (int j = 0, at = row % rows * latents; j < latents; j++, at++) {
                int to = row * latents + j;
                z[to] = mean[at] + deviation[at] * z[to];
            }
        });
        return z;
    }

    /**
     * Returns the log ratio ln p(z) − ln q(z|x), whose mean over z ~ q is −KL(q‖p).
     *
     * @param row index of the example
     * @param z array with its code
     * @param offset start of the code
     * @return the log ratio, in nats
     */
    public double logRatio(int row, double[] z, int offset) {
        double twiceLogQ = -latents * PriorDensity.LOG_2_PI;
        for (int j = 0, at = row * latents; j < latents; j++, at++) {
            double epsilon = (z[offset + j] - mean[at]) / deviation[at];
            twiceLogQ -= epsilon * epsilon + logVariance[at];
        }
        return prior.logDensity(z, offset) - 0.5 * twiceLogQ;
    }

    /**
     * Returns the KL divergence of every example, in closed form for the standard normal prior and estimated for
     * others.
     *
     * @param z samples, {@code [S·N·n]}, in the order of {@link #sample}; ignored for the standard normal prior
     * @return N values in nats, a new array
     */
    public double[] divergence(double[] z) {
        double[] divergence = new double[rows];
        if (prior.isStandardNormal()) {
            for (int at = 0; at < mean.length; at++) {
                divergence[at / latents] += KullbackLeibler.ofOne(mean[at], logVariance[at]);
            }
            return divergence;
        }
        int samples = z.length / mean.length;
        for (int row = 0; row < samples * rows; row++) {
            divergence[row % rows] -= logRatio(row % rows, z, row * latents) / samples;
        }
        return divergence;
    }

    /**
     * Returns the KL divergence per latent dimension, the mean over examples of KL(q(z_j|x)‖p(z_j)). If the prior's
     * latents are independent, the sum over j is the KL divergence of the code.
     *
     * @param z samples, as for {@link #divergence}
     * @return n values in nats, a new array
     */
    public double[] divergencePerLatent(double[] z) {
        double[] divergence = new double[latents];
        if (prior.isStandardNormal()) {
            for (int at = 0; at < mean.length; at++) {
                divergence[at % latents] += KullbackLeibler.ofOne(mean[at], logVariance[at]) / rows;
            }
            return divergence;
        }
        for (int at = 0; at < z.length; at++) {
            int of = at % mean.length;
            double epsilon = (z[at] - mean[of]) / deviation[of];
            double logQ = -0.5 * (epsilon * epsilon + logVariance[of] + PriorDensity.LOG_2_PI);
            divergence[at % latents] += (logQ - prior.logMarginal(at % latents, z[at])) * latents / z.length;
        }
        return divergence;
    }

    /** Returns the posteriors of all parts, at least one, with the prior of the first. */
    static GaussianPosterior concat(List<GaussianPosterior> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        return new GaussianPosterior(
                parts.get(0).latents,
                parts.stream().flatMapToDouble(part -> Arrays.stream(part.mean)).toArray(),
                parts.stream()
                        .flatMapToDouble(part -> Arrays.stream(part.logVariance))
                        .toArray(),
                parts.get(0).prior);
    }

    /** Returns the posteriors of some examples, in the order of their indices. */
    GaussianPosterior rows(int[] chosen) {
        double[] chosenMean = new double[chosen.length * latents];
        double[] chosenLogVariance = new double[chosenMean.length];
        for (int i = 0; i < chosen.length; i++) {
            System.arraycopy(mean, chosen[i] * latents, chosenMean, i * latents, latents);
            System.arraycopy(logVariance, chosen[i] * latents, chosenLogVariance, i * latents, latents);
        }
        return new GaussianPosterior(latents, chosenMean, chosenLogVariance, prior);
    }

    /** Returns the array of the means itself; must not be modified. */
    double[] sharedMean() {
        return mean;
    }

    /** Returns the array of the log variances itself; must not be modified. */
    double[] sharedLogVariance() {
        return logVariance;
    }
}
