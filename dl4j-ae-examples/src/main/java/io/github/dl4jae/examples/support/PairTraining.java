package io.github.dl4jae.examples.support;

import io.github.dl4jae.sequence.SequenceToSequence;
import io.github.dl4jae.sequence.SequenceTraining;
import io.github.dl4jae.training.CheckpointMismatchException;
import io.github.dl4jae.training.CurvePoint;
import io.github.dl4jae.training.ExitGuard;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Trains a translation of texts with a progress bar, a validation score after each epoch, and a checkpoint. */
public final class PairTraining {

    private static final ExitGuard EXIT_GUARD = new ExitGuard();

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
        String name = train.size() + " pairs of " + train.name();
        TrainingFiles files = new TrainingFiles(directory, name, model.network());
        System.out.printf(
                Locale.ROOT,
                "Training on %s, %d parameters, %d epochs%n",
                name,
                model.network().numParams(),
                epochs);
        SequenceTraining training = options.batch(batch).build();
        long steps = (train.size() + batch - 1L) / batch;
        try (MinibatchBar bar = new MinibatchBar("train", steps * epochs)) {
            Trainer trainer = new Trainer.Builder(
                            model.network(), model.data(train.sources(), train.targets(), training))
                    .epochs(epochs)
                    .validation(model.validationData(validation.sources(), validation.targets()))
                    .checkpoint(files.checkpoint())
                    .dataName(name)
                    .listener(bar, files, new Continuation())
                    .build();
            TrainingResult[] result = new TrainingResult[1];
            model.network().setListeners(List.of(EXIT_GUARD));
            EXIT_GUARD.run(() -> result[0] = trainer.fit());
            model.network().setListeners(List.of());
            return new LearningCurve(result[0].curve());
        } catch (CheckpointMismatchException e) {
            throw new IllegalArgumentException(
                    "--resume: the checkpoint must be of the same example, data, seed and options, got another in "
                            + files.checkpoint() + " (" + e.getMessage()
                            + "); use the options of the first run, or another --out",
                    e);
        }
    }

    /** Prints where training continues. */
    private static final class Continuation implements ProgressListener {

        @Override
        public void trainingBegun(int epochs, long steps, List<CurvePoint> curve) {
            if (steps > 0) {
                System.out.printf("Continuing after epoch %d%n", epochs);
            }
        }
    }
}
