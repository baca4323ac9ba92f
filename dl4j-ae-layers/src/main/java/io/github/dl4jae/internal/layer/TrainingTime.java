package io.github.dl4jae.internal.layer;

/**
 * A point in training, as schedules count it. The configuration of a layer with a schedule stores the last one.
 *
 * @param iteration the number of parameter updates
 * @param epoch the number of passes over the data
 */
public record TrainingTime(int iteration, int epoch) {

    /** Before the first update. */
    public static final TrainingTime START = new TrainingTime(0, 0);

    TrainingTime plus(TrainingTime other) {
        return new TrainingTime(iteration + other.iteration, epoch + other.epoch);
    }

    boolean isBehind(TrainingTime other) {
        return iteration < other.iteration || epoch < other.epoch;
    }
}
