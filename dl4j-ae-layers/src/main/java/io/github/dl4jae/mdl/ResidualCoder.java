package io.github.dl4jae.mdl;

import io.github.dl4jae.coding.AnsStack;
import io.github.dl4jae.internal.layer.Require;
import org.apache.commons.math3.special.Erf;

/**
 * Pushes and pops real numbers to a quantum under normal distributions.
 *
 * <pre>
 * x = k·t        P(k) = Φ(((k + ½)·t − μ) / σ) − Φ(((k − ½)·t − μ) / σ)
 * </pre>
 *
 * <p>Integers within 8 deviations of the mean have a count of at least 1. Any other integer is an escape symbol and 32
 * bits. Counts are computed where they are needed, in Java alone.
 */
final class ResidualCoder {

    private static final int PRECISION = 26;
    private static final int HALF_WORD = 16;
    private static final double DEVIATIONS = 8;
    private static final int MOST_SYMBOLS = 1 << 20;

    private final double quantum;
    private final double deviation;
    /** Integers on either side of that next to the mean. */
    private final int reach;
    /** The escape symbol, which is the last. */
    private final int escape;

    private double bits;

    ResidualCoder(double quantum, double deviation) {
        double steps = Math.ceil(DEVIATIONS * deviation / quantum) + 1;
        Require.that(
                2 * steps + 2 <= MOST_SYMBOLS,
                "FactorialCode",
                "the quantum must be at least a 60,000th of the deviation " + deviation,
                quantum,
                "fit with a larger quantum");
        this.quantum = quantum;
        this.deviation = deviation;
        this.reach = (int) steps;
        this.escape = 2 * reach + 1;
    }

    /** Returns the bits of all numbers that were pushed. */
    double bits() {
        return bits;
    }

    private long nearest(double mean) {
        return Math.round(mean / quantum);
    }

    void push(AnsStack stack, int k, double mean) {
        long symbol = k - nearest(mean) + reach;
        if (symbol < 0 || symbol >= escape) {
            stack.push(k & 0xFFFF, 1, HALF_WORD);
            stack.push(k >>> HALF_WORD, 1, HALF_WORD);
            bits += 2 * HALF_WORD;
            symbol = escape;
        }
        int start = start((int) symbol, mean);
        int count = start((int) symbol + 1, mean) - start;
        stack.push(start, count, PRECISION);
        bits += PRECISION - Math.log(count) / Math.log(2);
    }

    int pop(AnsStack stack, double mean) {
        int at = stack.peek(PRECISION);
        int low = 0;
        int high = escape + 1;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (start(middle, mean) <= at) {
                low = middle;
            } else {
                high = middle;
            }
        }
        int start = start(low, mean);
        stack.pop(start, start(low + 1, mean) - start, PRECISION);
        if (low < escape) {
            return (int) (nearest(mean) - reach + low);
        }
        int upper = stack.peek(HALF_WORD);
        stack.pop(upper, 1, HALF_WORD);
        int lower = stack.peek(HALF_WORD);
        stack.pop(lower, 1, HALF_WORD);
        return upper << HALF_WORD | lower;
    }

    /** Returns the sum of the counts below a symbol. */
    private int start(int symbol, double mean) {
        int all = 1 << PRECISION;
        if (symbol == 0) {
            return 0;
        }
        if (symbol >= escape) {
            return symbol == escape ? all - 1 : all;
        }
        double edge = (nearest(mean) - reach + symbol - 0.5) * quantum;
        double below = 0.5 * Erf.erfc(-(edge - mean) / (deviation * Math.sqrt(2)));
        return symbol + (int) Math.floor((all - escape - 1) * below + 0.5);
    }
}
