package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.LogSumExp;
import io.github.dl4jae.noise.NoiseStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Estimates the likelihood of examples that come in mini-batches. */
final class LikelihoodEstimator {

    private static final double ACTIVE = 0.01;
    /** Maximum number of codes held in memory. */
    private static final int ROWS = 1 << 15;

    private final int samples;
    private final long seed;
    private final List<double[]> reconstruction = new ArrayList<>();
    private final List<double[]> divergence = new ArrayList<>();
    private final List<double[]> logLikelihood = new ArrayList<>();
    private final List<double[]> means = new ArrayList<>();
    private double @Nullable [] perLatent;
    private long examples;
    /** The number of values of all examples, without missing ones. */
    private double values;

    LikelihoodEstimator(int samples, long seed) {
        this.samples = Require.atLeast(
                1,
                "LikelihoodEstimate",
                "samples",
                samples,
                "5000 is usual for a log-likelihood, 1 for the evidence lower bound of a large set");
        this.seed = seed;
    }

    /**
     * Adds a mini-batch of examples.
     *
     * @param x {@code [N, …]}
     * @param present a mask of their values, {@code [N, 1]} or {@code [N, d]}; null if all are present
     */
    void add(VariationalModel model, INDArray x, @Nullable INDArray present) {
        GaussianPosterior q = model.posterior(x);
        int count = q.rows();
        int chunk = Math.max(1, Math.min(samples, ROWS / count));
        double[] sum = new double[count];
        double[] kl = new double[count];
        LogSumExp[] weights = new LogSumExp[count];
        Arrays.setAll(weights, i -> new LogSumExp());
        double[] latents = new double[q.latents()];
        for (int done = 0; done < samples; done += chunk) {
            int now = Math.min(chunk, samples - done);
            double[] z = q.sample(NoiseStream.of(seed, "evidence"), examples, done, now);
            INDArray codes = Nd4j.createFromArray(z).reshape(now * (long) count, q.latents());
            double[] logs = model.logLikelihood(x, present, codes);
            requireFinite(logs);
            double[] ratios = new double[logs.length];
            IntStream.range(0, logs.length)
                    .parallel()
                    .forEach(row -> ratios[row] = q.logRatio(row % count, z, row * q.latents()));
            for (int row = 0; row < logs.length; row++) {
                sum[row % count] += logs[row] / samples;
                weights[row % count].add(logs[row] + ratios[row]);
            }
            addScaled(kl, q.divergence(z), (double) now / samples);
            addScaled(latents, q.divergencePerLatent(z), (double) now / samples);
        }
        reconstruction.add(sum);
        divergence.add(kl);
        logLikelihood.add(Arrays.stream(weights)
                .mapToDouble(each -> each.value() - Math.log(samples))
                .toArray());
        means.add(q.mean());
        perLatent = perLatent == null ? new double[latents.length] : perLatent;
        addScaled(perLatent, latents, count);
        examples += count;
        values += present == null ? x.length() : present.sumNumber().doubleValue() * x.length() / present.length();
    }

    private static void requireFinite(double[] logs) {
        for (double value : logs) {
            Require.finite(
                    "LikelihoodEstimate",
                    "ln p(x|z)",
                    value,
                    "check the examples and the network's parameters for NaN and very large values");
        }
    }

    private static void addScaled(double[] to, double[] values, double scale) {
        for (int i = 0; i < to.length; i++) {
            to[i] += scale * values[i];
        }
    }

    /** Returns the figures of all examples so far. */
    LikelihoodEstimate estimate() {
        Require.that(
                examples > 0, "LikelihoodEstimate", "the iterator must have at least one example", "an empty one", "");
        double[] mean = Arrays.stream(perLatent).map(each -> each / examples).toArray();
        return new LikelihoodEstimate(
                values / examples, join(reconstruction), join(divergence), join(logLikelihood), mean, activeUnits());
    }

    private int activeUnits() {
        int n = Objects.requireNonNull(perLatent).length;
        double[] all = join(means);
        int active = 0;
        for (int j = 0; j < n; j++) {
            double sum = 0;
            double squares = 0;
            for (int at = j; at < all.length; at += n) {
                sum += all[at];
                squares += all[at] * all[at];
            }
            double center = sum / examples;
            active += squares / examples - center * center > ACTIVE ? 1 : 0;
        }
        return active;
    }

    private static double[] join(List<double[]> parts) {
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }
}
