package io.github.dl4jae.examples.support;

import io.github.dl4jae.sequence.SequenceToSequence;
import io.github.dl4jae.sequence.SequenceTraining;
import java.nio.file.Path;

/** Trains a translation of texts. */
public final class PairTraining {

    private PairTraining() {}

    /**
     * Trains a model, or continues if the run resumes another.
     *
     * @param model is changed
     * @param train the pairs to learn from
     * @param validation held-out pairs; the model of the epoch with their best score is kept
     * @param options seed and teacher forcing
     * @param batch pairs per mini-batch
     * @param epochs the number of epochs
     * @param directory of the checkpoint and {@code curve.csv}
     * @return scores per epoch
     * @throws IllegalArgumentException if the checkpoint belongs to another run
     */
    public static LearningCurve run(
            SequenceToSequence model,
            TextPairs train,
            TextPairs validation,
            SequenceTraining.Builder options,
            int batch,
            int epochs,
            Path directory) {
        SequenceTraining training = options.batch(batch).build();
        long steps = (train.size() + batch - 1L) / batch * epochs;
        return new SequenceRun(train.size() + " pairs of " + train.name(), epochs, steps, directory)
                .train(
                        model.network(),
                        model.data(train.sources(), train.targets(), training),
                        model.validationData(validation.sources(), validation.targets()));
    }
}
