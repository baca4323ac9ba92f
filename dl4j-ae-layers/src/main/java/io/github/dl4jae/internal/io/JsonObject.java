package io.github.dl4jae.internal.io;

import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.databind.JsonNode;

/** Reads the properties of a JSON object, each of the right type, and refuses those that were not read. */
public final class JsonObject {

    private final String subject;
    private final JsonNode node;
    private final Set<String> read = new HashSet<>();

    /**
     * Creates a reader.
     *
     * @param subject the start of error messages
     * @param node an object
     */
    public JsonObject(String subject, JsonNode node) {
        this.subject = subject;
        this.node = node;
    }

    /**
     * Returns whether a property exists.
     *
     * @param name of the property
     * @return whether it exists; null counts
     */
    public boolean has(String name) {
        return node.has(name);
    }

    /**
     * Returns the names of all properties.
     *
     * @return a new list, in the order of the file
     */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private JsonNode property(String name) {
        read.add(name);
        return Require.given(subject, name, node.get(name), "the file is damaged; write it again");
    }

    private void require(boolean holds, String name, String type) {
        Require.that(holds, subject, name + " must be " + type, "another value", "");
    }

    /**
     * Returns a text.
     *
     * @param name of the property
     * @return its value
     * @throws IllegalArgumentException if it is missing or has another type
     */
    public String text(String name) {
        JsonNode value = property(name);
        require(value.isTextual(), name, "a text");
        return value.textValue();
    }

    /**
     * Returns a text, or null if the property is missing.
     *
     * @param name of the property
     * @return its value, or null
     * @throws IllegalArgumentException if it has another type
     */
    public @Nullable String textOrNull(String name) {
        return has(name) ? text(name) : null;
    }

    /**
     * Returns a number.
     *
     * @param name of the property
     * @return its value
     * @throws IllegalArgumentException if it is missing or has another type
     */
    public double number(String name) {
        return number(name, property(name));
    }

    private double number(String name, JsonNode value) {
        require(value.isNumber(), name, "a number");
        return value.doubleValue();
    }

    /**
     * Returns an integer that fits an int.
     *
     * @param name of the property
     * @return its value
     * @throws IllegalArgumentException if it is missing or has another type
     */
    public int integer(String name) {
        JsonNode value = property(name);
        require(value.isIntegralNumber() && value.canConvertToInt(), name, "an integer");
        return value.intValue();
    }

    /**
     * Returns an integer that fits a long.
     *
     * @param name of the property
     * @return its value
     * @throws IllegalArgumentException if it is missing or has another type
     */
    public long size(String name) {
        JsonNode value = property(name);
        require(value.isIntegralNumber() && value.canConvertToLong(), name, "an integer");
        return value.longValue();
    }

    /**
     * Returns whether a property exists and is a text.
     *
     * @param name of the property
     * @return whether it is a text
     */
    public boolean isText(String name) {
        return node.path(name).isTextual();
    }

    /**
     * Returns a boolean.
     *
     * @param name of the property
     * @return its value
     * @throws IllegalArgumentException if it is missing or has another type
     */
    public boolean flag(String name) {
        JsonNode value = property(name);
        require(value.isBoolean(), name, "true or false");
        return value.booleanValue();
    }

    /**
     * Returns an object.
     *
     * @param name of the property
     * @return a reader of its properties
     * @throws IllegalArgumentException if it is missing or has another type
     */
    public JsonObject object(String name) {
        JsonNode value = property(name);
        require(value.isObject(), name, "an object");
        return new JsonObject(subject + ": " + FoundText.quoted(name), value);
    }

    /**
     * Returns a list of numbers.
     *
     * @param name of the property
     * @return its values
     * @throws IllegalArgumentException if it is missing or has another type
     */
    public double[] numbers(String name) {
        JsonNode value = property(name);
        require(value.isArray(), name, "a list of numbers");
        double[] numbers = new double[value.size()];
        int i = 0;
        for (JsonNode each : value) {
            numbers[i++] = number(name, each);
        }
        return numbers;
    }

    /**
     * Returns a list of texts.
     *
     * @param name of the property
     * @return its values
     * @throws IllegalArgumentException if it is missing or has another type
     */
    public List<String> texts(String name) {
        JsonNode value = property(name);
        require(value.isArray(), name, "a list of texts");
        List<String> texts = new ArrayList<>();
        for (JsonNode each : value) {
            require(each.isTextual(), name, "a list of texts");
            texts.add(each.textValue());
        }
        return texts;
    }

    /**
     * Returns an object of numbers.
     *
     * @param name of the property
     * @return its values by name
     * @throws IllegalArgumentException if it is missing or has another type
     */
    public Map<String, Double> numbersByName(String name) {
        JsonNode value = property(name);
        require(value.isObject(), name, "an object of numbers");
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> fields = value.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            numbers.put(field.getKey(), number(name, field.getValue()));
        }
        return numbers;
    }

    /**
     * Refuses properties that were not read.
     *
     * @throws IllegalArgumentException if there are others
     */
    public void requireAllRead() {
        List<String> unknown =
                names().stream().filter(name -> !read.contains(name)).toList();
        Require.that(
                unknown.isEmpty(),
                subject,
                "must have known properties only",
                unknown.isEmpty() ? "" : FoundText.quoted(unknown.get(0)),
                "read the file with the version that wrote it");
    }
}
