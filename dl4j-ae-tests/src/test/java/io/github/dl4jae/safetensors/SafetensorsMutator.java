package io.github.dl4jae.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Damages the bytes of a file, by chance and as an attacker would. The seed decides everything. Most mutations are of
 * the header's text, whose length is then made to fit.
 */
public final class SafetensorsMutator {

    /**
     * A damaged file.
     *
     * @param bytes its bytes
     * @param steps what was done
     */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    public record Mutant(byte[] bytes, List<String> steps) {}

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern TEXT = Pattern.compile("\"[^\"\\\\]*\"");
    private static final Pattern TENSOR = Pattern.compile(",\"[^\"]*\":\\{\"dtype\"[^}]*\\}");
    private static final String[] NUMBERS = {
        "0", "-0", "-1", "1", "2", "3", "8", "16", "2147483647", "4294967296", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "1e3", "0.5", "NaN", "null", "true", "[]", "{}", "\"1\"", "0,0",
        "1,1", "99999999999999999999999999999999999999"
    };
    private static final String[] TEXTS = {
        "\"\"",
        "null",
        "7",
        "[]",
        "{}",
        "\"__metadata__\"",
        "\"dtype\"",
        "\"shape\"",
        "\"data_offsets\"",
        "\"F32\"",
        "\"F64\"",
        "\"BF16\"",
        "\"BOOL\"",
        "\"U8\"",
        "\"I64\"",
        "\"U64\"",
        "\"F4\"",
        "\"f32\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"W_enc\"",
        "\"\\u0057_enc\"",
        "\"a\":\"b\",\"c\"",
        "\"",
        "'x'"
    };
    private static final String[] PIECES = {
        ",",
        "{",
        "}",
        "[",
        "]",
        ":",
        "\"",
        "\\",
        " ",
        "\n",
        "\u0000",
        "\ufeff",
        "\u00e9",
        "//",
        "{}",
        "null",
        "0",
        "[".repeat(100_000),
        "{\"a\":".repeat(20_000),
        "9".repeat(100_000),
        "x".repeat(1_000_000)
    };
    private static final long[] LENGTHS = {
        0, 1, 2, -1, 7, 8, 100_000_000, 100_000_001, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private final Random random;
    private final String[] texts;
    private final List<String> steps = new ArrayList<>();

    private SafetensorsMutator(long seed, String... texts) {
        this.random = new Random(seed);
        this.texts = texts;
    }

    /**
     * Returns a damaged JSON document.
     *
     * @param json a document
     * @param seed decides everything
     * @param texts values that take the place of texts
     * @return its UTF-8 bytes
     */
    public static Mutant mutateJson(String json, long seed, String... texts) {
        SafetensorsMutator mutator = new SafetensorsMutator(seed, texts);
        String changed = json;
        int count = 1 + mutator.random.nextInt(3);
        for (int i = 0; i < count; i++) {
            changed = mutator.changed(changed);
        }
        byte[] bytes = changed.getBytes(StandardCharsets.UTF_8);
        return new Mutant(mutator.random.nextInt(8) == 0 ? mutator.flipped(bytes, bytes.length) : bytes, mutator.steps);
    }

    /**
     * Returns a damaged safetensors file.
     *
     * @param file its bytes
     * @param seed decides everything
     * @return other bytes
     */
    public static Mutant mutate(byte[] file, long seed) {
        SafetensorsMutator mutator = new SafetensorsMutator(seed, TEXTS);
        byte[] bytes = file.clone();
        int count = 1 + mutator.random.nextInt(3);
        for (int i = 0; i < count; i++) {
            bytes = mutator.step(bytes);
        }
        return new Mutant(bytes, mutator.steps);
    }

    private byte[] step(byte[] file) {
        return switch (random.nextInt(12)) {
            case 0 -> flipped(file, file.length);
            case 1 -> flipped(file, Math.min(file.length, 8 + headerLength(file)));
            case 2 -> resized(file);
            case 3 -> withLength(file);
            default -> withHeader(file);
        };
    }

    private int headerLength(byte[] file) {
        if (file.length < 8) {
            return 0;
        }
        long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return (int) Math.max(0, Math.min(length, file.length - 8));
    }

    private byte[] flipped(byte[] file, int end) {
        byte[] bytes = file.clone();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count && end > 0; i++) {
            int at = random.nextInt(end);
            bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (bytes[at] ^ 1 << random.nextInt(8));
            steps.add("byte " + at);
        }
        return bytes;
    }

    private byte[] resized(byte[] file) {
        int length = random.nextBoolean() ? random.nextInt(file.length + 1) : file.length + 1 + random.nextInt(100);
        steps.add("length of the file " + length);
        return Arrays.copyOf(file, length);
    }

    private byte[] withLength(byte[] file) {
        byte[] bytes = Arrays.copyOf(file, Math.max(8, file.length));
        int near = headerLength(file) - 3 + random.nextInt(7);
        long length = random.nextBoolean() ? near : LENGTHS[random.nextInt(LENGTHS.length)];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        steps.add("length of the header " + length);
        return bytes;
    }

    private byte[] withHeader(byte[] file) {
        int length = headerLength(file);
        int start = Math.min(8, file.length);
        byte[] header =
                changed(new String(file, start, length, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + file.length - start - length)
                .order(ByteOrder.LITTLE_ENDIAN);
        return bytes.putLong(header.length)
                .put(header)
                .put(file, start + length, file.length - start - length)
                .array();
    }

    private String changed(String text) {
        return switch (random.nextInt(7)) {
            case 0, 1 -> replaced(text, NUMBER, NUMBERS[random.nextInt(NUMBERS.length)]);
            case 2 -> replaced(text, NUMBER, Integer.toString(random.nextInt(200)));
            case 3 -> replaced(text, TEXT, texts[random.nextInt(texts.length)]);
            case 4 -> replaced(text, TENSOR, twice(text));
            case 5 -> inserted(text);
            default -> without(text);
        };
    }

    private String replaced(String text, Pattern pattern, String by) {
        List<MatchResult> found = pattern.matcher(text).results().toList();
        if (found.isEmpty()) {
            return inserted(text);
        }
        MatchResult one = found.get(random.nextInt(found.size()));
        steps.add("at " + one.start() + " " + by);
        return text.substring(0, one.start()) + by + text.substring(one.end());
    }

    /** Returns a tensor of the header once more, or twice, or none. */
    private String twice(String text) {
        List<MatchResult> found = TENSOR.matcher(text).results().toList();
        return found.isEmpty()
                ? ""
                : found.get(random.nextInt(found.size())).group().repeat(random.nextInt(3));
    }

    private String inserted(String text) {
        String piece = PIECES[random.nextInt(PIECES.length)];
        int at = random.nextInt(text.length() + 1);
        steps.add("insert at " + at + " " + piece.substring(0, Math.min(20, piece.length())));
        return text.substring(0, at) + piece + text.substring(at);
    }

    private String without(String text) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(20));
        steps.add("without " + from + " to " + to);
        return text.substring(0, from) + text.substring(to);
    }
}
