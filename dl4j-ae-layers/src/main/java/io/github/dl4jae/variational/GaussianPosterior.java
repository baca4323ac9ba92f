package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.NetworkLayers;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What an encoder says about the codes of examples, beside what the prior says: q(z|x) = N(μ, diag σ²), and p(z).
 *
 * <pre>
 * z = μ + σ ⊙ ε                                                    ε ~ N(0, I)
 * KL(q‖p) = ½ Σ_j (μ_j² + σ_j² − 1 − ln σ_j²)                      if p(z) = N(0, I)
 * KL(q‖p) ≈ ln q(z|x) − ln p(z)                                    for other priors, at one z
 * </pre>
 *
 * <p>In nats. Immutable: the arrays that it returns are copies.
 */
public final class GaussianPosterior {

    private final int rows;
    private final int latents;
    /** μ and ln σ², not copied: read by this package, never written. */
    final double[] mean;

    final double[] logVariance;
    /** σ. */
    private final double[] deviation;

    private final PriorDensity prior;

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
     * What a latent layer of a network makes of its input.
     *
     * @param latentLayer the layer of an initialized network that was configured as a {@link GaussianLatentLayer}
     * @param input what the layer below hands on, {@code [N, nIn]}
     * @return q(z|x) of every row, and p(z)
     * @throws IllegalArgumentException if the layer is another one
     */
    public static GaussianPosterior of(Layer latentLayer, INDArray input) {
        if (!(NetworkLayers.unwrapped(latentLayer) instanceof GaussianLatentLayerImpl layer)) {
            throw new IllegalArgumentException("GaussianPosterior: the layer must be a GaussianLatentLayer, got "
                    + latentLayer.conf().getLayer().getClass().getSimpleName() + " '"
                    + latentLayer.conf().getLayer().getLayerName() + "'; name the layer that draws the codes");
        }
        return layer.posterior(input);
    }

    /**
     * How many examples there are.
     *
     * @return N
     */
    public int rows() {
        return rows;
    }

    /**
     * How many latents a code has.
     *
     * @return n
     */
    public int latents() {
        return latents;
    }

    /**
     * The means.
     *
     * @return μ, {@code [N·n]}, row by row, a new array
     */
    public double[] mean() {
        return mean.clone();
    }

    /**
     * The log variances.
     *
     * @return ln σ², {@code [N·n]}, row by row, a new array
     */
    public double[] logVariance() {
        return logVariance.clone();
    }

    /**
     * The prior.
     *
     * @return p(z)
     */
    public PriorDensity prior() {
        return prior;
    }

    /**
     * The means as an array.
     *
     * @return μ, {@code [N, n]}, float64
     */
    public INDArray means() {
        return Nd4j.createFromArray(mean).reshape(rows, latents);
    }

    /**
     * The standard deviations.
     *
     * @return σ, {@code [N·n]}, row by row, a new array
     */
    public double[] deviation() {
        return deviation.clone();
    }

    /**
     * Draws codes.
     *
     * @param noise gives ε: row s·N + i to sample s of example i
     * @param samples S, how many per example
     * @return z, {@code [S·N·n]}: the first sample of all examples, then the second …
     */
    public double[] sample(NoiseStream noise, int samples) {
        return sample(samples, (z, row) -> noise.normal(row, z, row * latents, latents));
    }

    /**
     * Draws codes of examples that are a part of many: the samples of an example do not depend on which others are
     * drawn with it.
     *
     * @param noise gives ε: row i of iteration s to sample s of example i
     * @param firstExample the number of the first example among all
     * @param firstSample the number of the first sample
     * @param samples S, how many per example
     * @return z, {@code [S·N·n]}: the first sample of all examples, then the second …
     */
    public double[] sample(NoiseStream noise, long firstExample, int firstSample, int samples) {
        return sample(samples, (z, row) -> noise.at(firstSample + row / rows, 0, 0)
                .normal(firstExample + row % rows, z, row * latents, latents));
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
     * ln p(z) − ln q(z|x), whose mean over z ~ q is −KL(q‖p).
     *
     * @param row the example
     * @param z holds its code
     * @param offset where the code starts
     * @return the log ratio
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
     * KL(q(z|x)‖p(z)) of every example: in closed form for the standard normal prior, else estimated.
     *
     * @param z samples, {@code [S·N·n]} as {@link #sample} draws them; only looked at for other priors
     * @return N values, in nats
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
     * The mean over examples of KL(q(z_j|x)‖p(z_j)), latent by latent: how much each one carries. Under a prior whose latents are independent
     * their sum is the whole divergence.
     *
     * @param z samples, as for {@link #divergence}
     * @return n values, in nats
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

    /**
     * Puts the posteriors of parts of the examples together.
     *
     * @param parts of one network, at least one
     * @return that of all examples, with the prior of the first part
     */
    public static GaussianPosterior concat(List<GaussianPosterior> parts) {
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

    /** The examples whose numbers are given, in this order. */
    GaussianPosterior rows(int[] chosen) {
        double[] chosenMean = new double[chosen.length * latents];
        double[] chosenLogVariance = new double[chosenMean.length];
        for (int i = 0; i < chosen.length; i++) {
            System.arraycopy(mean, chosen[i] * latents, chosenMean, i * latents, latents);
            System.arraycopy(logVariance, chosen[i] * latents, chosenLogVariance, i * latents, latents);
        }
        return new GaussianPosterior(latents, chosenMean, chosenLogVariance, prior);
    }
}
