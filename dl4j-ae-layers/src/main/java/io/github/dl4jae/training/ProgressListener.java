package io.github.dl4jae.training;

import java.nio.file.Path;
import java.util.List;

/**
 * A listener that receives the progress of a {@link Trainer}, for progress bars, logs and files of its own.
 *
 * <p>Methods are called on the thread of {@link Trainer#fit}. A listener can end the training with {@link
 * Trainer#stop}. An exception of a listener ends the training and passes through {@code fit}.
 */
public interface ProgressListener {

    /**
     * Receives the position at which training begins, or at which it continues after a checkpoint was read.
     *
     * @param epochs the number of completed epochs; 0 for a new training
     * @param steps the number of completed steps; 0 for a new training
     * @param curve the learning curve so far; empty for a new training
     */
    default void trainingBegun(int epochs, long steps, List<CurvePoint> curve) {}

    /**
     * Receives the begin of an epoch, or of the rest of an epoch that was interrupted.
     *
     * @param epoch the epoch, from 0
     */
    default void epochBegun(int epoch) {}

    /**
     * Receives the score of a mini-batch after its update.
     *
     * @param epoch the epoch, from 0
     * @param step the number of completed steps of the training
     * @param score the score of the mini-batch, before the update
     */
    default void stepDone(int epoch, long step, double score) {}

    /**
     * Receives the scores of an epoch, or of the steps since the last point of the curve.
     *
     * @param point the new point of the curve
     */
    default void evaluated(CurvePoint point) {}

    /**
     * Receives the name of a checkpoint that is complete.
     *
     * @param file the file
     * @param epochs the number of completed epochs
     * @param steps the number of completed steps
     */
    default void checkpointWritten(Path file, int epochs, long steps) {}

    /**
     * Receives the result, before the best parameters are restored.
     *
     * @param result the result
     */
    default void trainingEnded(TrainingResult result) {}
}
