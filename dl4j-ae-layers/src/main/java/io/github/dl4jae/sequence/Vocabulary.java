package io.github.dl4jae.sequence;

import io.github.dl4jae.bundle.LoadOptions;
import io.github.dl4jae.internal.io.JsonObject;
import io.github.dl4jae.internal.io.JsonText;
import io.github.dl4jae.internal.layer.Require;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * The tokens of texts and their numbers: characters, words separated by spaces, or parts of any length, such as the
 * atoms of a chemical formula.
 *
 * <pre>{@code
 * Vocabulary characters = Vocabulary.ofCharacters(List.of("12+7", "305+4"));
 * int[] tokens = characters.encode("12+4");
 * String text = characters.decode(tokens);
 * }</pre>
 *
 * <p>Four numbers are reserved: {@link #PADDING} after a text, {@link #UNKNOWN} for tokens that are not in the
 * vocabulary, {@link #START} and {@link #END} around a text that is written token by token. The others follow the order
 * of Unicode, or the frequency of words.
 */
public final class Vocabulary {

    /** The number of padding: {@value}. */
    public static final int PADDING = 0;
    /** The number of tokens that are not in the vocabulary: {@value}. */
    public static final int UNKNOWN = 1;
    /** The number before the first token: {@value}. */
    public static final int START = 2;
    /** The number after the last token: {@value}. */
    public static final int END = 3;

    private static final int RESERVED = 4;
    private static final String SUBJECT = "Vocabulary";
    private static final String UNKNOWN_TEXT = "\uFFFD";

    /** What a token is. */
    private enum Kind {
        CHARACTERS,
        WORDS,
        PARTS
    }

    private final Kind kind;
    private final List<String> tokens;
    private final int longestToken;
    private final Map<String, Integer> numbers = new HashMap<>();

    private Vocabulary(Kind kind, List<String> tokens) {
        this.kind = kind;
        this.tokens = List.copyOf(tokens);
        this.longestToken = tokens.stream().mapToInt(String::length).max().orElse(0);
        for (String token : this.tokens) {
            numbers.put(token, RESERVED + numbers.size());
        }
        Require.that(
                !tokens.isEmpty() && numbers.size() == tokens.size() && !numbers.containsKey(""),
                SUBJECT,
                "tokens must be given, each once, and not be empty",
                tokens.size() + ", of which " + numbers.size() + " differ",
                "");
    }

    /**
     * Collects the characters of texts.
     *
     * @param texts at least one character
     * @return all Unicode characters in them
     * @throws IllegalArgumentException if there is none
     */
    public static Vocabulary ofCharacters(Collection<String> texts) {
        Require.given(SUBJECT, "texts", texts, "");
        return new Vocabulary(
                Kind.CHARACTERS,
                texts.stream()
                        .flatMapToInt(String::codePoints)
                        .distinct()
                        .sorted()
                        .mapToObj(Character::toString)
                        .toList());
    }

    /**
     * Collects the words of texts.
     *
     * @param texts with words separated by white space
     * @param largest the number of words to keep, the most frequent ones
     * @return a vocabulary of at most that many words
     * @throws IllegalArgumentException if there is no word, or largest is below 1
     */
    public static Vocabulary ofWords(Collection<String> texts, int largest) {
        Require.given(SUBJECT, "texts", texts, "");
        Require.atLeast(1, SUBJECT, "largest", largest, "20000 is usual");
        Map<String, Integer> counts = new TreeMap<>();
        texts.stream().flatMap(Vocabulary::words).forEach(word -> counts.merge(word, 1, Integer::sum));
        return new Vocabulary(Kind.WORDS, mostFrequent(counts, largest));
    }

    private static List<String> mostFrequent(Map<String, Integer> counts, int largest) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(largest)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Collects the parts of texts that a pattern finds, such as {@code Cl}, {@code [nH]} and {@code c} in a SMILES.
     * {@link #encode} then takes the longest part that fits at each place.
     *
     * @param texts to search
     * @param part finds one part at a time
     * @param largest the number of parts to keep, the most frequent ones
     * @return a vocabulary of at most that many parts
     * @throws IllegalArgumentException if there is no part, a part is empty, or largest is below 1
     */
    public static Vocabulary ofParts(Collection<String> texts, Pattern part, int largest) {
        Require.given(SUBJECT, "texts", texts, "");
        Require.given(SUBJECT, "part", part, "");
        Require.atLeast(1, SUBJECT, "largest", largest, "");
        Map<String, Integer> counts = new TreeMap<>();
        for (String text : texts) {
            part.matcher(text).results().forEach(found -> counts.merge(found.group(), 1, Integer::sum));
        }
        return new Vocabulary(Kind.PARTS, mostFrequent(counts, largest));
    }

    private static Stream<String> words(String text) {
        return Stream.of(text.strip().split("\\s+")).filter(word -> !word.isEmpty());
    }

    /**
     * Returns the number of tokens, the four reserved numbers included.
     *
     * @return at least 5
     */
    public int size() {
        return RESERVED + tokens.size();
    }

    /**
     * Returns whether tokens are words.
     *
     * @return false for characters and other parts
     */
    public boolean isOfWords() {
        return kind == Kind.WORDS;
    }

    /**
     * Returns the numbers of the tokens of a text, without start and end.
     *
     * @param text any text
     * @return a number for each token
     */
    public int[] encode(String text) {
        Require.given(SUBJECT, "text", text, "");
        Stream<String> parts =
                switch (kind) {
                    case CHARACTERS -> text.codePoints().mapToObj(Character::toString);
                    case WORDS -> words(text);
                    case PARTS -> parts(text).stream();
                };
        return parts.mapToInt(token -> numbers.getOrDefault(token, UNKNOWN)).toArray();
    }

    /** Returns the longest token at each place, or one character where there is none. */
    private List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        for (int at = 0; at < text.length(); at += parts.get(parts.size() - 1).length()) {
            int end = Math.min(text.length(), at + longestToken);
            while (end > at && !numbers.containsKey(text.substring(at, end))) {
                end--;
            }
            parts.add(end > at ? text.substring(at, end) : Character.toString(text.codePointAt(at)));
        }
        return parts;
    }

    /**
     * Returns the text of a token.
     *
     * @param number from 4 to below {@link #size}
     * @return a character, word or part
     * @throws IllegalArgumentException if the number is out of range or reserved
     */
    public String token(int number) {
        Require.that(
                number >= RESERVED && number < size(),
                SUBJECT,
                "number must be in [" + RESERVED + ", " + size() + ")",
                number,
                "the numbers before are reserved");
        return tokens.get(number - RESERVED);
    }

    /** Returns the numbers of the tokens of a text and the end. */
    int[] encodeWithEnd(String text) {
        int[] encoded = encode(text);
        int[] ended = Arrays.copyOf(encoded, encoded.length + 1);
        ended[encoded.length] = END;
        return ended;
    }

    /**
     * Returns the text of tokens up to the first end. Padding and start are left out, unknown tokens become U+FFFD.
     *
     * @param numbersOfTokens each below {@link #size}
     * @return the text
     * @throws IllegalArgumentException if a number is out of range
     */
    public String decode(int... numbersOfTokens) {
        List<String> parts = new ArrayList<>();
        for (int number : numbersOfTokens) {
            Require.that(number >= 0 && number < size(), SUBJECT, "numbers must be in [0, " + size() + ")", number, "");
            if (number == END) {
                break;
            } else if (number == UNKNOWN) {
                parts.add(UNKNOWN_TEXT);
            } else if (number >= RESERVED) {
                parts.add(tokens.get(number - RESERVED));
            }
        }
        return String.join(kind == Kind.WORDS ? " " : "", parts);
    }

    /**
     * One-hot sequences and their mask, for a {@link SequenceAutoencoder}.
     *
     * @param sequences {@code [N, size, time]}
     * @param mask {@code [N, time]}
     */
    public record OneHot(INDArray sequences, INDArray mask) {}

    /**
     * Encodes texts as one-hot sequences, each with an end.
     *
     * @param texts at least one
     * @return padded sequences
     * @throws IllegalArgumentException if there is none
     */
    public OneHot oneHot(List<String> texts) {
        Require.that(!texts.isEmpty(), SUBJECT, "texts must be given", "none", "");
        int[][] all = texts.stream().map(this::encodeWithEnd).toArray(int[][]::new);
        int[] lengths = Arrays.stream(all).mapToInt(each -> each.length).toArray();
        int steps = Arrays.stream(lengths).max().orElseThrow();
        return new OneHot(
                TokenRows.oneHot(all, size(), steps),
                SequenceLengths.mask(lengths, steps).castTo(DataType.FLOAT));
    }

    /**
     * Returns the text of the most likely token of each step, up to the first end.
     *
     * @param sequences one-hot tokens or their probabilities, {@code [N, size, time]}
     * @return N texts
     * @throws IllegalArgumentException if the shape is another
     */
    public List<String> mostLikely(INDArray sequences) {
        Require.that(
                sequences.rank() == 3 && sequences.size(1) == size(),
                SUBJECT,
                "sequences must have the shape [N, " + size() + ", time]",
                Arrays.toString(sequences.shape()),
                "");
        List<String> texts = new ArrayList<>();
        int[][] best = sequences.argMax(1).toIntMatrix();
        for (int[] each : best) {
            texts.add(decode(each));
        }
        return texts;
    }

    /**
     * Returns the vocabulary as JSON.
     *
     * @return an object that {@link #fromJson} reads
     */
    public String toJson() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("kind", kind.name().toLowerCase(Locale.ROOT));
        ArrayNode list = root.putArray("tokens");
        tokens.forEach(list::add);
        return root.toString();
    }

    /**
     * Reads a vocabulary.
     *
     * @param json of {@link #toJson}
     * @return an equal vocabulary
     * @throws IllegalArgumentException if it is no vocabulary
     */
    public static Vocabulary fromJson(String json) {
        Require.given(SUBJECT, "json", json, "");
        JsonObject root = new JsonObject(
                SUBJECT,
                JsonText.of(
                                SUBJECT,
                                json.getBytes(StandardCharsets.UTF_8),
                                LoadOptions.defaults().maxJsonBytes(),
                                "")
                        .root());
        String name = root.text("kind");
        Kind kind = Arrays.stream(Kind.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        SUBJECT + ": kind must be characters, words or parts, got " + name));
        List<String> tokens = root.texts("tokens");
        Require.that(new HashSet<>(tokens).size() == tokens.size(), SUBJECT, "tokens must differ", "repeated ones", "");
        return new Vocabulary(kind, tokens);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Vocabulary that && kind == that.kind && tokens.equals(that.tokens);
    }

    @Override
    public int hashCode() {
        return tokens.hashCode();
    }

    /** Returns the kind and the size. */
    @Override
    public String toString() {
        return SUBJECT + "(" + tokens.size() + " " + kind.name().toLowerCase(Locale.ROOT) + ")";
    }
}
