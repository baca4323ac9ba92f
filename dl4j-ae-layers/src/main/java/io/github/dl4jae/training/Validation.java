package io.github.dl4jae.training;

import java.util.Objects;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;

/** The validation score: the network's own on held-out data, or a metric. */
final class Validation {

    private final String name;
    private final @Nullable TrainingData data;
    private final @Nullable ScoreCalculator<Model> metric;
    private @Nullable MiniBatches iterator;

    private Validation(String name, @Nullable TrainingData data, @Nullable ScoreCalculator<Model> metric) {
        this.name = name;
        this.data = data;
        this.metric = metric;
    }

    static Validation byLoss(TrainingData data) {
        return new Validation("loss", data, null);
    }

    @SuppressWarnings("unchecked") // a calculator of another type of network fails at its first call
    static Validation by(String name, ScoreCalculator<? extends Model> metric) {
        return new Validation(name, null, (ScoreCalculator<Model>) metric);
    }

    String name() {
        return name;
    }

    /** Returns the score; without seeds, the random generator is left alone. */
    double score(NetworkAdapter network, @Nullable RandomSeeds seeds) {
        return metric != null ? metric.calculateScore(network.model()) : loss(network, seeds);
    }

    /** Returns the mean score of the examples. */
    private double loss(NetworkAdapter network, @Nullable RandomSeeds seeds) {
        MiniBatches minibatches = minibatches();
        double sum = 0;
        long examples = 0;
        seed(seeds, examples);
        while (minibatches.hasNext()) {
            MiniBatch minibatch = minibatches.next();
            sum += minibatch.score(network) * minibatch.examples();
            examples += minibatch.examples();
            seed(seeds, examples);
        }
        if (examples == 0) {
            throw new IllegalArgumentException(
                    "Trainer: the validation data must have a mini-batch, got none; check the iterator");
        }
        return sum / examples;
    }

    private static void seed(@Nullable RandomSeeds seeds, long examples) {
        if (seeds != null) {
            seeds.begin(RandomSeeds.Use.VALIDATION, examples, 1);
        }
    }

    private MiniBatches minibatches() {
        TrainingData all = Objects.requireNonNull(data);
        if (all.isByEpoch()) {
            return all.epoch(0);
        }
        if (iterator == null) {
            iterator = all.epoch(0);
        }
        iterator.reset();
        return iterator;
    }

    boolean isBetter(double score, double best, double margin) {
        boolean minimize = metric == null || metric.minimizeScore();
        return minimize ? score < best - margin : score > best + margin;
    }
}
