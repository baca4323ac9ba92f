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
    /** The time of all passes while it is set. */
    private @Nullable TrainingTime held;

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
        if (held != null) {
            return held;
        }
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
     * Holds the clock: all passes take place at one time, until {@link #release}.
     *
     * @param time of the passes
     */
    public void hold(TrainingTime time) {
        held = time;
    }

    /** Lets the clock follow the counts of the network again, as if it had never been held. */
    public void release() {
        held = null;
    }

    /**
     * Returns what the clock adds to the network's counts.
     *
     * @return the offset; null before the first pass
     */
    public @Nullable TrainingTime offset() {
        return offset;
    }

    /**
     * Starts the clock anew.
     *
     * @param offset is added to the network's counts; null for the clock of a new layer, whose first pass compares the
     *     counts with the time remembered
     * @param trains whether the layer has trained
     */
    public void restart(@Nullable TrainingTime offset, boolean trains) {
        this.offset = offset;
        this.counts = TrainingTime.START;
        this.trains = trains;
    }

    /**
     * Returns the time that belongs to counts of the network.
     *
     * @param networkCounts iterations and epochs, as the network counts them
     * @return the time
     */
    public TrainingTime timeOf(TrainingTime networkCounts) {
        return offset == null ? networkCounts : offset.plus(networkCounts);
    }

    /**
     * Returns whether this layer has trained since the network was made: only then its configuration has something new
     * to remember. False while the clock is held.
     *
     * @return false for a frozen layer
     */
    public boolean hasTrained() {
        return trains && held == null;
    }
}
