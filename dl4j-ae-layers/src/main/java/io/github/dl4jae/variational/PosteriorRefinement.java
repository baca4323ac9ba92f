package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Posteriors of examples that are fitted one by one, with the decoder fixed, from those of the encoder.
 *
 * <pre>
 * τ* = argmax_τ ELBO(x; θ, τ)         τ = (μ, ln σ²), q = N(μ, diag σ²), one for each example
 * ELBO(x; θ, τ) = 1/S Σ_s ln p(x|z_s) − KL(q‖p)
 * </pre>
 *
 * <p>The encoder predicts posteriors for examples that resemble its training data. For others they can be far from the
 * best ones; {@link #elbo} − {@link #elboBefore} is that amortization gap.
 *
 * <p>Adam ascends from the encoder's posteriors, with one new pair of opposite samples in each step and a learning rate
 * that decreases linearly to 0. The bound is estimated ten times with S samples that are the same for all estimates and
 * examples; the best posterior is the result. The bound therefore never decreases. The figures of an example do not
 * depend on the other examples.
 *
 * @see <a href="https://arxiv.org/abs/1801.03558">Cremer, Li and Duvenaud 2018, Inference Suboptimality in Variational
 *     Autoencoders</a>
 */
public final class PosteriorRefinement {

    /** Maximum number of codes held in memory. */
    private static final int ROWS = 1 << 15;

    private static final int ESTIMATES = 10;
    private static final double LIMIT = 20;
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final GaussianPosterior posterior;
    private final double[] elboBefore;
    private final double[] elbo;

    private PosteriorRefinement(GaussianPosterior posterior, double[] elboBefore, double[] elbo) {
        this.posterior = posterior;
        this.elboBefore = elboBefore;
        this.elbo = elbo;
    }

    /** Settings of a refinement. */
    public static final class Builder {

        private final VariationalModel model;
        private int steps = 100;
        private double learningRate = 0.05;
        private int samples = 16;
        private long seed = 1;

        /**
         * Starts a builder.
         *
         * @param model the model, with its side inputs bound, if there are any
         * @throws IllegalArgumentException if it is null
         */
        public Builder(VariationalModel model) {
            this.model = Require.given("PosteriorRefinement", "model", model, "");
        }

        /**
         * Sets the number of steps; more come closer to the maximum. Default: 100.
         *
         * @param count at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder steps(int count) {
            this.steps = Require.atLeast(1, "PosteriorRefinement", "steps", count, "100 is usual");
            return this;
        }

        /**
         * Sets the learning rate of the first step. A mean and a log variance change by about half the product of rate
         * and steps at most. Default: 0.05.
         *
         * @param rate above 0
         * @return this builder
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder learningRate(double rate) {
            this.learningRate = Require.positive("PosteriorRefinement", "learningRate", rate, "0.05 is usual");
            return this;
        }

        /**
         * Sets the number of samples that estimate the bound. Default: 16.
         *
         * @param count S, at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder samples(int count) {
            this.samples = Require.atLeast(1, "PosteriorRefinement", "samples", count, "16 is usual");
            return this;
        }

        /**
         * Sets the seed of the samples. Default: 1.
         *
         * @param value any number
         * @return this builder
         */
        public Builder seed(long value) {
            this.seed = value;
            return this;
        }

        /**
         * Fits the posteriors of examples.
         *
         * @param examples x, {@code [N, …]}
         * @return the fitted posteriors
         * @throws IllegalArgumentException if the decoder cannot be differentiated; see
         *     {@link VariationalModel#logLikelihood(INDArray, INDArray, double[])}
         */
        public PosteriorRefinement refine(INDArray examples) {
            return refine(examples, null);
        }

        /**
         * Fits the posteriors of examples with missing values, given the values that are present: ln p(x|z) is that of
         * the present ones. The encoder, where the ascent begins, reads what stands in place of the missing ones.
         *
         * @param examples x, {@code [N, …]}, with any finite values in place of the missing ones
         * @param present 1 for values that are present, 0 for missing ones, in the shape of a mask for the labels of
         *     the network; null if all are
         * @return the fitted posteriors
         * @throws IllegalArgumentException as for {@link #refine(INDArray)}, or if the mask has other rows
         */
        public PosteriorRefinement refine(INDArray examples, @Nullable INDArray present) {
            return new Ascent(this, examples, present).run();
        }
    }

    /** The ascent of all examples of an array. */
    private static final class Ascent {

        private final Builder settings;
        private final INDArray x;
        private final @Nullable INDArray present;
        private final int n;
        private final PriorDensity prior;
        private final double[] mean;
        private final double[] logVariance;
        private final double[][] moments;

        Ascent(Builder settings, INDArray x, @Nullable INDArray present) {
            this.settings = settings;
            this.x = x;
            this.present = present;
            GaussianPosterior q = settings.model.posterior(x);
            this.n = q.latents();
            this.prior = q.prior();
            this.mean = q.mean();
            this.logVariance = q.logVariance();
            this.moments = new double[4][mean.length];
        }

        PosteriorRefinement run() {
            double[] before = elbo();
            double[] best = before.clone();
            double[] bestMean = mean.clone();
            double[] bestLogVariance = logVariance.clone();
            int every = Math.max(1, settings.steps / ESTIMATES);
            for (int step = 1; step <= settings.steps; step++) {
                ascend(step);
                if (step % every == 0 || step == settings.steps) {
                    double[] now = elbo();
                    for (int i = 0; i < now.length; i++) {
                        if (now[i] > best[i]) {
                            best[i] = now[i];
                            System.arraycopy(mean, i * n, bestMean, i * n, n);
                            System.arraycopy(logVariance, i * n, bestLogVariance, i * n, n);
                        }
                    }
                }
            }
            return new PosteriorRefinement(new GaussianPosterior(n, bestMean, bestLogVariance, prior), before, best);
        }

        private GaussianPosterior current() {
            return new GaussianPosterior(n, mean.clone(), logVariance.clone(), prior);
        }

        private INDArray codes(double[] z) {
            return Nd4j.createFromArray(z).reshape(z.length / n, n);
        }

        /** Returns the bound of every example, always with the same noise. */
        private double[] elbo() {
            GaussianPosterior q = current();
            int samples = settings.samples;
            int chunk = Math.max(1, Math.min(samples, ROWS / q.rows()));
            double[] elbo = new double[q.rows()];
            for (int done = 0; done < samples; done += chunk) {
                int now = Math.min(chunk, samples - done);
                double[] z = q.sampleAlike(NoiseStream.of(settings.seed, "bound"), done, now);
                double[] logs = settings.model.logLikelihood(x, present, codes(z));
                double[] divergence = q.divergence(z);
                for (int row = 0; row < logs.length; row++) {
                    elbo[row % elbo.length] += (logs[row] - divergence[row % elbo.length]) / samples;
                }
            }
            return elbo;
        }

        /** Moves μ and ln σ² along the gradient of the bound at one pair of samples. */
        private void ascend(int step) {
            GaussianPosterior q = current();
            double[] z = q.sampleAlike(NoiseStream.of(settings.seed, "ascent").at(step, 0, 0), 0, 2);
            double[] ofCodes = new double[z.length];
            settings.model.logLikelihood(x, present, codes(z), ofCodes);
            double[] ofMean = new double[mean.length];
            double[] ofLogVariance = new double[mean.length];
            boolean closed = prior.isStandardNormal();
            for (int offset = 0; !closed && offset < z.length; offset += n) {
                prior.addGradient(z, offset, 1, ofCodes);
            }
            for (int at = 0; at < z.length; at++) {
                int of = at % mean.length;
                ofMean[of] += 0.5 * ofCodes[at];
                ofLogVariance[of] += 0.25 * ofCodes[at] * (z[at] - mean[of]); // ∂z/∂ln σ² = ½ (z − μ)
            }
            for (int at = 0; at < mean.length; at++) {
                // −∂KL: closed form, or the entropy alone if the prior's part comes from the samples
                ofMean[at] -= closed ? mean[at] : 0;
                ofLogVariance[at] -= closed ? 0.5 * Math.expm1(logVariance[at]) : -0.5;
            }
            double rate = settings.learningRate * (settings.steps - step + 1) / settings.steps;
            adam(mean, ofMean, moments[0], moments[1], rate, step);
            adam(logVariance, ofLogVariance, moments[2], moments[3], rate, step);
            Arrays.setAll(logVariance, at -> Math.max(-LIMIT, Math.min(LIMIT, logVariance[at])));
        }

        private static void adam(double[] values, double[] gradient, double[] m, double[] v, double rate, int step) {
            for (int at = 0; at < values.length; at++) {
                m[at] = BETA1 * m[at] + (1 - BETA1) * gradient[at];
                v[at] = BETA2 * v[at] + (1 - BETA2) * gradient[at] * gradient[at];
                double first = m[at] / (1 - Math.pow(BETA1, step));
                double second = v[at] / (1 - Math.pow(BETA2, step));
                values[at] += rate * first / (Math.sqrt(second) + EPSILON);
            }
        }
    }

    /**
     * Returns the fitted posteriors.
     *
     * @return q* of every example, and the prior
     */
    public GaussianPosterior posterior() {
        return posterior;
    }

    /**
     * Returns the evidence lower bounds with the encoder's posteriors.
     *
     * @return N values in nats, a new array
     */
    public double[] elboBefore() {
        return elboBefore.clone();
    }

    /**
     * Returns the evidence lower bounds with the fitted posteriors.
     *
     * @return N values in nats, none below {@link #elboBefore}, a new array
     */
    public double[] elbo() {
        return elbo.clone();
    }
}
