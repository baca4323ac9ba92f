package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.TrainingTime;
import io.github.dl4jae.schedule.ScheduleValues;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * The encoder of a {@link DictionaryLayer}: how pre-activations become sparse codes, and what is charged for them.
 *
 * <pre>
 * z = (x − b_dec)·W_enc + b_enc        f = encoder(z)
 * </pre>
 *
 * <p>Every encoder has one number that sets its sparsity: k, the number of active units, or λ, the weight of a penalty.
 * It can follow a schedule, for a warm-up. The layer evaluates it at the iteration and epoch of training.
 *
 * <p>Encoders are immutable values with {@code equals} and {@code hashCode}, and a part of the layer's JSON.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "@class")
public abstract sealed class DictionaryEncoder implements Serializable permits CountEncoder, PenaltyEncoder {

    /** The bias of pre-activations, {@code [1, d_sae]}. */
    static final String BIAS = "benc";

    private final ISchedule sparsity;

    DictionaryEncoder(@Nullable ISchedule sparsity, String option) {
        this.sparsity = Require.given(name(), option, sparsity, "give a number or a schedule");
    }

    final String name() {
        return getClass().getSimpleName();
    }

    /**
     * Returns the schedule of the number that sets the sparsity.
     *
     * @return of k or λ; a fixed schedule for a constant
     */
    final ISchedule sparsity() {
        return sparsity;
    }

    /** Returns the names of parameters with one value per unit. */
    List<String> unitParameters() {
        return List.of(BIAS);
    }

    /** Returns the names of parameters with a single value, which training sets but the updater does not change. */
    List<String> stateParameters() {
        return List.of();
    }

    /** Returns whether the layer has the matrix W_enc. */
    boolean hasEncoderWeights() {
        return true;
    }

    /** Returns the bias that is added to pre-activations before {@link CodeRule#select}. */
    String bias() {
        return BIAS;
    }

    /** Returns the first value of a parameter. */
    double initial(String parameter) {
        return 0;
    }

    /** Returns whether decoder rows have length 1 where the layer does not say. */
    boolean prefersUnitNorm() {
        return true;
    }

    /** Returns whether the loss in training depends on which units are dead. */
    boolean chargesDeadUnits() {
        return false;
    }

    /** Returns the rule of a pass. */
    abstract CodeRule rule(PassContext context);

    final double sparsityAt(TrainingTime time) {
        return sparsity.valueAt(time.iteration(), time.epoch());
    }

    /**
     * Checks the sparsity at the start, and all values that can be enumerated.
     *
     * @param subject the layer, for the message
     * @param units of the dictionary
     */
    final void requireFits(String subject, TrainingTime start, long units) {
        requireFits(subject, sparsityAt(start), "at the start", units);
        ScheduleValues.of(sparsity).forEach((when, value) -> requireFits(subject, value, when, units));
    }

    /** Checks the sparsity at a time, for schedules that cannot be enumerated. */
    abstract void requireFits(String subject, double value, String when, long units);

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DictionaryEncoder that
                && getClass() == that.getClass()
                && sparsity.equals(that.sparsity);
    }

    @Override
    public int hashCode() {
        return 31 * getClass().hashCode() + sparsity.hashCode();
    }

    @Override
    public String toString() {
        return name() + "[" + (sparsity instanceof FixedSchedule fixed ? fixed.getValue() : sparsity) + "]";
    }
}
