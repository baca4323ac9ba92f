package io.github.dl4jae.dictionary;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A learning rate that is constant, and falls to 0 in the last steps of a training.
 *
 * <pre>
 * η(t) = η₀ · min((steps − t) / decay, 1)
 * </pre>
 *
 * @param rate η₀
 * @param steps of the training
 * @param decay the number of steps in which it falls
 */
record FinalDecay(
        @JsonProperty("rate") double rate,
        @JsonProperty("steps") long steps,
        @JsonProperty("decay") long decay) implements ISchedule {

    @Override
    public double valueAt(int iteration, int epoch) {
        return rate * Math.min((double) Math.max(steps - iteration, 0) / decay, 1);
    }

    @Override
    @SuppressWarnings({"MissingSuperCall", "NoClone"}) // immutable
    public ISchedule clone() {
        return this;
    }
}
