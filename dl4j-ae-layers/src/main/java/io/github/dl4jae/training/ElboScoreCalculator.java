package io.github.dl4jae.training;

import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.VariationalModel;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * An early-stopping score for variational autoencoders: the negative evidence lower bound on held-out examples.
 *
 * <pre>
 * score = 1/N Σ_i ( −E_q[ln p(x_i|z)] + β·KL(q(z|x_i)‖p) )        in nats per example; less is better; −ELBO for β = 1
 * </pre>
 *
 * <p>The network's own score uses the current β. During a warm-up each epoch therefore has another objective, and early
 * epochs, which hardly count the Kullback-Leibler term, seem best. This score keeps β constant. Default: 1, for the
 * bound; set the final value of the warm-up if it is another.
 *
 * <pre>{@code
 * new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
 *         .scoreCalculator(new ElboScoreCalculator<>(validation, "z"))
 *         …
 * }</pre>
 *
 * <p>All epochs are compared with the same noise.
 *
 * @param <M> {@link MultiLayerNetwork} or {@link ComputationGraph}
 */
public final class ElboScoreCalculator<M extends Model> implements ScoreCalculator<M> {

    private static final long serialVersionUID = 1L;
    private static final long SEED = 1;

    private final transient DataSetIterator data;
    private final transient MultiDataSetIterator multiData;
    private final String latentLayer;
    private final String output;
    private final int samples;
    private final double beta;

    private ElboScoreCalculator(
            DataSetIterator data,
            MultiDataSetIterator multiData,
            String latentLayer,
            String output,
            int samples,
            double beta) {
        this.data = data;
        this.multiData = multiData;
        this.latentLayer = latentLayer;
        this.output = output;
        this.samples = samples;
        this.beta = beta;
    }

    /**
     * Creates a calculator.
     *
     * @param data held-out examples; only features are used
     * @param latentLayer the name of the {@link io.github.dl4jae.variational.GaussianLatentLayer}
     */
    public ElboScoreCalculator(DataSetIterator data, String latentLayer) {
        this(data, null, latentLayer, null, 1, 1);
    }

    /**
     * Creates a calculator for a graph with side inputs.
     *
     * @param data held-out examples: the first features are x, the others its conditions
     * @param latentLayer the name of the {@link io.github.dl4jae.variational.GaussianLatentLayer}
     */
    public ElboScoreCalculator(MultiDataSetIterator data, String latentLayer) {
        this(null, data, latentLayer, null, 1, 1);
    }

    /**
     * Returns a calculator with another weight of the Kullback-Leibler term.
     *
     * @param weight β, at least 0; the final value of the warm-up. Default: 1
     * @return a new calculator
     * @throws IllegalArgumentException if it is below 0 or not finite
     */
    public ElboScoreCalculator<M> beta(double weight) {
        if (!(weight >= 0) || !Double.isFinite(weight)) {
            throw new IllegalArgumentException("ElboScoreCalculator: beta must be at least 0 and finite, got " + weight
                    + "; 1 gives the evidence lower bound");
        }
        return new ElboScoreCalculator<>(data, multiData, latentLayer, output, samples, weight);
    }

    /**
     * Returns a calculator that samples more codes per example, for a score that varies less.
     *
     * @param count S, at least 1. Default: 1
     * @return a new calculator
     * @throws IllegalArgumentException if it is below 1
     */
    public ElboScoreCalculator<M> samples(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("ElboScoreCalculator: samples must be at least 1, got " + count
                    + "; 1 is enough for thousands of examples");
        }
        return new ElboScoreCalculator<>(data, multiData, latentLayer, output, count, beta);
    }

    /**
     * Returns a calculator for a graph with several outputs.
     *
     * @param vertex the name of the output that reconstructs
     * @return a new calculator
     */
    public ElboScoreCalculator<M> output(String vertex) {
        return new ElboScoreCalculator<>(data, multiData, latentLayer, vertex, samples, beta);
    }

    @Override
    public double calculateScore(M network) {
        VariationalModel model = model(network);
        LikelihoodEstimate evidence = data == null
                ? LikelihoodEstimate.estimate(model, multiData, samples, SEED)
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
