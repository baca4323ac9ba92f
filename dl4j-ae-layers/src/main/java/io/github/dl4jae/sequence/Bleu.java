package io.github.dl4jae.sequence;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The corpus BLEU score of translations: how many of their runs of one to four words stand in the reference.
 *
 * <pre>
 * BLEU = BP · exp(¼ · Σ_{n=1..4} ln p_n)
 * p_n  = Σ_sentences Σ_n-grams min(count in output, count in reference) / Σ_sentences Σ_n-grams count in output
 * BP   = 1 if c &gt; r, else e^{1 − r/c}          c, r: words of all outputs and of all references
 * </pre>
 *
 * <p>Words are separated by white space, with one reference for each output. If some p_n is 0, so is the score: there
 * is no smoothing. Compare scores only if words were separated in the same way.
 *
 * @see <a href="https://aclanthology.org/P02-1040">Papineni et al. 2002, BLEU: a method for automatic evaluation of
 *     machine translation</a>
 */
public final class Bleu {

    private static final int LONGEST = 4;

    private Bleu() {}

    /**
     * Computes the score.
     *
     * @param outputs of a model
     * @param references the right ones, in the same order
     * @return in [0, 1]
     * @throws IllegalArgumentException if there are none, or their numbers differ
     */
    public static double of(List<String> outputs, List<String> references) {
        ExactMatch.requirePairs("Bleu", outputs, references);
        long[] matches = new long[LONGEST];
        long[] counts = new long[LONGEST];
        long length = 0;
        long referenceLength = 0;
        for (int i = 0; i < outputs.size(); i++) {
            List<String> output = words(outputs.get(i));
            List<String> reference = words(references.get(i));
            length += output.size();
            referenceLength += reference.size();
            for (int n = 1; n <= LONGEST; n++) {
                Map<List<String>, Integer> expected = runs(reference, n);
                for (Map.Entry<List<String>, Integer> run : runs(output, n).entrySet()) {
                    counts[n - 1] += run.getValue();
                    matches[n - 1] += Math.min(run.getValue(), expected.getOrDefault(run.getKey(), 0));
                }
            }
        }
        double logarithm = 0;
        for (int n = 0; n < LONGEST; n++) {
            if (matches[n] == 0) {
                return 0;
            }
            logarithm += Math.log((double) matches[n] / counts[n]) / LONGEST;
        }
        double brevity = length > referenceLength ? 0 : 1 - (double) referenceLength / length;
        return Math.exp(brevity + logarithm);
    }

    private static List<String> words(String text) {
        String stripped = text.strip();
        return stripped.isEmpty() ? List.of() : Arrays.asList(stripped.split("\\s+"));
    }

    private static Map<List<String>, Integer> runs(List<String> words, int n) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int from = 0; from + n <= words.size(); from++) {
            counts.merge(List.copyOf(words.subList(from, from + n)), 1, Integer::sum);
        }
        return counts;
    }
}
