package io.github.dl4jae.safetensors;

import io.github.dl4jae.internal.io.FoundText;
import io.github.dl4jae.internal.io.JsonText;
import io.github.dl4jae.internal.layer.Require;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.JsonToken;

/**
 * Reads a header without trust in it. The JSON is read as a stream, so memory grows with the tensors that it names, and
 * never with a size that it claims.
 */
final class HeaderReader {

    /** A tensor needs about 400 bytes of heap. */
    private static final int MOST_NAMES = 1 << 17;

    /** Digits of 2^63 − 1. */
    private static final int LONGEST_INTEGER = 19;

    private static final int LENGTH_BYTES = Long.BYTES;
    private static final String DAMAGED = "the file is damaged";
    private static final JsonFactory FACTORY = JsonText.strictFactory();

    private final String subject;
    private final ChannelBytes bytes;
    private final List<TensorEntry> entries = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    /**
     * The contents of a header.
     *
     * @param entries the tensors by name, in the order of their data
     * @param metadata texts by name
     * @param dataStart the position of the data in the file
     */
    record Header(Map<String, TensorEntry> entries, Map<String, String> metadata, long dataStart) {}

    private HeaderReader(String subject, ChannelBytes bytes) {
        this.subject = subject;
        this.bytes = bytes;
    }

    /**
     * Reads a header.
     *
     * @param subject the start of error messages
     * @param bytes the file
     * @return its checked contents
     * @throws IllegalArgumentException if the file is not valid
     */
    static Header read(String subject, ChannelBytes bytes) throws IOException {
        return new HeaderReader(subject, bytes).read();
    }

    private Header read() throws IOException {
        require(bytes.size() >= LENGTH_BYTES, "must start with 8 bytes of length", bytes.size() + " bytes", DAMAGED);
        long length = bytes.longAt(0);
        require(
                length >= 0 && length <= SafetensorsHeader.MOST_BYTES,
                "the header must have at most " + SafetensorsHeader.MOST_BYTES + " bytes",
                Long.toUnsignedString(length),
                "the file is no safetensors file");
        require(
                length <= bytes.size() - LENGTH_BYTES,
                "the header must end before the file does",
                length + " bytes of header in a file of " + bytes.size(),
                "the file is truncated");
        require(
                length > 0 && bytes.byteAt(LENGTH_BYTES) == '{',
                "the header must start with '{'",
                length == 0 ? "no header" : "another character",
                "the file is no safetensors file");
        try (JsonParser json = FACTORY.createParser(new BoundedTexts(
                subject,
                new InputStreamReader(bytes.stream(LENGTH_BYTES, length), StandardCharsets.UTF_8.newDecoder())))) {
            readObject(json);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(subject + ": the header must be UTF-8, got other bytes", e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    subject + ": the header must be JSON without repeated names, got an error: "
                            + FoundText.quoted(e.getOriginalMessage()),
                    e);
        }
        return new Header(ordered(bytes.size() - LENGTH_BYTES - length), metadata, LENGTH_BYTES + length);
    }

    private void readObject(JsonParser json) throws IOException {
        json.nextToken();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = newName(json);
            boolean object = json.nextToken() == JsonToken.START_OBJECT;
            require(object, "the header must have an object for each name", "another value for " + shown(name), "");
            if (name.equals(SafetensorsHeader.METADATA)) {
                readMetadata(json);
            } else {
                entries.add(readEntry(json, name));
            }
        }
        require(json.nextToken() == null, "the header must be one JSON object", "more after it", "");
    }

    private void readMetadata(JsonParser json) throws IOException {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = newName(json);
            boolean text = json.nextToken() == JsonToken.VALUE_STRING;
            require(text, "metadata must be texts", "another value for " + shown(name), "");
            metadata.put(name, unicode(json.getText()));
        }
    }

    private TensorEntry readEntry(JsonParser json, String name) throws IOException {
        String ofTensor = subject + ": tensor " + shown(name);
        TensorType type = null;
        long[] shape = null;
        long[] offsets = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String property = json.currentName();
            json.nextToken();
            switch (property) {
                case "dtype" -> type = type(ofTensor, json);
                case "shape" -> shape = integers(ofTensor + ": shape", json, TensorEntry.HIGHEST_RANK);
                case "data_offsets" -> offsets = integers(ofTensor + ": data_offsets", json, 2);
                default ->
                    throw new IllegalArgumentException(
                            ofTensor + ": must have dtype, shape and data_offsets only, got " + shown(property));
            }
        }
        return checked(
                ofTensor,
                name,
                Require.given(ofTensor, "dtype", type, DAMAGED),
                Require.given(ofTensor, "shape", shape, DAMAGED),
                Require.given(ofTensor, "data_offsets", offsets, DAMAGED));
    }

    private TensorEntry checked(String ofTensor, String name, TensorType type, long[] shape, long... offsets) {
        Require.that(offsets.length == 2, ofTensor, "data_offsets must be two integers", offsets.length, DAMAGED);
        long needed = TensorEntry.bytes(ofTensor, type, shape);
        Require.that(
                offsets[0] <= offsets[1] && offsets[1] - offsets[0] == needed,
                ofTensor,
                "data_offsets must be " + needed + " bytes apart, for " + type + " of shape " + Arrays.toString(shape),
                Arrays.toString(offsets),
                DAMAGED);
        return new TensorEntry(name, type, shape, offsets[0], offsets[1]);
    }

    private static TensorType type(String ofTensor, JsonParser json) throws IOException {
        String name = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : "";
        return TensorType.named(name)
                .orElseThrow(() -> new IllegalArgumentException(ofTensor + ": dtype must be one of "
                        + Arrays.toString(TensorType.values()) + ", got " + shown(name)));
    }

    private static long[] integers(String subject, JsonParser json, int most) throws IOException {
        Require.that(json.currentToken() == JsonToken.START_ARRAY, subject, "must be a list", "another value", "");
        long[] values = new long[most];
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            Require.that(count < most, subject, "must have at most " + most + " integers", "more", "");
            values[count++] = integer(subject, json);
        }
        return Arrays.copyOf(values, count);
    }

    private static long integer(String subject, JsonParser json) throws IOException {
        // the parser would compute an integer of any length, which takes the square of its time
        boolean integer = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getTextLength() <= LONGEST_INTEGER
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && !json.getText().startsWith("-");
        Require.that(integer, subject, "must be integers in [0, 2^63)", shown(json.getText()), "");
        return json.getLongValue();
    }

    /** Checks that the tensors fill the data, and returns them in its order. */
    private Map<String, TensorEntry> ordered(long dataBytes) {
        entries.sort(Comparator.comparingLong(TensorEntry::from)
                .thenComparingLong(TensorEntry::to)
                .thenComparing(TensorEntry::name));
        Map<String, TensorEntry> byName = new LinkedHashMap<>();
        long end = 0;
        for (TensorEntry entry : entries) {
            require(
                    entry.from() == end,
                    "tensor " + shown(entry.name()) + ": must start at offset " + end
                            + ", where the tensor before ends",
                    entry.from() + (entry.from() < end ? ", so they overlap" : ", so there is a gap"),
                    DAMAGED);
            end = entry.to();
            byName.put(entry.name(), entry);
        }
        require(
                end == dataBytes,
                "the tensors must end with the file, after " + dataBytes + " bytes of data",
                end,
                end > dataBytes ? "the file is truncated" : DAMAGED);
        return byName;
    }

    private String newName(JsonParser json) throws IOException {
        boolean room = entries.size() + metadata.size() < MOST_NAMES;
        require(room, "must have at most " + MOST_NAMES + " tensors and texts of metadata", "more", "");
        return unicode(json.currentName());
    }

    /** Lone surrogates are the one thing that a text of Java can have and UTF-8 can not. */
    private String unicode(String text) {
        require(isUnicode(text), "names and texts must be Unicode", "a lone surrogate", "");
        return text;
    }

    static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static String shown(String text) {
        return FoundText.quoted(text);
    }

    private void require(boolean holds, String requirement, @Nullable Object got, String remedy) {
        Require.that(holds, subject, requirement, got, remedy);
    }
}
