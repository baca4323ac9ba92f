package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.layer.Require;
import java.util.List;
import java.util.stream.IntStream;

/** The share of outputs that equal their reference. */
public final class ExactMatch {

    private ExactMatch() {}

    /**
     * Computes the share.
     *
     * @param outputs of a model
     * @param references the right ones, in the same order
     * @return in [0, 1]
     * @throws IllegalArgumentException if there are none, or their numbers differ
     */
    public static double of(List<String> outputs, List<String> references) {
        requirePairs("ExactMatch", outputs, references);
        long equal = IntStream.range(0, outputs.size())
                .filter(i -> outputs.get(i).equals(references.get(i)))
                .count();
        return (double) equal / outputs.size();
    }

    static void requirePairs(String subject, List<String> outputs, List<String> references) {
        Require.given(subject, "outputs", outputs, "");
        Require.given(subject, "references", references, "");
        Require.that(
                !outputs.isEmpty() && outputs.size() == references.size(),
                subject,
                "there must be a reference for each output",
                outputs.size() + " outputs and " + references.size() + " references",
                "");
    }
}
