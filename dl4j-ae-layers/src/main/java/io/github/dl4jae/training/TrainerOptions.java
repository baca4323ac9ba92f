package io.github.dl4jae.training;

import io.github.dl4jae.internal.layer.TrainingTime;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of a training.
 *
 * @param network the network
 * @param data the mini-batches
 * @param epochs the largest number of epochs
 * @param steps the largest number of steps
 * @param validation null for none
 * @param evaluateEvery steps between two points of the curve; 0 for a point per epoch
 * @param patience points without improvement before training stops
 * @param margin the improvement that counts
 * @param restoreBest whether the network has the best parameters in the end
 * @param plateau null for constant learning rates
 * @param checkpoint null for none
 * @param checkpointEvery steps between two checkpoints
 * @param dataName a description of the data; may be empty
 * @param seed the seed of random numbers
 * @param scheduleEnd the end of all schedules; null to find it
 * @param finite whether NaN and infinity stop training
 * @param sameData whether a resumed run must have the data of the first
 * @param listeners receive the progress
 */
record TrainerOptions(
        NetworkAdapter network,
        TrainingData data,
        int epochs,
        long steps,
        @Nullable Validation validation,
        int evaluateEvery,
        int patience,
        double margin,
        boolean restoreBest,
        @Nullable Plateau plateau,
        @Nullable Path checkpoint,
        int checkpointEvery,
        String dataName,
        long seed,
        @Nullable TrainingTime scheduleEnd,
        boolean finite,
        boolean sameData,
        List<ProgressListener> listeners) {

    /** Returns the options that a run and its continuation must share, by name. */
    Map<String, String> decisive() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("data", dataName);
        values.put("seed", Long.toString(seed));
        values.put("validation", validation == null ? "none" : validation.name());
        values.put("evaluateEvery", evaluateEvery == 0 ? "epoch" : evaluateEvery + " steps");
        values.put("patience", patience == Integer.MAX_VALUE ? "none" : Integer.toString(patience));
        values.put("minimumImprovement", Double.toString(margin));
        values.put("restoreBest", Boolean.toString(restoreBest));
        values.put("reduceLearningRate", plateau == null ? "none" : plateau.factor() + " after " + plateau.patience());
        values.put("minimumLearningRate", plateau == null ? "none" : Double.toString(plateau.minimum()));
        values.put(
                "scheduleEnd",
                scheduleEnd == null
                        ? "found"
                        : scheduleEnd.iteration() + " iterations, " + scheduleEnd.epoch() + " epochs");
        return values;
    }
}
