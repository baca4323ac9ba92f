package io.github.dl4jae.internal.layer;

import org.jspecify.annotations.Nullable;

/**
 * The time that a layer's schedules have reached.
 *
 * <p>Deeplearning4j counts iterations and epochs per network, and drops the counts when it freezes layers ({@code
 * TransferLearning}), clones a {@code ComputationGraph} or converts a network. A layer whose output at inference
 * follows a schedule therefore stores the time in its configuration, which is kept. When a network is created from
 * such a configuration:
 *
 * <pre>
 * counts of the network ≥ time remembered   the counts are intact: they are the time
 * counts of the network &lt; time remembered   they were dropped: time = remembered + counts once the layer trains,
 *                                           remembered until then
 * </pre>
 *
 * A frozen layer never trains, so its time is constant. Counts that are set back while a network is in use start the
 * schedule again.
 */
public final class ScheduleClock {

    /** Added to the network's counts; null before the first pass. */
    private @Nullable TrainingTime offset;

    private TrainingTime counts = TrainingTime.START;
    private boolean trains;

    /** A clock for a layer that has not run yet. */
    public ScheduleClock() {}

    /**
     * Returns the time of a forward pass.
     *
     * @param remembered by the layer's configuration
     * @param iteration the network's count
     * @param epoch the network's count
     * @param training whether the pass is one of training
     * @return the time at which to evaluate schedules
     */
    public TrainingTime at(TrainingTime remembered, int iteration, int epoch, boolean training) {
        TrainingTime now = new TrainingTime(iteration, epoch);
        if (offset == null) {
            offset = now.isBehind(remembered) ? remembered : TrainingTime.START;
        } else if (now.isBehind(counts)) {
            offset = TrainingTime.START;
        }
        counts = now;
        trains |= training;
        boolean dropped = !offset.equals(TrainingTime.START);
        return dropped && !trains ? offset : offset.plus(now);
    }

    /**
     * Returns whether this layer has trained since the network was made: only then its configuration has something new
     * to remember.
     *
     * @return false for a frozen layer
     */
    public boolean hasTrained() {
        return trains;
    }
}
