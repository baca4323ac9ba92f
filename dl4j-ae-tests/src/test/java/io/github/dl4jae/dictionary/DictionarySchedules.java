package io.github.dl4jae.dictionary;

import org.nd4j.linalg.schedule.ISchedule;

/** Schedules of the package for tests in other packages. */
public final class DictionarySchedules {

    private DictionarySchedules() {}

    /**
     * Returns the learning rate of attached dictionaries.
     *
     * @return 0.01 over 100 steps, the last 20 of which decay
     */
    public static ISchedule finalDecay() {
        return new FinalDecay(0.01, 100, 20);
    }
}
