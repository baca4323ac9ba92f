package io.github.dl4jae.internal.layer;

import org.nd4j.linalg.schedule.ISchedule;

/** An implementation of a layer whose output or score at inference follows a schedule. */
public interface ScheduledLayer {

    /**
     * Returns the schedule.
     *
     * @return the schedule of the option that changes
     */
    ISchedule schedule();

    /**
     * Returns the clock that gives the time at which the layer evaluates its schedule.
     *
     * @return the clock
     */
    ScheduleClock clock();

    /**
     * Returns the time that the layer's configuration stores.
     *
     * @return the time that training has reached
     */
    TrainingTime reached();

    /**
     * Stores a time in the layer's configuration.
     *
     * @param time the time that training has reached
     */
    void reach(TrainingTime time);
}
