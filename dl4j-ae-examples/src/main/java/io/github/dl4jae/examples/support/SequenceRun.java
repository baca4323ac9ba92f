package io.github.dl4jae.examples.support;

import io.github.dl4jae.training.CheckpointMismatchException;
import io.github.dl4jae.training.CurvePoint;
import io.github.dl4jae.training.ExitGuard;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingData;
import io.github.dl4jae.training.TrainingResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A training with a progress bar, a validation score after each epoch, and a checkpoint.
 *
 * @param name of the data
 * @param epochs the number of epochs
 * @param steps mini-batches of all epochs
 * @param directory of the checkpoint and {@code curve.csv}
 */
public record SequenceRun(String name, int epochs, long steps, Path directory) {

    private static final ExitGuard EXIT_GUARD = new ExitGuard();

    /**
     * Trains a network, or continues if the run resumes another.
     *
     * @param network is changed
     * @param data to learn from
     * @param validation held-out data; the parameters of the epoch with their best score are kept
     * @return scores per epoch
     * @throws IllegalArgumentException if the checkpoint belongs to another run
     */
    public LearningCurve train(ComputationGraph network, TrainingData data, TrainingData validation) {
        TrainingFiles files = new TrainingFiles(directory, name, network);
        System.out.printf(Locale.ROOT, "Training on %s, %d parameters, %d epochs%n", name, network.numParams(), epochs);
        try (MinibatchBar bar = new MinibatchBar("train", steps)) {
            Trainer trainer = new Trainer.Builder(network, data)
                    .epochs(epochs)
                    .validation(validation)
                    .checkpoint(files.checkpoint())
                    .dataName(name)
                    .listener(bar, files, new Continuation())
                    .build();
            TrainingResult[] result = new TrainingResult[1];
            network.setListeners(List.of(EXIT_GUARD));
            EXIT_GUARD.run(() -> result[0] = trainer.fit());
            network.setListeners(List.of());
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
