package io.github.dl4jae.internal.io;

import io.github.dl4jae.internal.layer.Require;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.core.StreamReadFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * A JSON document that is safe to parse: valid UTF-8, one object, no name twice in an object, bounded nesting, values
 * and numbers. The Jackson version that ND4J contains has none of these limits.
 *
 * @param text the document
 * @param root its object
 */
public record JsonText(String text, JsonNode root) {

    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 40;
    /** A value needs up to 100 bytes of heap as a node, and 8 bytes of text are usual for one. */
    private static final int BYTES_PER_TOKEN = 8;

    private static final int FEWEST_TOKENS = 1024;

    private static final ObjectMapper MAPPER = new ObjectMapper(strictFactory());

    /**
     * Returns a factory of parsers that refuse a name that an object has twice, and that keep no name after parsing.
     *
     * @return a new factory
     */
    public static JsonFactory strictFactory() {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
    }

    /**
     * Checks and parses a document.
     *
     * @param subject the start of error messages
     * @param bytes UTF-8
     * @param most the limit of the size, which also limits the number of values
     * @param remedy what to do if there are more values, or an empty string
     * @return the document
     * @throws IllegalArgumentException if it is not as above
     */
    public static JsonText of(String subject, byte[] bytes, int most, String remedy) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            check(subject, text, most / BYTES_PER_TOKEN + FEWEST_TOKENS, remedy);
            return new JsonText(text, MAPPER.readTree(text));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(subject + ": must be UTF-8, got other bytes", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    subject + ": must be JSON without repeated names, got an error: "
                            + FoundText.quoted(String.valueOf(e.getMessage())),
                    e);
        }
    }

    private static void check(String subject, String text, int mostTokens, String remedy) throws IOException {
        try (JsonParser parser = MAPPER.createParser(text)) {
            int depth = 0;
            int tokens = 0;
            Require.that(parser.nextToken() == JsonToken.START_OBJECT, subject, "must be a JSON object", "another", "");
            for (JsonToken token = parser.currentToken(); token != null; token = parser.nextToken()) {
                Require.that(tokens == 0 || depth > 0, subject, "must be one JSON object", "more after it", "");
                tokens++;
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                Require.that(
                        depth <= DEEPEST,
                        subject,
                        "must be nested at most " + DEEPEST + " deep",
                        "more",
                        "a model needs fewer than 20 levels");
                Require.that(
                        tokens <= mostTokens,
                        subject,
                        "must have at most " + mostTokens + " values and names",
                        "more",
                        remedy);
                if (token.isNumeric()) {
                    requireNumber(subject, parser, token);
                }
            }
        }
    }

    private static void requireNumber(String subject, JsonParser parser, JsonToken token) throws IOException {
        String found = parser.getText();
        boolean holds = found.length() <= LONGEST_NUMBER
                && (token == JsonToken.VALUE_NUMBER_INT
                        ? parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                        : Double.isFinite(parser.getDoubleValue()));
        Require.that(holds, subject, "numbers must fit a long or a double", FoundText.quoted(found), "");
    }
}
