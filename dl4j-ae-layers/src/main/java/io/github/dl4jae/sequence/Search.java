package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.layer.Require;

/**
 * The search for a likely output.
 *
 * <pre>
 * score(y) = ln p(y|x) / lp(y)          lp(y) = ((5 + |y|) / 6)^α
 * </pre>
 *
 * <p>A beam of width k keeps the k most likely beginnings at each step, and returns the finished output with the best
 * score. |y| counts the end. Width 1 is greedy search.
 *
 * @param width k, at least 1
 * @param lengthNormalization α, at least 0; 0 prefers short outputs
 * @see <a href="https://arxiv.org/abs/1609.08144">Wu et al. 2016, Google's neural machine translation system</a>
 */
public record Search(int width, double lengthNormalization) {

    /**
     * Creates a search.
     *
     * @param width k, at least 1
     * @param lengthNormalization α, at least 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public Search {
        Require.atLeast(1, "Search", "width", width, "1 is greedy");
        Require.nonNegative("Search", "lengthNormalization", lengthNormalization, "0.6 is usual");
    }

    /**
     * Returns the search that takes the most likely token at each step.
     *
     * @return a beam of width 1
     */
    public static Search greedy() {
        return new Search(1, 0);
    }

    /**
     * Returns a beam search with the length normalization of 0.6.
     *
     * @param width k, at least 1
     * @return the search
     * @throws IllegalArgumentException if the width is below 1
     */
    public static Search beam(int width) {
        return new Search(width, 0.6);
    }

    double score(double logProbability, int tokens) {
        return logProbability / Math.pow((5.0 + tokens) / 6, lengthNormalization);
    }
}
