package io.github.dl4jae.sequence;

/**
 * Which tokens can follow a beginning of a text. All others are never written, so a model cannot break a grammar that
 * it has not learned perfectly.
 *
 * <pre>{@code
 * TokenRules digitsOnly = () -> new TokenRules.Beginning() {
 *     public boolean allows(int token) { return token == Vocabulary.END || digits.contains(token); }
 *     public TokenRules.Beginning then(int token) { return this; }
 * };
 * }</pre>
 */
@FunctionalInterface
public interface TokenRules {

    /**
     * Returns the empty beginning.
     *
     * @return a text without tokens
     */
    Beginning begin();

    /** A beginning of a text. Immutable, because several continuations can start at it. */
    interface Beginning {

        /**
         * Returns whether a token can follow.
         *
         * @param token its number in the vocabulary; {@link Vocabulary#END} asks whether the text may end
         * @return true if it may
         */
        boolean allows(int token);

        /**
         * Returns a longer beginning.
         *
         * @param token an allowed token other than the end
         * @return this beginning with the token after it
         */
        Beginning then(int token);
    }

    /**
     * Returns rules that allow everything.
     *
     * @return rules without effect
     */
    static TokenRules none() {
        return () -> new Beginning() {
            @Override
            public boolean allows(int token) {
                return true;
            }

            @Override
            public Beginning then(int token) {
                return this;
            }
        };
    }
}
