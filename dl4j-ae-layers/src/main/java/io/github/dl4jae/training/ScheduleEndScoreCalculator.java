package io.github.dl4jae.training;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.TrainingTime;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * A score for Deeplearning4j's own early stopping that puts layers with a schedule at the end of it: the β of {@code
 * GaussianLatentLayer}, the k of {@code TopKLayer}.
 *
 * <p>During a warm-up the loss of each epoch is another objective. The stock {@code DataSetLossCalculator} therefore
 * finds the first epochs best. This score measures all epochs by the final objective:
 *
 * <pre>{@code
 * new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
 *         .scoreCalculator(ScheduleEndScoreCalculator.ofLoss(heldOut))
 *         …
 * }</pre>
 *
 * <p>{@link Trainer} does so by itself. The network is not changed by scoring: training continues with the values of
 * its schedules. Frozen layers stay where they are.
 *
 * @param <M> {@link MultiLayerNetwork} or {@link ComputationGraph}
 */
public final class ScheduleEndScoreCalculator<M extends Model> implements ScoreCalculator<M> {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Validation loss;
    private final @Nullable ScoreCalculator<M> metric;
    private final transient @Nullable TrainingTime end;

    private ScheduleEndScoreCalculator(
            @Nullable Validation loss, @Nullable ScoreCalculator<M> metric, @Nullable TrainingTime end) {
        this.loss = loss;
        this.metric = metric;
        this.end = end;
    }

    /**
     * Scores by the network's own loss, the mean over examples.
     *
     * @param heldOut the data; must support {@code reset()}
     * @param <M> {@link MultiLayerNetwork} or {@link ComputationGraph}
     * @return the calculator
     * @throws IllegalArgumentException if the data are null or cannot be reset
     */
    public static <M extends Model> ScheduleEndScoreCalculator<M> ofLoss(DataSetIterator heldOut) {
        return new ScheduleEndScoreCalculator<>(Validation.byLoss(TrainingData.of(heldOut)), null, null);
    }

    /**
     * Scores by the network's own loss on data with several inputs or outputs, the mean over examples.
     *
     * @param heldOut the data; must support {@code reset()}
     * @param <M> {@link MultiLayerNetwork} or {@link ComputationGraph}
     * @return the calculator
     * @throws IllegalArgumentException if the data are null or cannot be reset
     */
    public static <M extends Model> ScheduleEndScoreCalculator<M> ofLoss(MultiDataSetIterator heldOut) {
        return new ScheduleEndScoreCalculator<>(Validation.byLoss(TrainingData.of(heldOut)), null, null);
    }

    /**
     * Scores by a metric.
     *
     * @param metric runs the network
     * @param <M> {@link MultiLayerNetwork} or {@link ComputationGraph}
     * @return the calculator
     * @throws IllegalArgumentException if the metric is null
     */
    public static <M extends Model> ScheduleEndScoreCalculator<M> of(ScoreCalculator<M> metric) {
        return new ScheduleEndScoreCalculator<>(
                null, Require.given("ScheduleEndScoreCalculator", "metric", metric, ""), null);
    }

    /**
     * Returns a calculator with another end of schedules. Default: the end of schedules that hold a final value, such
     * as those of this library; the current time for others.
     *
     * @param iterations the number of iterations, at least 0
     * @param epochs the number of epochs, at least 0
     * @return the calculator
     * @throws IllegalArgumentException if a number is below 0
     */
    public ScheduleEndScoreCalculator<M> at(int iterations, int epochs) {
        return new ScheduleEndScoreCalculator<>(
                loss,
                metric,
                new TrainingTime(
                        Require.atLeast(0, "ScheduleEndScoreCalculator", "iterations", iterations, ""),
                        Require.atLeast(0, "ScheduleEndScoreCalculator", "epochs", epochs, "")));
    }

    @Override
    public double calculateScore(M network) {
        NetworkAdapter adapter = NetworkAdapter.of(network);
        TrainingTime now = new TrainingTime(adapter.iterations(), adapter.epochs());
        return new ScheduleEnds(network, end, now)
                .during(() -> metric != null
                        ? metric.calculateScore(network)
                        : requireLoss().score(adapter, null));
    }

    private Validation requireLoss() {
        if (loss == null) {
            throw new IllegalStateException(
                    "ScheduleEndScoreCalculator: the held-out data must be set, got a deserialized calculator, which"
                            + " has none; create a new one");
        }
        return loss;
    }

    @Override
    public boolean minimizeScore() {
        return metric == null || metric.minimizeScore();
    }
}
