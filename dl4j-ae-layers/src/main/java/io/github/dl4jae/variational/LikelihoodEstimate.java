package io.github.dl4jae.variational;

import io.github.dl4jae.noise.NoiseStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How likely a variational autoencoder finds held-out examples.
 *
 * <pre>
 * ELBO(x)  = 1/S Σ_s ln p(x|z_s) − KL(q(z|x)‖p)                  z_s ~ q(z|x)        ≤ ln p(x) on average
 * ln p̂(x) = ln 1/S Σ_s p(x|z_s) p(z_s)/q(z_s|x)                  between the two, and towards ln p(x) as S grows
 * active units  the latents j with Var_x(E_q[z_j|x]) &gt; 0.01
 * </pre>
 *
 * <p>The Kullback-Leibler term is exact for a standard normal prior, and estimated with the same samples for others. All in log space and float64, except for the network
 * itself; samples go through it in batches, so that memory does not depend on their number. The same seed gives the
 * same figures for the same examples, however they are put into mini-batches, up to rounding (an iterator that
 * binarizes draws other pixels in every pass).
 *
 * <pre>{@code
 * LikelihoodEstimate evidence = LikelihoodEstimate.of(VariationalModel.of(network, "z"), test, 5000, 1);
 * System.out.println(evidence.negativeLogLikelihood());
 * }</pre>
 *
 * <p>The loss of the output layer is taken at its word: it must be a negative log-likelihood in nats, summed over features.
 *
 * @see <a href="https://arxiv.org/abs/1509.00519">Burda, Grosse and Salakhutdinov 2016, for the estimate and for active units</a>
 */
public final class LikelihoodEstimate {

    private static final double ACTIVE = 0.01;
    /** So many codes are in memory at a time. */
    private static final int ROWS = 1 << 15;

    private final long dimensions;
    private final double[] reconstruction;
    private final double[] divergence;
    private final double[] logLikelihood;
    private final double[] divergencePerLatent;
    private final int activeUnits;

    private LikelihoodEstimate(
            long dimensions,
            double[] reconstruction,
            double[] divergence,
            double[] logLikelihood,
            double[] divergencePerLatent,
            int activeUnits) {
        this.dimensions = dimensions;
        this.reconstruction = reconstruction;
        this.divergence = divergence;
        this.logLikelihood = logLikelihood;
        this.divergencePerLatent = divergencePerLatent;
        this.activeUnits = activeUnits;
    }

    /**
     * Estimates from examples in one array.
     *
     * @param model with its side inputs bound, if there are any
     * @param examples x, {@code [N, …]}
     * @param samples S, at least 1: 1 is enough for the ELBO of thousands of examples, 5000 is usual for the log-likelihood
     * @param seed decides the samples
     * @return figures of these examples
     * @throws IllegalArgumentException if samples are below 1
     */
    public static LikelihoodEstimate of(VariationalModel model, INDArray examples, int samples, long seed) {
        Estimator estimator = new Estimator(samples, seed);
        estimator.add(model, examples);
        return estimator.evidence();
    }

    /**
     * Estimates from all that an iterator holds.
     *
     * @param model a model without side inputs
     * @param data reset before it is read; only its features are used
     * @param samples S, at least 1
     * @param seed decides the samples
     * @return figures of these examples
     * @throws IllegalArgumentException if samples are below 1 or there are no examples
     */
    public static LikelihoodEstimate of(VariationalModel model, DataSetIterator data, int samples, long seed) {
        data.reset();
        Estimator estimator = new Estimator(samples, seed);
        while (data.hasNext()) {
            DataSet minibatch = data.next();
            requireNoMask(minibatch.getFeaturesMaskArray());
            estimator.add(model, minibatch.getFeatures());
        }
        return estimator.evidence();
    }

    /**
     * Estimates from all that an iterator holds, for a model with side inputs.
     *
     * @param model a model of a graph
     * @param data reset before it is read; the first features are x, the others are bound as conditions
     * @param samples S, at least 1
     * @param seed decides the samples
     * @return figures of these examples
     * @throws IllegalArgumentException if samples are below 1 or there are no examples
     */
    public static LikelihoodEstimate of(VariationalModel model, MultiDataSetIterator data, int samples, long seed) {
        data.reset();
        Estimator estimator = new Estimator(samples, seed);
        while (data.hasNext()) {
            MultiDataSet minibatch = data.next();
            INDArray[] masks = minibatch.getFeaturesMaskArrays();
            requireNoMask(masks == null || masks.length == 0 ? null : masks[0]);
            INDArray[] features = minibatch.getFeatures();
            estimator.add(model.given(Arrays.copyOfRange(features, 1, features.length)), features[0]);
        }
        return estimator.evidence();
    }

    private static void requireNoMask(INDArray mask) {
        if (mask != null) {
            throw new IllegalArgumentException("LikelihoodEstimate: examples must be whole, got a mask of shape "
                    + Arrays.toString(mask.shape()) + "; give sequences of one length at a time");
        }
    }

    /**
     * The evidence lower bound.
     *
     * @return mean over examples, in nats
     */
    public double elbo() {
        return mean(reconstruction) - mean(divergence);
    }

    /**
     * The mean log-likelihood of the examples given their codes: the first part of the bound.
     *
     * @return mean over examples of E_q[ln p(x|z)], in nats
     */
    public double reconstruction() {
        return mean(reconstruction);
    }

    /**
     * The Kullback-Leibler term: the second part of the bound.
     *
     * @return mean over examples of KL(q‖p), in nats
     */
    public double klDivergence() {
        return mean(divergence);
    }

    /**
     * The importance-weighted estimate of −ln p(x): an upper bound on average, closer with more samples.
     *
     * @return mean over examples, in nats
     */
    public double negativeLogLikelihood() {
        return -mean(logLikelihood);
    }

    /**
     * The same per value and in bits.
     *
     * @return negative log-likelihood / (values per example · ln 2)
     */
    public double bitsPerDimension() {
        return negativeLogLikelihood() / (dimensions * Math.log(2));
    }

    /**
     * The evidence lower bound of each example.
     *
     * @return N values in nats, a new array
     */
    public double[] elboPerExample() {
        double[] elbo = reconstruction.clone();
        Arrays.setAll(elbo, i -> reconstruction[i] - divergence[i]);
        return elbo;
    }

    /**
     * The importance-weighted estimate of ln p(x) of each example.
     *
     * @return N values in nats, a new array
     */
    public double[] logLikelihoodPerExample() {
        return logLikelihood.clone();
    }

    /**
     * What each latent carries: the mean over examples of KL(q(z_j|x)‖p(z_j)).
     *
     * @return n values in nats, a new array
     */
    public double[] divergencePerLatent() {
        return divergencePerLatent.clone();
    }

    /**
     * How many latents depend on the example: those whose posterior mean has a variance above 0.01 over the examples.
     *
     * @return at most n
     */
    public int activeUnits() {
        return activeUnits;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "ELBO %.3f nats (reconstruction %.3f, KL %.3f), NLL %.3f nats, %.4f bits/dim, %d of %d latents active, %d examples",
                elbo(),
                reconstruction(),
                klDivergence(),
                negativeLogLikelihood(),
                bitsPerDimension(),
                activeUnits,
                divergencePerLatent.length,
                reconstruction.length);
    }

    /** Gathers examples, part by part. */
    private static final class Estimator {
        private final int samples;
        private final long seed;
        private final List<double[]> reconstruction = new ArrayList<>();
        private final List<double[]> divergence = new ArrayList<>();
        private final List<double[]> logLikelihood = new ArrayList<>();
        private final List<double[]> means = new ArrayList<>();
        private double[] perLatent;
        private long examples;
        private long dimensions;

        Estimator(int samples, long seed) {
            if (samples < 1) {
                throw new IllegalArgumentException("LikelihoodEstimate: samples must be at least 1, got " + samples
                        + "; 5000 is usual for a log-likelihood, 1 for the evidence lower bound of a large set");
            }
            this.samples = samples;
            this.seed = seed;
        }

        void add(VariationalModel model, INDArray x) {
            GaussianPosterior q = model.posterior(x);
            int count = q.rows();
            int chunk = Math.max(1, Math.min(samples, ROWS / count));
            double[] sum = new double[count];
            double[] kl = new double[count];
            StreamingLogSumExp[] weights = new StreamingLogSumExp[count];
            Arrays.setAll(weights, i -> new StreamingLogSumExp());
            double[] latents = new double[q.latents()];
            for (int done = 0; done < samples; done += chunk) {
                int now = Math.min(chunk, samples - done);
                double[] z = q.sample(NoiseStream.of(seed, "evidence"), examples, done, now);
                double[] logs =
                        model.logLikelihood(x, Nd4j.createFromArray(z).reshape(now * (long) count, q.latents()));
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
            dimensions = x.length() / x.size(0);
        }

        private static void requireFinite(double[] logs) {
            for (double value : logs) {
                if (!Double.isFinite(value)) {
                    throw new IllegalArgumentException("LikelihoodEstimate: ln p(x|z) must be finite, got " + value
                            + "; look for NaN or huge values in the examples, or in the network's parameters");
                }
            }
        }

        private static void addScaled(double[] to, double[] values, double scale) {
            for (int i = 0; i < to.length; i++) {
                to[i] += scale * values[i];
            }
        }

        LikelihoodEstimate evidence() {
            if (examples == 0) {
                throw new IllegalArgumentException(
                        "LikelihoodEstimate: the iterator must hold at least one example, got none; give it data");
            }
            double[] mean =
                    Arrays.stream(perLatent).map(each -> each / examples).toArray();
            return new LikelihoodEstimate(
                    dimensions, join(reconstruction), join(divergence), join(logLikelihood), mean, activeUnits());
        }

        private int activeUnits() {
            int n = perLatent.length;
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

    /** ln Σ eˣ of numbers that come one by one. */
    private static final class StreamingLogSumExp {
        private double largest = Double.NEGATIVE_INFINITY;
        private double sum;

        void add(double x) {
            if (x > largest) {
                sum = sum * Math.exp(largest - x) + 1;
                largest = x;
            } else if (largest > Double.NEGATIVE_INFINITY) {
                sum += Math.exp(x - largest);
            }
        }

        double value() {
            return largest + Math.log(sum);
        }
    }
}
