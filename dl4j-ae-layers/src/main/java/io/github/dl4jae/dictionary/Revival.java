package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import java.io.Serializable;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/** How units that do not fire any more come to life again. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "@class")
public sealed interface Revival extends Serializable permits AuxiliaryLoss, Resampling {

    /**
     * Returns when a unit is dead.
     *
     * @return the number of training examples without firing; for small data sets one or two epochs
     */
    long deadAfter();

    /**
     * Checks the number of examples from which a unit is dead.
     *
     * @param subject for the message
     * @param examples at least 1
     * @throws IllegalArgumentException if it is below 1, or above 16 million, which float32 counters cannot reach
     */
    static void requireDeadAfter(String subject, long examples) {
        Require.that(
                examples >= 1 && examples <= 1 << 24,
                subject,
                "deadAfter must be in [1, 16777216]",
                examples,
                "one or two epochs are usual");
    }
}
