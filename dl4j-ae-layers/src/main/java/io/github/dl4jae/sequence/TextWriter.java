package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.math.RandomStreams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A text that is written token by token: its rules, its random numbers, what is written so far. */
final class TextWriter {

    private final TextDecoding decoding;
    private final SplittableRandom random;
    private final List<Integer> tokens = new ArrayList<>();
    private TokenRules.Beginning beginning;
    private boolean ended;

    TextWriter(TextDecoding decoding, long text) {
        this.decoding = decoding;
        this.random = RandomStreams.of(decoding.seed(), text);
        this.beginning = decoding.rules().begin();
    }

    boolean hasEnded() {
        return ended;
    }

    int[] tokens() {
        return tokens.stream().mapToInt(token -> token).toArray();
    }

    /**
     * Writes a token, or ends the text. A text without any allowed token ends as well.
     *
     * @param probabilities of the tokens
     * @return its number
     */
    int write(double[] probabilities) {
        double[] allowed = probabilities.clone();
        for (int token = 0; token < allowed.length; token++) {
            boolean isText = token != Vocabulary.PADDING && token != Vocabulary.START && token != Vocabulary.UNKNOWN;
            if (!isText || !beginning.allows(token)) {
                allowed[token] = -1;
            }
        }
        int token = choose(allowed);
        if (token == Vocabulary.END || allowed[token] < 0) {
            ended = true;
            return Vocabulary.END;
        }
        beginning = beginning.then(token);
        tokens.add(token);
        return token;
    }

    /** Returns the chosen index; values below 0 are never chosen if there are others. */
    private int choose(double[] allowed) {
        int best = Vocabulary.END;
        for (int token = 0; token < allowed.length; token++) {
            best = allowed[token] > allowed[best] ? token : best;
        }
        double coin = random.nextDouble(); // in greedy decoding too, so that texts stay independent of the temperature
        if (decoding.temperature() == 0 || allowed[best] <= 0) {
            return best;
        }
        double largest = allowed[best];
        double[] weights = Arrays.stream(allowed)
                .map(p -> p < 0 ? 0 : Math.pow(p / largest, 1 / decoding.temperature()))
                .toArray();
        double left = coin * Arrays.stream(weights).sum();
        for (int token = 0; token < weights.length; token++) {
            left -= weights[token];
            if (left < 0 && weights[token] > 0) {
                return token;
            }
        }
        return best;
    }

    /** Writes one token of each text. */
    static int[] writeAll(TextWriter[] writers, INDArray probabilities) {
        double[][] rows = probabilities.toDoubleMatrix();
        int[] written = new int[writers.length];
        for (int i = 0; i < writers.length; i++) {
            written[i] = writers[i].hasEnded() ? Vocabulary.END : writers[i].write(rows[i]);
        }
        return written;
    }
}
