package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.layer.Require;

/**
 * A value of a score above which an example is an anomaly.
 *
 * @param score the name of the score, such as "squared error per row"
 * @param value the threshold, in the unit of the score
 */
public record Threshold(String score, double value) {

    /**
     * Checks the parts.
     *
     * @param score the name of the score
     * @param value the threshold
     * @throws IllegalArgumentException if the name is empty or the value is not finite
     */
    public Threshold {
        Require.given("Threshold", "score", score, "name the score that it applies to");
        Require.that(!score.isBlank(), "Threshold", "score must not be empty", "'" + score + "'", "name the score");
        Require.finite("Threshold", "value", value, "");
    }
}
