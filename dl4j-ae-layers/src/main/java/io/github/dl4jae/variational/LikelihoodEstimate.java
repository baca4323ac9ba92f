package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Estimates of the held-out likelihood of a variational autoencoder.
 *
 * <pre>
 * ELBO(x)  = 1/S Σ_s ln p(x|z_s) − KL(q(z|x)‖p)           z_s ~ q(z|x)     ≤ ln p(x) in expectation
 * ln p̂(x) = ln 1/S Σ_s p(x|z_s) p(z_s)/q(z_s|x)           between the two, approaches ln p(x) as S grows
 * active units  the latents j with Var_x(E_q[z_j|x]) &gt; 0.01
 * </pre>
 *
 * <p>The KL divergence is exact for a standard normal prior and estimated with the same samples for others. Everything
 * outside the network is computed in log space and float64. Samples pass through the network in batches, so memory does
 * not depend on their number. The same seed gives the same figures for the same examples, however they are split into
 * mini-batches, up to rounding. An iterator that binarizes at random gives
 * different pixels in every pass.
 *
 * <pre>{@code
 * LikelihoodEstimate estimate = LikelihoodEstimate.estimate(VariationalModel.of(network, "z"), test, 5000, 1);
 * System.out.println(estimate.negativeLogLikelihood());
 * }</pre>
 *
 * <p>The loss of the output layer must be a negative log-likelihood in nats, summed over features.
 *
 * @see <a href="https://arxiv.org/abs/1509.00519">Burda, Grosse and Salakhutdinov 2016, for the estimate and for active
 *     units</a>
 */
public final class LikelihoodEstimate {

    /** The mean number of values of an example. */
    private final double dimensions;

    private final double[] reconstruction;
    private final double[] divergence;
    private final double[] logLikelihood;
    private final double[] divergencePerLatent;
    private final int activeUnits;

    LikelihoodEstimate(
            double dimensions,
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
     * Estimates the likelihood of examples in one array.
     *
     * @param model the model, with its side inputs bound, if there are any
     * @param examples x, {@code [N, …]}
     * @param samples S, at least 1: 1 is enough for the ELBO of thousands of examples, 5000 is usual for the
     *     log-likelihood
     * @param seed seed of the samples
     * @return the figures of these examples
     * @throws IllegalArgumentException if an argument is null, or samples are below 1
     */
    public static LikelihoodEstimate estimate(VariationalModel model, INDArray examples, int samples, long seed) {
        return estimate(model, examples, null, samples, seed);
    }

    /**
     * Estimates the likelihood of the present values of examples of which some are missing.
     *
     * @param model the model, with its side inputs bound, if there are any
     * @param examples x, {@code [N, …]}, with replacements of missing values, which the encoder sees
     * @param present 1 for values that are present, 0 for missing ones, {@code [N, 1]} or {@code [N, d]}; null if all
     *     are
     * @param samples S, at least 1
     * @param seed seed of the samples
     * @return the figures of these examples
     * @throws IllegalArgumentException if the model or the examples are null, or samples are below 1
     */
    public static LikelihoodEstimate estimate(
            VariationalModel model, INDArray examples, @Nullable INDArray present, int samples, long seed) {
        requireGiven(model, examples);
        LikelihoodEstimator estimator = new LikelihoodEstimator(samples, seed);
        estimator.add(model, examples, present);
        return estimator.estimate();
    }

    /**
     * Estimates the likelihood of the examples of an iterator.
     *
     * @param model a model without side inputs
     * @param data the examples; reset before it is read. Only its features and the masks of its labels are used, which
     *     say what is present
     * @param samples S, at least 1
     * @param seed seed of the samples
     * @return the figures of these examples
     * @throws IllegalArgumentException if an argument is null, samples are below 1, or there are no examples
     */
    public static LikelihoodEstimate estimate(VariationalModel model, DataSetIterator data, int samples, long seed) {
        requireGiven(model, data);
        data.reset();
        LikelihoodEstimator estimator = new LikelihoodEstimator(samples, seed);
        while (data.hasNext()) {
            DataSet miniBatch = data.next();
            requireNoMask(miniBatch.getFeaturesMaskArray());
            estimator.add(model, miniBatch.getFeatures(), miniBatch.getLabelsMaskArray());
        }
        return estimator.estimate();
    }

    /**
     * Estimates the likelihood of the examples of an iterator, for a model with side inputs.
     *
     * @param model a model of a graph
     * @param data the examples; reset before it is read. The first features are x, the others are bound as conditions;
     *     the first mask of labels says what is present
     * @param samples S, at least 1
     * @param seed seed of the samples
     * @return the figures of these examples
     * @throws IllegalArgumentException if an argument is null, samples are below 1, or there are no examples
     */
    public static LikelihoodEstimate estimate(
            VariationalModel model, MultiDataSetIterator data, int samples, long seed) {
        requireGiven(model, data);
        data.reset();
        LikelihoodEstimator estimator = new LikelihoodEstimator(samples, seed);
        while (data.hasNext()) {
            MultiDataSet miniBatch = data.next();
            requireNoMask(first(miniBatch.getFeaturesMaskArrays()));
            INDArray[] features = miniBatch.getFeatures();
            estimator.add(
                    model.given(Arrays.copyOfRange(features, 1, features.length)),
                    features[0],
                    first(miniBatch.getLabelsMaskArrays()));
        }
        return estimator.estimate();
    }

    private static @Nullable INDArray first(INDArray @Nullable [] masks) {
        return masks == null || masks.length == 0 ? null : masks[0];
    }

    private static void requireGiven(VariationalModel model, Object examples) {
        Require.given("LikelihoodEstimate", "model", model, "");
        Require.given("LikelihoodEstimate", "examples", examples, "");
    }

    private static void requireNoMask(@Nullable INDArray mask) {
        if (mask != null) {
            throw new IllegalArgumentException("LikelihoodEstimate: features must have no mask, got one of shape "
                    + Arrays.toString(mask.shape()) + "; use sequences of one length, and masks of labels for missing"
                    + " values");
        }
    }

    /**
     * Returns the evidence lower bound.
     *
     * @return mean over examples, in nats
     */
    public double elbo() {
        return mean(reconstruction) - mean(divergence);
    }

    /**
     * Returns the mean log-likelihood of the examples given their codes, the first part of the bound.
     *
     * @return mean over examples of E_q[ln p(x|z)], in nats
     */
    public double reconstruction() {
        return mean(reconstruction);
    }

    /**
     * Returns the KL divergence, the second part of the bound.
     *
     * @return mean over examples of KL(q‖p), in nats
     */
    public double klDivergence() {
        return mean(divergence);
    }

    /**
     * Returns the importance-weighted estimate of −ln p(x), in expectation an upper bound that tightens with more
     * samples.
     *
     * @return mean over examples, in nats
     */
    public double negativeLogLikelihood() {
        return -mean(logLikelihood);
    }

    /**
     * Returns the negative log-likelihood in bits per value of an example.
     *
     * @return negative log-likelihood / (values per example · ln 2); missing values do not count
     */
    public double bitsPerDimension() {
        return negativeLogLikelihood() / (dimensions * Math.log(2));
    }

    /**
     * Returns the evidence lower bound of each example.
     *
     * @return N values in nats, a new array
     */
    public double[] elboPerExample() {
        double[] elbo = reconstruction.clone();
        Arrays.setAll(elbo, i -> reconstruction[i] - divergence[i]);
        return elbo;
    }

    /**
     * Returns the importance-weighted estimate of ln p(x) for each example.
     *
     * @return N values in nats, a new array
     */
    public double[] logLikelihoodPerExample() {
        return logLikelihood.clone();
    }

    /**
     * Returns the KL divergence per latent dimension: the mean over examples of KL(q(z_j|x)‖p(z_j)).
     *
     * @return n values in nats, a new array
     */
    public double[] divergencePerLatent() {
        return divergencePerLatent.clone();
    }

    /**
     * Returns the number of latents whose posterior mean has a variance above 0.01 over the examples.
     *
     * @return at most n
     */
    public int activeUnits() {
        return activeUnits;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Returns all figures with their units. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "ELBO %.3f nats (reconstruction %.3f, KL %.3f), NLL %.3f nats, %.4f bits/dim, %d of %d latents active,"
                        + " %d examples",
                elbo(),
                reconstruction(),
                klDivergence(),
                negativeLogLikelihood(),
                bitsPerDimension(),
                activeUnits,
                divergencePerLatent.length,
                reconstruction.length);
    }
}
