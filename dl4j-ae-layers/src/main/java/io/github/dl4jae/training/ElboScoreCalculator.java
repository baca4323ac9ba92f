package io.github.dl4jae.training;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.VariationalModel;
import java.util.Objects;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * An early-stopping score for variational autoencoders: the negative evidence lower bound on held-out examples.
 *
 * <pre>
 * score = 1/N Σ_i ( −E_q[ln p(x_i|z)] + β·KL(q(z|x_i)‖p) )        in nats per example; lower is better; −ELBO for β = 1
 * </pre>
 *
 * <p>The score of the network uses the current β. During a warm-up each epoch therefore has another objective, and
 * early epochs seem best because they hardly count the KL divergence. This score keeps β constant: use 1 for the
 * evidence lower bound, or the final value of the warm-up.
 *
 * <pre>{@code
 * new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
 *         .scoreCalculator(new ElboScoreCalculator.Builder(validation, "z").build())
 *         …
 * }</pre>
 *
 * <p>All epochs are scored with the same noise. Instances are immutable.
 *
 * @param <M> {@link MultiLayerNetwork} or {@link ComputationGraph}
 */
public final class ElboScoreCalculator<M extends Model> implements ScoreCalculator<M> {

    private static final long serialVersionUID = 1L;
    private static final long SEED = 1;

    private final transient @Nullable DataSetIterator data;
    private final transient @Nullable MultiDataSetIterator multiData;
    private final String latentLayer;
    private final @Nullable String output;
    private final int samples;
    private final double beta;

    private ElboScoreCalculator(Builder builder) {
        this.data = builder.data;
        this.multiData = builder.multiData;
        this.latentLayer = builder.latentLayer;
        this.output = builder.output;
        this.samples = builder.samples;
        this.beta = builder.beta;
    }

    /** Builds a calculator. */
    public static final class Builder {

        private final @Nullable DataSetIterator data;
        private final @Nullable MultiDataSetIterator multiData;
        private final String latentLayer;
        private @Nullable String output;
        private int samples = 1;
        private double beta = 1;

        /**
         * Starts a builder.
         *
         * @param data held-out examples; labels are ignored
         * @param latentLayer the name of the {@link io.github.dl4jae.variational.GaussianLatentLayer}
         * @throws IllegalArgumentException if an argument is null
         */
        public Builder(DataSetIterator data, String latentLayer) {
            this.data = Require.given("ElboScoreCalculator", "data", data, "pass held-out examples");
            this.multiData = null;
            this.latentLayer = requireLatentLayer(latentLayer);
        }

        /**
         * Starts a builder for a graph with side inputs.
         *
         * @param data held-out examples: the first features are x, the others its conditions
         * @param latentLayer the name of the {@link io.github.dl4jae.variational.GaussianLatentLayer}
         * @throws IllegalArgumentException if an argument is null
         */
        public Builder(MultiDataSetIterator data, String latentLayer) {
            this.data = null;
            this.multiData = Require.given("ElboScoreCalculator", "data", data, "pass held-out examples");
            this.latentLayer = requireLatentLayer(latentLayer);
        }

        private static String requireLatentLayer(String name) {
            return Require.given("ElboScoreCalculator", "latentLayer", name, "name the GaussianLatentLayer");
        }

        /**
         * Sets β, the weight of the KL divergence, such as the final value of a warm-up. Default: 1.
         *
         * @param weight β, at least 0
         * @return this builder
         * @throws IllegalArgumentException if it is below 0 or not finite
         */
        public Builder beta(double weight) {
            this.beta = Require.nonNegative("ElboScoreCalculator", "beta", weight, "1 gives the evidence lower bound");
            return this;
        }

        /**
         * Sets the number of codes that are sampled per example; more samples reduce the variance of the score.
         * Default: 1.
         *
         * @param count S, at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder samples(int count) {
            this.samples = Require.atLeast(
                    1, "ElboScoreCalculator", "samples", count, "1 is enough for thousands of examples");
            return this;
        }

        /**
         * Sets the output that reconstructs, in a graph with several outputs. Default: the only output.
         *
         * @param vertex the name of the output
         * @return this builder
         * @throws IllegalArgumentException if it is null
         */
        public Builder output(String vertex) {
            this.output = Require.given("ElboScoreCalculator", "output", vertex, "");
            return this;
        }

        /**
         * Builds the calculator.
         *
         * @param <M> {@link MultiLayerNetwork} or {@link ComputationGraph}
         * @return the calculator
         */
        public <M extends Model> ElboScoreCalculator<M> build() {
            return new ElboScoreCalculator<>(this);
        }
    }

    @Override
    public double calculateScore(M network) {
        VariationalModel model = model(network);
        LikelihoodEstimate evidence = data == null
                ? LikelihoodEstimate.estimate(model, Objects.requireNonNull(multiData), samples, SEED)
                : LikelihoodEstimate.estimate(model, data, samples, SEED);
        return -evidence.reconstruction() + beta * evidence.klDivergence();
    }

    private VariationalModel model(M network) {
        if (network instanceof ComputationGraph graph) {
            return output == null
                    ? VariationalModel.of(graph, latentLayer)
                    : VariationalModel.of(graph, latentLayer, output);
        } else if (network instanceof MultiLayerNetwork stack) {
            return VariationalModel.of(stack, latentLayer);
        }
        throw new IllegalArgumentException(
                "ElboScoreCalculator: the model must be a MultiLayerNetwork or a ComputationGraph, got "
                        + network.getClass().getName());
    }

    @Override
    public boolean minimizeScore() {
        return true;
    }
}
