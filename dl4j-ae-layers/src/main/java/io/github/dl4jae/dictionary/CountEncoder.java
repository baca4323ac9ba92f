package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** An encoder whose sparsity is a number of units. */
abstract sealed class CountEncoder extends DictionaryEncoder
        permits TopKEncoder, BatchTopKEncoder, AbsTopKEncoder, MatchingPursuitEncoder {

    CountEncoder(@Nullable ISchedule k) {
        super(k, "k");
    }

    /** Returns the schedule of a constant k. */
    static ISchedule count(String encoder, int k) {
        return new FixedSchedule(Require.atLeast(1, encoder, "k", k, "it is the number of active units"));
    }

    /**
     * Returns the number of active units per example. {@link BatchTopKEncoder}: their mean. {@link
     * MatchingPursuitEncoder}: the number of steps.
     *
     * @return k by iteration or epoch
     */
    @JsonProperty("k")
    public final ISchedule getK() {
        return sparsity();
    }

    @Override
    final void requireFits(String subject, double value, String when, long units) {
        Require.that(
                Math.round(value) >= 1 && Math.round(value) <= units,
                subject,
                "k of its " + name() + " must be in [1, " + units + "], the number of units",
                value + " " + when,
                "change k or the number of units");
    }
}
