package io.github.dl4jae.training;

import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.Evidence;
import io.github.dl4jae.VariationalModel;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Scores a variational autoencoder for Deeplearning4j's early stopping by its evidence lower bound on held-out examples.
 *
 * <pre>
 * score = 1/N Σ_i ( −E_q[ln p(x_i|z)] + β·KL(q(z|x_i)‖p) )        β = 1 unless set: −ELBO, in nats per example; less is better
 * </pre>
 *
 * <p>The network's own score has the β of the moment. While β warms up that is another objective in every epoch, and the first ones, which hardly count the
 * Kullback-Leibler term, look best. This score has the same β all the time: leave it at 1 for the bound, or set the value at which the warm-up ends.
 *
 * <pre>{@code
 * new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
 *         .scoreCalculator(new ElboScoreCalculator<>(validation, "z"))
 *         …
 * }</pre>
 *
 * <p>The same noise is used every time, so that epochs are compared on the same terms.
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
     * A score on the examples of an iterator.
     *
     * @param data held-out examples; only features are used
     * @param latentLayer the name of the {@link io.github.dl4jae.variational.GaussianLatentLayer}
     */
    public ElboScoreCalculator(DataSetIterator data, String latentLayer) {
        this(data, null, latentLayer, null, 1, 1);
    }

    /**
     * A score of a graph with side inputs.
     *
     * @param data held-out examples: the first features are x, the others its conditions
     * @param latentLayer the name of the {@link io.github.dl4jae.variational.GaussianLatentLayer}
     */
    public ElboScoreCalculator(MultiDataSetIterator data, String latentLayer) {
        this(null, data, latentLayer, null, 1, 1);
    }

    /**
     * The same with another weight of the Kullback-Leibler term.
     *
     * @param weight β, at least 0: that at which the warm-up ends
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
     * The same with more codes per example: the score varies less.
     *
     * @param count S, 1 unless set
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
     * The same for a graph with several outputs.
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
        Evidence evidence =
                data == null ? Evidence.of(model, multiData, samples, SEED) : Evidence.of(model, data, samples, SEED);
        return -evidence.reconstruction() + beta * evidence.divergence();
    }

    private VariationalModel model(M network) {
        if (network instanceof ComputationGraph graph) {
            return output == null
                    ? Autoencoders.variational(graph, latentLayer)
                    : Autoencoders.variational(graph, latentLayer, output);
        } else if (network instanceof MultiLayerNetwork stack) {
            return Autoencoders.variational(stack, latentLayer);
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
