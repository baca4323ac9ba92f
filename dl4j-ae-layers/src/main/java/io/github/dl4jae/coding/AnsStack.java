package io.github.dl4jae.coding;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.deeplearning4j.exception.DL4JInvalidInputException;

/**
 * A stack of symbols in a range variant of asymmetric numeral systems (rANS): what is pushed last is popped first.
 *
 * <pre>
 * state x in [2³¹, 2⁶³), words of 32 bits
 * push(c, f, p):  if x ≥ f·2⁶³⁻ᵖ, move the low 32 bits to the words;  x ← ⌊x / f⌋·2ᵖ + c + (x mod f)
 * pop(c, f, p):   x ← f·⌊x / 2ᵖ⌋ + (x mod 2ᵖ) − c;  if x &lt; 2³¹, append the last word
 * </pre>
 *
 * <p>A push costs p − log₂ f bits, up to a relative error of about 2ᵖ⁻³¹ in the worst case. Pop is the exact inverse of
 * push, and push of pop. A stack never grows beyond its limit of words. Not for concurrent use.
 *
 * <p>Duda, "Asymmetric numeral systems", 2013; Townsend et al., "Practical lossless compression with latent variables
 * using bits back coding", ICLR 2019.
 */
public final class AnsStack {

    /** The largest precision of a distribution, in bits. */
    public static final int MAX_PRECISION = 28;

    /** The number of words that a stack can hold where the caller states no limit: 256 MiB. */
    public static final int DEFAULT_LIMIT = 1 << 26;

    private static final String SUBJECT = "AnsStack";
    private static final long LEAST = 1L << 31;

    private final int limit;
    private int[] words;
    private int size;
    private long state;

    private AnsStack(int[] words, int size, long state, int limit) {
        this.words = words;
        this.size = size;
        this.state = state;
        this.limit = limit;
    }

    /**
     * Returns an empty stack.
     *
     * @return a stack without words
     */
    public static AnsStack empty() {
        return empty(DEFAULT_LIMIT);
    }

    /**
     * Returns an empty stack with a limit.
     *
     * @param limit maximum number of 32-bit words, at least 2
     * @return a stack without words
     */
    public static AnsStack empty(int limit) {
        Require.atLeast(2, SUBJECT, "limit", limit, "allow more words");
        return new AnsStack(new int[0], 0, LEAST, limit);
    }

    /**
     * Returns a stack of random words, from which symbols can be popped before any is pushed.
     *
     * @param words number of random words, at least 0
     * @param seed the seed of the words
     * @return a stack with 32 · words + 31 random bits
     */
    public static AnsStack seeded(int words, long seed) {
        Require.atLeast(0, SUBJECT, "words", words, "use 0 for an empty stack");
        Require.that(words < DEFAULT_LIMIT, SUBJECT, "words must be below " + DEFAULT_LIMIT, words, "use fewer");
        SplittableRandom random = new SplittableRandom(seed);
        int[] content = random.ints(words).toArray();
        return new AnsStack(content, words, LEAST | (random.nextLong() >>> 33), DEFAULT_LIMIT);
    }

    /**
     * Restores a stack from its words.
     *
     * @param words the words that {@link #toWords()} returned
     * @return the stack
     * @throws DL4JInvalidInputException if the words are not a stack
     */
    public static AnsStack of(int[] words) {
        Require.given(SUBJECT, "words", words, "pass the words of a stack");
        if (words.length < 2) {
            throw new DL4JInvalidInputException(SUBJECT + ": a stack has at least 2 words, got " + words.length);
        }
        int size = words.length - 2;
        long state = ((long) words[size] << 32) | (words[size + 1] & 0xFFFFFFFFL);
        if (state < LEAST) {
            throw new DL4JInvalidInputException(SUBJECT + ": the state must be at least 2^31, got " + state);
        }
        return new AnsStack(Arrays.copyOf(words, size), size, state, DEFAULT_LIMIT);
    }

    /**
     * Pushes a symbol.
     *
     * @param start the cumulative count of the symbols before it, at least 0
     * @param frequency the count of the symbol, at least 1; start + frequency is at most 2^precision
     * @param precision log₂ of the sum of all counts, 1 to {@link #MAX_PRECISION}
     * @throws DL4JInvalidInputException if the stack would exceed its limit
     */
    public void push(int start, int frequency, int precision) {
        check(start, frequency, precision);
        if (state >>> (63 - precision) >= frequency) {
            grow();
            words[size++] = (int) state;
            state >>>= 32;
        }
        state = ((state / frequency) << precision) + start + state % frequency;
    }

    /**
     * Returns the position of the next symbol in the cumulative counts, without popping it.
     *
     * @param precision log₂ of the sum of all counts, 1 to {@link #MAX_PRECISION}
     * @return a number from 0 to 2^precision − 1
     */
    public int peek(int precision) {
        checkPrecision(precision);
        return (int) (state & ((1L << precision) - 1));
    }

    /**
     * Pops the symbol that {@link #peek} found.
     *
     * @param start the cumulative count of the symbols before it
     * @param frequency the count of the symbol
     * @param precision log₂ of the sum of all counts, 1 to {@link #MAX_PRECISION}
     * @throws DL4JInvalidInputException if the stack has too few bits
     */
    public void pop(int start, int frequency, int precision) {
        check(start, frequency, precision);
        int at = peek(precision);
        Require.that(
                at >= start && at - start < frequency,
                SUBJECT,
                "the interval must contain the next symbol at " + at,
                "[" + start + ", " + (start + frequency) + ")",
                "look the symbol up with peek");
        long popped = frequency * (state >>> precision) + at - start;
        if (popped < LEAST) {
            if (size == 0) {
                throw new DL4JInvalidInputException(SUBJECT
                        + ": the stack has too few bits for another symbol; the stream is truncated or damaged");
            }
            popped = popped << 32 | (words[--size] & 0xFFFFFFFFL);
        }
        state = popped;
    }

    /**
     * Returns the information content of the stack, which is continuous in what was pushed.
     *
     * @return bits: 32 per word plus log₂ of the state, less the 31 of an empty stack
     */
    public double bits() {
        return 32.0 * size + StrictMath.log((double) state) / StrictMath.log(2) - 31;
    }

    /**
     * Reports whether everything that was pushed on an empty stack has been popped.
     *
     * @return true if the stack is as {@link #empty()} returns it
     */
    public boolean isEmpty() {
        return size == 0 && state == LEAST;
    }

    /**
     * Returns the stack as words, the state last.
     *
     * @return a copy, two words longer than the stack
     */
    public int[] toWords() {
        int[] copy = Arrays.copyOf(words, size + 2);
        copy[size] = (int) (state >>> 32);
        copy[size + 1] = (int) state;
        return copy;
    }

    private void grow() {
        if (size == limit) {
            throw new DL4JInvalidInputException(SUBJECT + ": the stack is limited to " + limit + " words");
        }
        if (size == words.length) {
            words = Arrays.copyOf(words, (int) Math.min(limit, Math.max(64L, 2L * size)));
        }
    }

    private static void checkPrecision(int precision) {
        Require.that(
                precision >= 1 && precision <= MAX_PRECISION,
                SUBJECT,
                "precision must be from 1 to " + MAX_PRECISION,
                precision,
                "use 16");
    }

    private static void check(int start, int frequency, int precision) {
        checkPrecision(precision);
        Require.that(
                start >= 0 && frequency >= 1 && (long) start + frequency <= 1L << precision,
                SUBJECT,
                "the interval must be within [0, 2^" + precision + ") and not empty",
                "[" + start + ", " + ((long) start + frequency) + ")",
                "take it from a FrequencyTable");
    }
}
