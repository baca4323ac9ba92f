package io.github.dl4jae.coding;

import io.github.dl4jae.internal.layer.Require;

/**
 * Counts of symbols 0 … n − 1 that follow the data: every symbol seen adds to its own count, in encoder and decoder
 * alike, so that no table is sent.
 *
 * <pre>
 * n₀ = 1 per symbol,   nₛ ← nₛ + 32 after symbol s,   all n ← ⌈n / 2⌉ when Σ n exceeds 2ᵖ
 * start = ⌊Cₛ·2ᵖ / Σ n⌋,   frequency = ⌊Cₛ₊₁·2ᵖ / Σ n⌋ − start
 * </pre>
 *
 * with the cumulative counts C in a binary indexed tree: O(log n) per symbol. The counts never exceed 2ᵖ in sum, hence
 * every frequency is at least 1. {@link SymbolCode#adaptive} codes a whole sequence with it. Mutable, and not for
 * concurrent use.
 */
public final class AdaptiveCounts {

    /** The precision of the frequencies in bits, which also bounds the sum of counts. */
    public static final int PRECISION = 20;

    private static final String SUBJECT = "AdaptiveCounts";
    private static final int MOST_SYMBOLS = 1 << 16;
    private static final int INCREMENT = 32;

    private final int[] counts;
    private final int[] tree;
    private final int top;
    private int sum;

    private AdaptiveCounts(int symbols) {
        counts = new int[symbols];
        tree = new int[symbols + 1];
        top = Integer.highestOneBit(symbols);
        for (int i = 0; i < symbols; i++) {
            add(i, 1);
        }
    }

    /**
     * Returns counts of one each.
     *
     * @param symbols number of symbols, 1 to 65,536
     * @return the counts
     */
    public static AdaptiveCounts of(int symbols) {
        Require.that(
                symbols >= 1 && symbols <= MOST_SYMBOLS,
                SUBJECT,
                "the number of symbols must be from 1 to " + MOST_SYMBOLS,
                symbols,
                "split the symbols into digits");
        return new AdaptiveCounts(symbols);
    }

    /**
     * Returns the number of symbols.
     *
     * @return at least 1
     */
    public int size() {
        return counts.length;
    }

    /**
     * Returns the beginning of a symbol's interval.
     *
     * @param symbol a symbol from 0 to size; at size, the end of the last interval
     * @return from 0 to 2^{@link #PRECISION}
     */
    public int start(int symbol) {
        Require.that(
                symbol >= 0 && symbol <= counts.length,
                SUBJECT,
                "a symbol must be from 0 to " + counts.length,
                symbol,
                "use more symbols");
        int below = 0;
        for (int i = symbol; i > 0; i -= i & -i) {
            below += tree[i];
        }
        return scaled(below);
    }

    /**
     * Finds the symbol whose interval contains a position.
     *
     * @param at a position from 0 to 2^{@link #PRECISION} − 1, as {@link AnsStack#peek} returns it
     * @return the symbol
     */
    public int symbolAt(int at) {
        Require.that(
                at >= 0 && at < 1 << PRECISION, SUBJECT, "a position must be below 2^" + PRECISION, at, "use peek");
        int symbol = 0;
        int below = 0;
        for (int step = top; step > 0; step >>= 1) {
            int next = symbol + step;
            if (next < counts.length && scaled(below + tree[next]) <= at) {
                symbol = next;
                below += tree[next];
            }
        }
        return symbol;
    }

    /**
     * Counts a symbol.
     *
     * @param symbol the symbol that was coded
     */
    public void see(int symbol) {
        Require.that(
                symbol >= 0 && symbol < counts.length,
                SUBJECT,
                "a symbol must be from 0 to " + (counts.length - 1),
                symbol,
                "use more symbols");
        if (sum + INCREMENT > 1 << PRECISION) {
            for (int i = 0; i < counts.length; i++) {
                add(i, -(counts[i] / 2));
            }
        }
        add(symbol, INCREMENT);
    }

    private int scaled(int cumulative) {
        return (int) (((long) cumulative << PRECISION) / sum);
    }

    private void add(int symbol, int change) {
        counts[symbol] += change;
        sum += change;
        for (int i = symbol + 1; i < tree.length; i += i & -i) {
            tree[i] += change;
        }
    }
}
