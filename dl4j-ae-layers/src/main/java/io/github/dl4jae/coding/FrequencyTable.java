package io.github.dl4jae.coding;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;

/**
 * A distribution over symbols 0 … n − 1 in integers whose sum is a power of two.
 *
 * <pre>
 * cᵢ = i + ⌊(2ᵖ − n)·Σ_{j&lt;i} πⱼ + ½⌋        fᵢ = cᵢ₊₁ − cᵢ ≥ 1
 * </pre>
 *
 * <p>Every symbol has a count of at least 1, and can therefore be coded. The cost is below log₂(2ᵖ / (2ᵖ − n)) bits per
 * symbol for the symbols' minimum, plus the rounding. Immutable. For counts that change with the data see {@link
 * AdaptiveCounts}.
 */
public final class FrequencyTable {

    private static final String SUBJECT = "FrequencyTable";

    private final int[] cumulative;
    private final int precision;

    private FrequencyTable(int[] cumulative, int precision) {
        this.cumulative = cumulative;
        this.precision = precision;
    }

    /**
     * Returns the table of a distribution.
     *
     * @param probabilities non-negative weights, at least one of which is positive; they need not sum to 1
     * @param precision log₂ of the sum of counts; there are at most 2^precision symbols
     * @return the table
     */
    public static FrequencyTable of(double[] probabilities, int precision) {
        Require.given(SUBJECT, "probabilities", probabilities, "pass one per symbol");
        int n = probabilities.length;
        checkSizes(n, precision);
        double sum = 0;
        for (double probability : probabilities) {
            sum += Require.nonNegative(SUBJECT, "probability", probability, "use 0 for an impossible symbol");
        }
        Require.positive(SUBJECT, "sum of probabilities", sum, "make one of them positive");
        int[] cumulative = new int[n + 1];
        double free = (1 << precision) - n;
        double below = 0;
        for (int i = 1; i < n; i++) {
            below += probabilities[i - 1];
            cumulative[i] = i + (int) Math.min(free, Math.floor(free * (below / sum) + 0.5));
        }
        cumulative[n] = 1 << precision;
        return new FrequencyTable(cumulative, precision);
    }

    /**
     * Returns the table of exact counts, as {@link #counts()} returned them.
     *
     * @param counts one per symbol, at least 1 each; their sum is 2^precision
     * @param precision log₂ of the sum
     * @return the table
     */
    public static FrequencyTable ofCounts(int[] counts, int precision) {
        Require.given(SUBJECT, "counts", counts, "pass one per symbol");
        checkSizes(counts.length, precision);
        int[] cumulative = new int[counts.length + 1];
        long sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += Require.atLeast(1, SUBJECT, "count", counts[i], "give every symbol at least one");
            cumulative[i + 1] = (int) sum;
        }
        Require.that(
                sum == 1L << precision, SUBJECT, "the sum of counts must be 2^" + precision, sum, "scale the counts");
        return new FrequencyTable(cumulative, precision);
    }

    private static void checkSizes(int symbols, int precision) {
        Require.that(
                precision >= 1 && precision <= AnsStack.MAX_PRECISION,
                SUBJECT,
                "precision must be from 1 to " + AnsStack.MAX_PRECISION,
                precision,
                "use 16");
        Require.that(
                symbols >= 1 && symbols <= 1 << precision,
                SUBJECT,
                "the number of symbols must be from 1 to 2^" + precision,
                symbols,
                "use a higher precision");
    }

    /**
     * Returns the number of symbols.
     *
     * @return at least 1
     */
    public int size() {
        return cumulative.length - 1;
    }

    /**
     * Returns the precision.
     *
     * @return log₂ of the sum of counts
     */
    public int precision() {
        return precision;
    }

    /**
     * Returns the counts, from which {@link #ofCounts} makes the same table.
     *
     * @return a copy
     */
    public int[] counts() {
        int[] counts = new int[size()];
        Arrays.setAll(counts, i -> cumulative[i + 1] - cumulative[i]);
        return counts;
    }

    /**
     * Returns the length of a symbol's code.
     *
     * @param symbol a symbol
     * @return bits: precision − log₂ count
     */
    public double bits(int symbol) {
        checkSymbol(symbol);
        return precision - StrictMath.log(cumulative[symbol + 1] - cumulative[symbol]) / StrictMath.log(2);
    }

    /**
     * Pushes a symbol.
     *
     * @param stack the stack
     * @param symbol a symbol from 0 to size − 1
     */
    public void push(AnsStack stack, int symbol) {
        checkSymbol(symbol);
        stack.push(cumulative[symbol], cumulative[symbol + 1] - cumulative[symbol], precision);
    }

    /**
     * Pops a symbol.
     *
     * @param stack the stack
     * @return a symbol from 0 to size − 1
     */
    public int pop(AnsStack stack) {
        int at = Arrays.binarySearch(cumulative, stack.peek(precision));
        int symbol = at >= 0 ? at : -at - 2;
        stack.pop(cumulative[symbol], cumulative[symbol + 1] - cumulative[symbol], precision);
        return symbol;
    }

    private void checkSymbol(int symbol) {
        Require.that(
                symbol >= 0 && symbol < size(),
                SUBJECT,
                "a symbol must be from 0 to " + (size() - 1),
                symbol,
                "use a table with more symbols");
    }
}
