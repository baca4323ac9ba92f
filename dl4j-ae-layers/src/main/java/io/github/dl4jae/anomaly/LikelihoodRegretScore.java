package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.variational.PosteriorRefinement;
import io.github.dl4jae.variational.VariationalModel;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The likelihood regret of a variational autoencoder: the nats by which the evidence lower bound of an example rises if
 * its posterior is fitted to it alone.
 *
 * <pre>
 * s(x)   = max_τ ELBO(x; θ, τ) − ELBO(x; θ, φ)      ≥ 0
 * τ      = (μ, ln σ²), the posterior of x itself, from Adam with the decoder θ fixed
 * a_j(x) = (x_j − E[x_j|μ_φ])² − (x_j − E[x_j|μ*])²
 * </pre>
 *
 * <p>The encoder φ predicts good posteriors for examples like its training data, and worse ones for others. The part of
 * the likelihood that comes from the simplicity of an example is in both bounds and cancels.
 *
 * <p>{@link PosteriorRefinement} has the algorithm; its defaults of 100 steps and rate 0.05 apply. The paper takes 100
 * steps of Adam too, but its usual variant fits a copy of the encoder's weights to the example.
 *
 * <p>With the defaults an example costs 200 passes forward and backward through the decoder, and 176 forward. The
 * decoder must not have dropout, except as a layer of its own.
 *
 * <pre>{@code
 * AnomalyScore score = new LikelihoodRegretScore.Builder(VariationalModel.of(network, "z")).build();
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/2003.02977">Xiao, Yan and Amit 2020, Likelihood Regret: An Out-of-Distribution
 *     Detection Score for Variational Auto-encoder</a>
 */
public final class LikelihoodRegretScore implements StoredScore {

    static final String KIND = "likelihood-regret";

    private final VariationalModel model;
    private final int steps;
    private final double learningRate;
    private final int samples;
    private final long seed;

    private LikelihoodRegretScore(Builder builder) {
        this.model = builder.model;
        this.steps = builder.steps;
        this.learningRate = builder.learningRate;
        this.samples = builder.samples;
        this.seed = builder.seed;
    }

    /** Builds a score. */
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
            this.model = Require.given("LikelihoodRegretScore", "model", model, "");
        }

        /**
         * Sets the number of steps of Adam; more come closer to the maximum. Default: 100.
         *
         * @param count at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder steps(int count) {
            this.steps = Require.atLeast(1, "LikelihoodRegretScore", "steps", count, "100 is usual");
            return this;
        }

        /**
         * Sets the learning rate of the first step; it decreases linearly to 0. Default: 0.05.
         *
         * @param rate above 0
         * @return this builder
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder learningRate(double rate) {
            this.learningRate = Require.positive("LikelihoodRegretScore", "learningRate", rate, "0.05 is usual");
            return this;
        }

        /**
         * Sets the number of samples that estimate both bounds, with the same noise. Default: 16.
         *
         * @param count at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder samples(int count) {
            this.samples = Require.atLeast(1, "LikelihoodRegretScore", "samples", count, "16 is usual");
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
         * Builds the score.
         *
         * @return the score
         */
        public LikelihoodRegretScore build() {
            return new LikelihoodRegretScore(this);
        }
    }

    private PosteriorRefinement refine(INDArray examples) {
        Batches.requireRows("LikelihoodRegretScore", "examples", examples);
        PosteriorRefinement.Builder refinement = new PosteriorRefinement.Builder(model)
                .steps(steps)
                .learningRate(learningRate)
                .samples(samples)
                .seed(seed);
        try {
            return refinement.refine(examples);
        } catch (DL4JInvalidInputException e) { // another width
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        out.model(model);
        out.integer("steps", steps);
        out.number("learningRate", learningRate);
        out.integer("samples", samples);
        out.integer("seed", seed);
    }

    static LikelihoodRegretScore read(ScoreReader in) {
        return new Builder(in.variationalModel())
                .steps(in.integer("steps", 1, Integer.MAX_VALUE))
                .learningRate(in.number("learningRate"))
                .samples(in.samples())
                .seed(in.seed("seed"))
                .build();
    }

    @Override
    public String name() {
        return "likelihood regret";
    }

    @Override
    public double[] score(INDArray examples) {
        PosteriorRefinement refinement = refine(examples);
        double[] before = refinement.elboBefore();
        double[] regret = refinement.elbo();
        for (int i = 0; i < regret.length; i++) {
            double gain = regret[i] - before[i];
            regret[i] = Double.isFinite(gain) ? gain : Double.POSITIVE_INFINITY;
        }
        return regret;
    }

    /** Computes by how much the fitted posterior reconstructs each value better; negative where it is worse. */
    @Override
    public INDArray attribution(INDArray examples) {
        INDArray fitted =
                squaredResiduals(examples, refine(examples).posterior().means());
        INDArray encoded = squaredResiduals(examples, model.encode(examples));
        return encoded.subi(fitted).castTo(DataType.FLOAT);
    }

    private INDArray squaredResiduals(INDArray examples, INDArray codes) {
        INDArray residuals = Nd4j.createUninitialized(DataType.DOUBLE, examples.shape(), 'c')
                .assign(model.decode(codes).dup('c').reshape('c', examples.shape()));
        residuals.subi(examples.castTo(DataType.DOUBLE));
        return residuals.muli(residuals);
    }

    /** Returns the settings, as in {@code LikelihoodRegretScore(100 steps, rate 0.05, 16 samples)}. */
    @Override
    public String toString() {
        return "LikelihoodRegretScore(" + steps + " steps, rate " + learningRate + ", " + samples + " samples)";
    }
}
