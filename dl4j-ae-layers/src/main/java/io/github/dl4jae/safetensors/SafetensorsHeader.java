package io.github.dl4jae.safetensors;

import io.github.dl4jae.internal.io.JsonText;
import io.github.dl4jae.internal.layer.Require;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.shade.jackson.core.JsonGenerator;

/** Writes headers. */
final class SafetensorsHeader {

    static final String METADATA = "__metadata__";
    static final long MOST_BYTES = 100_000_000;
    /** The tensors start at a multiple of this in the file, so that mapped values are aligned. */
    private static final int ALIGNMENT = 8;

    private SafetensorsHeader() {}

    /**
     * Returns the bytes of a header.
     *
     * @param subject the start of error messages
     * @param entries in the order of the data
     * @param metadata can be empty
     * @return JSON, padded with spaces
     */
    static byte[] write(String subject, Collection<TensorEntry> entries, Map<String, String> metadata) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // a generator of bytes would escape characters beyond the first 65,536
        try (JsonGenerator json =
                JsonText.strictFactory().createGenerator(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(METADATA);
                for (Map.Entry<String, String> text : new TreeMap<>(metadata).entrySet()) {
                    json.writeStringField(text.getKey(), text.getValue());
                }
                json.writeEndObject();
            }
            for (TensorEntry entry : entries) {
                json.writeObjectFieldStart(entry.name());
                json.writeStringField("dtype", entry.type().name());
                json.writeFieldName("shape");
                json.writeArray(entry.shape(), 0, entry.shape().length);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {entry.from(), entry.to()}, 0, 2);
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(subject + " can't be written", e);
        }
        byte[] text = out.toByteArray();
        byte[] padded = Arrays.copyOf(text, (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, text.length, padded.length, (byte) ' ');
        Require.that(
                padded.length <= MOST_BYTES,
                subject,
                "the header must have at most " + MOST_BYTES + " bytes",
                padded.length,
                "use shorter names and metadata");
        return padded;
    }
}
