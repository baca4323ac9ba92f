package io.github.dl4jae.examples.support;

import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.updater.FastAdam;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Adam with a learning rate that falls over a training. */
public final class FallingRate {

    private FallingRate() {}

    /**
     * Creates an updater whose rate decays to 1 % of its first value.
     *
     * @param rate learning rate of the first epoch
     * @param epochs duration of the decay
     * @return a new updater
     */
    public static FastAdam adam(double rate, int epochs) {
        FastAdam adam = new FastAdam(rate);
        adam.setLrAndSchedule(rate, new ExponentialSchedule(ScheduleType.EPOCH, rate, Math.pow(0.01, 1.0 / epochs)));
        return adam;
    }

    /**
     * Creates an updater whose rate falls linearly to 0.
     *
     * @param rate learning rate of the first step
     * @param steps duration of the training
     * @return a new updater
     */
    public static FastAdam linear(double rate, long steps) {
        // the stock PolySchedule rises
        return new FastAdam(new LinearSchedule(ScheduleType.ITERATION, rate, 0, (int) steps));
    }
}
