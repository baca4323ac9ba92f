package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.layer.Require;

/**
 * How a {@link TextAutoencoder} writes texts.
 *
 * <pre>
 * p_T(token) ∝ p(token)^{1/T} over the tokens that the rules allow        T = 0: the most likely one
 * </pre>
 *
 * @param temperature T, at least 0; 1 samples from the model, less is more careful
 * @param longest the largest number of tokens, or 0 for the length of the longest training text
 * @param rules which tokens may follow
 * @param seed of the samples
 */
public record TextDecoding(double temperature, int longest, TokenRules rules, long seed) {

    private static final String SUBJECT = "TextDecoding";

    /**
     * Checks the options.
     *
     * @param temperature T, at least 0
     * @param longest the largest number of tokens, or 0
     * @param rules which tokens may follow
     * @param seed of the samples
     * @throws IllegalArgumentException if a number is out of range, or the rules are null
     */
    public TextDecoding {
        Require.nonNegative(SUBJECT, "temperature", temperature, "1 samples from the model");
        Require.atLeast(0, SUBJECT, "longest", longest, "");
        Require.given(SUBJECT, "rules", rules, "TokenRules.none() allows everything");
    }

    /**
     * Returns the decoding that takes the most likely token.
     *
     * @return without rules
     */
    public static TextDecoding greedy() {
        return new TextDecoding(0, 0, TokenRules.none(), 0);
    }

    /**
     * Returns the decoding that draws tokens.
     *
     * @param temperature T, above 0
     * @param seed of the samples
     * @return without rules
     * @throws IllegalArgumentException if the temperature is not above 0
     */
    public static TextDecoding sampling(double temperature, long seed) {
        Require.positive(SUBJECT, "temperature", temperature, "1 samples from the model");
        return new TextDecoding(temperature, 0, TokenRules.none(), seed);
    }

    /**
     * Returns this decoding with rules.
     *
     * @param others which tokens may follow
     * @return a copy
     */
    public TextDecoding withRules(TokenRules others) {
        return new TextDecoding(temperature, longest, others, seed);
    }

    /**
     * Returns this decoding with another limit.
     *
     * @param tokens the largest number of tokens, or 0 for the length of the longest training text
     * @return a copy
     */
    public TextDecoding withLongest(int tokens) {
        return new TextDecoding(temperature, tokens, rules, seed);
    }
}
