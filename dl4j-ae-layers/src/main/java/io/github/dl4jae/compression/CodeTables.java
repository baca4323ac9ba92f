package io.github.dl4jae.compression;

import io.github.dl4jae.coding.AnsStack;
import io.github.dl4jae.coding.FrequencyTable;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.exception.DL4JInvalidInputException;

/**
 * The prior in integers: a table of frequencies per channel, and an escape for codes outside it.
 *
 * <pre>
 * table of channel c: lo_c, …, hi_c, escape        the tails beyond lo and hi have a probability below 10⁻⁹ in all
 * escaped code: d = distance beyond the table, from 0; 2d + (1 if below) + 1 as an Elias gamma code of even bits
 * </pre>
 *
 * <p>Probabilities come from {@code StrictMath}, so that every machine makes the same tables of the same parameters.
 * Immutable.
 */
final class CodeTables {

    /** The probability of both tails together. */
    private static final double TAIL_MASS = 1e-9;
    /** The largest number of codes in a table; wider distributions use the escape. */
    private static final int MOST_CODES = 1 << 12;

    private static final int PRECISION = 20;
    /** A larger code cannot come from an encoder that works. */
    private static final int LARGEST = 1 << 28;

    private final List<Table> channels;

    private record Table(int lowest, int escape, FrequencyTable frequencies) {}

    private CodeTables(List<Table> channels) {
        this.channels = channels;
    }

    static CodeTables of(FactorizedPrior prior) {
        List<Table> tables = new ArrayList<>();
        for (int c = 0; c < prior.channels(); c++) {
            tables.add(table(prior, c));
        }
        return new CodeTables(tables);
    }

    private static Table table(FactorizedPrior prior, int channel) {
        int median = median(prior, channel);
        int lowest = median;
        while (lowest > median - MOST_CODES / 2 && prior.below(channel, lowest - 0.5) > TAIL_MASS / 2) {
            lowest--;
        }
        int highest = median;
        while (highest < median + MOST_CODES / 2 - 1 && prior.above(channel, highest + 0.5) > TAIL_MASS / 2) {
            highest++;
        }
        int n = highest - lowest + 1;
        double[] probabilities = new double[n + 1];
        for (int i = 0; i < n; i++) {
            probabilities[i] = prior.probability(channel, lowest + i);
        }
        probabilities[n] = prior.below(channel, lowest - 0.5) + prior.above(channel, highest + 0.5);
        return new Table(lowest, n, FrequencyTable.of(probabilities, PRECISION));
    }

    /** Returns the integer below the median, by bisection. */
    private static int median(FactorizedPrior prior, int channel) {
        int low = -LARGEST;
        int high = LARGEST;
        while (high - low > 1) {
            int middle = (low + high) >> 1;
            if (prior.below(channel, middle) < 0.5) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    int channels() {
        return channels.size();
    }

    /** Pushes a code. */
    void push(AnsStack stack, int channel, double code) {
        if (!(Math.abs(code) < LARGEST)) {
            throw new DL4JInvalidInputException("ImageCompressor: codes must be between −2^28 and 2^28, got " + code
                    + "; the encoder diverged, so train it again with a lower learning rate");
        }
        Table table = channels.get(channel);
        int symbol = (int) code - table.lowest;
        if (symbol >= 0 && symbol < table.escape) {
            table.frequencies.push(stack, symbol);
            return;
        }
        int distance = symbol < 0 ? -1 - symbol : symbol - table.escape;
        pushGamma(stack, 2 * distance + (symbol < 0 ? 2 : 1));
        table.frequencies.push(stack, table.escape);
    }

    /** Pops a code. */
    int pop(AnsStack stack, int channel) {
        Table table = channels.get(channel);
        int symbol = table.frequencies.pop(stack);
        if (symbol < table.escape) {
            return table.lowest + symbol;
        }
        int number = popGamma(stack) - 1;
        int distance = number / 2;
        return number % 2 == 1 ? table.lowest - 1 - distance : table.lowest + table.escape + distance;
    }

    /** Pushes a number of at least 1, so that zeros for its length are popped first, then its bits from the highest. */
    private static void pushGamma(AnsStack stack, int number) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(number);
        for (int i = 0; i < bits; i++) {
            stack.push((number >>> i) & 1, 1, 1);
        }
        for (int i = 1; i < bits; i++) {
            stack.push(0, 1, 1);
        }
    }

    private static int popGamma(AnsStack stack) {
        int length = 1;
        while (popBit(stack) == 0) {
            length++;
            if (length >= Integer.SIZE - 1) {
                throw new DL4JInvalidInputException(
                        "ImageCompressor: an escaped code must have fewer than 31 bits, got more; replace the stream");
            }
        }
        int number = 1;
        for (int i = 1; i < length; i++) {
            number = (number << 1) | popBit(stack);
        }
        return number;
    }

    private static int popBit(AnsStack stack) {
        int bit = stack.peek(1);
        stack.pop(bit, 1, 1);
        return bit;
    }
}
