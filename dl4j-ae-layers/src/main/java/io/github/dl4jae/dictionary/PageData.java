package io.github.dl4jae.dictionary;

import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The data of a page: numbers as little-endian arrays in base64, pictures, and JSON. */
final class PageData {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> elements = new LinkedHashMap<>();
    private final Map<String, String> types = new LinkedHashMap<>();

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    void unsignedBytes(String name, byte[] values) {
        array(name, "u8", values);
    }

    void shorts(String name, short[] values) {
        array(name, "i16", bytes(values));
    }

    void unsignedShorts(String name, short[] values) {
        array(name, "u16", bytes(values));
    }

    private static byte[] bytes(short[] values) {
        byte[] bytes = new byte[Math.multiplyExact(values.length, Short.BYTES)];
        littleEndian(bytes).asShortBuffer().put(values);
        return bytes;
    }

    void unsignedInts(String name, int[] values) {
        byte[] bytes = new byte[Math.multiplyExact(values.length, Integer.BYTES)];
        littleEndian(bytes).asIntBuffer().put(values);
        array(name, "u32", bytes);
    }

    void floats(String name, float[] values) {
        byte[] bytes = new byte[Math.multiplyExact(values.length, Float.BYTES)];
        littleEndian(bytes).asFloatBuffer().put(values);
        array(name, "f32", bytes);
    }

    private void array(String name, String type, byte[] bytes) {
        types.put(name, type);
        bytes(name, bytes);
    }

    void bytes(String name, byte[] bytes) {
        element("data-" + name, "text/plain", Base64.getEncoder().encodeToString(bytes));
    }

    void json(String id, Object value) {
        element(id, "application/json", inElement(value));
    }

    /** Returns the types of the arrays so far, by name. */
    Map<String, String> types() {
        return Map.copyOf(types);
    }

    private void element(String id, String type, String content) {
        elements.put(id, "<script type=\"" + type + "\" id=\"" + id + "\">" + content + "</script>\n");
    }

    /** Returns JSON that cannot end the element it stands in, nor open a comment there. */
    private static String inElement(Object value) {
        try {
            return JSON.writeValueAsString(value)
                    .replace("<", "\\u003c")
                    .replace(">", "\\u003e")
                    .replace("&", "\\u0026");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("FeaturePage: the texts cannot be written as JSON", e);
        }
    }

    void writeTo(Writer writer) throws IOException {
        for (String element : elements.values()) {
            writer.write(element);
        }
    }
}
