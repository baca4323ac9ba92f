package io.github.dl4jae.coding;

import io.github.dl4jae.internal.layer.Require;
import org.deeplearning4j.exception.DL4JInvalidInputException;

/**
 * A code of sequences of symbols. Symbols are pushed from the last to the first, and popped in their order; an adaptive
 * code counts them in their order in both directions.
 *
 * <p>Immutable: every call starts from the same distribution.
 */
public abstract sealed class SymbolCode permits TableCode, AdaptiveCode {

    private static final String SUBJECT = "SymbolCode";

    SymbolCode() {}

    /**
     * Returns a code with a fixed distribution.
     *
     * @param table the distribution
     * @return the code
     */
    public static SymbolCode of(FrequencyTable table) {
        return new TableCode(Require.given(SUBJECT, "table", table, "pass a FrequencyTable"));
    }

    /**
     * Returns a code whose distribution follows the symbols.
     *
     * @param symbols number of symbols, 1 to 65,536
     * @return the code
     */
    public static SymbolCode adaptive(int symbols) {
        AdaptiveCounts.of(symbols);
        return new AdaptiveCode(symbols);
    }

    /**
     * Pushes a sequence.
     *
     * @param stack the stack
     * @param symbols the symbols
     */
    public abstract void push(AnsStack stack, int[] symbols);

    /**
     * Pops a sequence.
     *
     * @param stack the stack
     * @param count number of symbols
     * @return the symbols
     * @throws DL4JInvalidInputException if the stack has too few bits
     */
    public abstract int[] pop(AnsStack stack, int count);

    /** Refuses a missing argument by name. */
    static void checkPush(AnsStack stack, int[] symbols) {
        Require.given(SUBJECT, "stack", stack, "pass AnsStack.empty()");
        Require.given(SUBJECT, "symbols", symbols, "pass an empty array for none");
    }

    /** Refuses a missing stack or a negative count. */
    static void checkPop(AnsStack stack, int count) {
        Require.given(SUBJECT, "stack", stack, "pass the stack of the stream");
        Require.atLeast(0, SUBJECT, "count", count, "use the number of symbols pushed");
    }
}
