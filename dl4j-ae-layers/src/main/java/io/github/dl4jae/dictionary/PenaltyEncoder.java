package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** An encoder whose sparsity is set by the weight of a penalty. */
abstract sealed class PenaltyEncoder extends DictionaryEncoder permits L1Encoder, GatedEncoder, JumpReLUEncoder {

    PenaltyEncoder(@Nullable ISchedule lambda) {
        super(lambda, "lambda");
    }

    /** Returns the schedule of a constant λ. */
    static ISchedule weight(String encoder, double lambda) {
        return new FixedSchedule(Require.nonNegative(encoder, "lambda", lambda, "0 switches the penalty off"));
    }

    /**
     * Returns the weight of the penalty, for {@link JumpReLUEncoder} that of its objective.
     *
     * @return λ by iteration or epoch
     */
    @JsonProperty("lambda")
    public final ISchedule getLambda() {
        return sparsity();
    }

    @Override
    final void requireFits(String subject, double value, String when, long units) {
        Require.that(
                value >= 0 && value < Double.POSITIVE_INFINITY,
                subject,
                "lambda of its " + name() + " must be a number of at least 0",
                value + " " + when,
                "change the schedule");
    }
}
