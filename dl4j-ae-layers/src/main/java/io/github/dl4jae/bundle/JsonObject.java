package io.github.dl4jae.bundle;

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
final class JsonObject {

    private final String subject;
    private final JsonNode node;
    private final Set<String> read = new HashSet<>();

    JsonObject(String subject, JsonNode node) {
        this.subject = subject;
        this.node = node;
    }

    boolean has(String name) {
        return node.has(name);
    }

    List<String> names() {
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

    String text(String name) {
        JsonNode value = property(name);
        require(value.isTextual(), name, "a text");
        return value.textValue();
    }

    @Nullable
    String textOrNull(String name) {
        return has(name) ? text(name) : null;
    }

    double number(String name) {
        return number(name, property(name));
    }

    private double number(String name, JsonNode value) {
        require(value.isNumber(), name, "a number");
        return value.doubleValue();
    }

    int integer(String name) {
        JsonNode value = property(name);
        require(value.isIntegralNumber() && value.canConvertToInt(), name, "an integer");
        return value.intValue();
    }

    long size(String name) {
        JsonNode value = property(name);
        require(value.isIntegralNumber() && value.canConvertToLong(), name, "an integer");
        return value.longValue();
    }

    boolean isText(String name) {
        return node.path(name).isTextual();
    }

    boolean flag(String name) {
        JsonNode value = property(name);
        require(value.isBoolean(), name, "true or false");
        return value.booleanValue();
    }

    JsonObject object(String name) {
        JsonNode value = property(name);
        require(value.isObject(), name, "an object");
        return new JsonObject(subject + ": " + FoundText.quoted(name), value);
    }

    double[] numbers(String name) {
        JsonNode value = property(name);
        require(value.isArray(), name, "a list of numbers");
        double[] numbers = new double[value.size()];
        int i = 0;
        for (JsonNode each : value) {
            numbers[i++] = number(name, each);
        }
        return numbers;
    }

    List<String> texts(String name) {
        JsonNode value = property(name);
        require(value.isArray(), name, "a list of texts");
        List<String> texts = new ArrayList<>();
        for (JsonNode each : value) {
            require(each.isTextual(), name, "a list of texts");
            texts.add(each.textValue());
        }
        return texts;
    }

    Map<String, Double> numbersByName(String name) {
        JsonNode value = property(name);
        require(value.isObject(), name, "an object of numbers");
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> fields = value.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            numbers.put(field.getKey(), number(name, field.getValue()));
        }
        return numbers;
    }

    void requireAllRead() {
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
