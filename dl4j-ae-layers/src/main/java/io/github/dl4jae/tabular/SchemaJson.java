package io.github.dl4jae.tabular;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** A schema as JSON: one object per column, which says its kind. */
final class SchemaJson {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String VERSION = "dl4j-ae table schema 1";

    private SchemaJson() {}

    static String write(TableSchema schema) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("format", VERSION);
        TableFormat file = schema.format();
        root.putObject("file")
                .put("charset", file.charset().name())
                .put("delimiter", String.valueOf(file.delimiter()))
                .put("decimalSeparator", String.valueOf(file.decimalSeparator()))
                .put("header", file.header())
                .put("skippedLines", file.skippedLines());
        ArrayNode columns = root.putArray("columns");
        schema.columns().forEach(column -> write(column, columns.addObject()));
        TableTarget target = schema.target();
        if (target != null) {
            ObjectNode node = root.putObject("target").put("name", target.name());
            target.classes().forEach(node.putArray("classes")::add);
            if (target.numbers() != null) {
                ArrayNode numbers = node.putArray("numbers");
                for (double number : target.numbers()) {
                    numbers.add(number);
                }
            }
        }
        schema.missing().named().stream().sorted().forEach(root.putArray("missing")::add);
        root.put("infinityIsMissing", schema.missing().infinity());
        root.put("unseenLevel", schema.unseenLevel().name());
        schema.notes().forEach(root.putArray("notes")::add);
        try {
            return MAPPER.writeValueAsString(root);
        } catch (IOException e) {
            throw new IllegalStateException("TableSchema cannot be written as JSON", e);
        }
    }

    private static void write(TableColumn column, ObjectNode node) {
        node.put("name", column.name());
        if (column instanceof NumericColumn numeric) {
            node.put("kind", "number")
                    .put("mean", numeric.mean())
                    .put("deviation", numeric.deviation())
                    .put("decimals", numeric.decimals())
                    .put("typical", numeric.typical())
                    .put("imputed", numeric.imputed());
        } else if (column instanceof CountColumn count) {
            node.put("kind", "count").put("typical", count.typical()).put("imputed", count.imputed());
        } else if (column instanceof FlagColumn flag) {
            node.put("kind", "flag")
                    .put("off", flag.off())
                    .put("on", flag.on())
                    .put("number", flag.number())
                    .put("typical", flag.typical())
                    .put("imputed", flag.imputed());
        } else if (column instanceof CategoricalColumn categorical) {
            node.put("kind", "category");
            categorical.levels().forEach(node.putArray("levels")::add);
            node.put("typical", categorical.typical()).put("imputed", categorical.imputed());
        } else if (column instanceof DateColumn dates) {
            node.put("kind", "date")
                    .put("format", dates.format())
                    .put("mean", dates.mean())
                    .put("deviation", dates.deviation())
                    .put("times", dates.times())
                    .put("imputed", dates.imputed());
        } else if (column instanceof IndicatedColumn indicated) {
            node.put("kind", "indicated");
            write(indicated.column(), node.putObject("column"));
        } else if (column instanceof LeftOutColumn left) {
            node.put("kind", "left out").put("reason", left.reason());
        }
    }

    static TableSchema read(String json) {
        JsonNode root;
        try {
            root = MAPPER.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("TableSchema: the text must be JSON; use a result of toJson()", e);
        }
        if (!VERSION.equals(root.path("format").asText())) {
            throw new IllegalArgumentException("TableSchema: the JSON must have the format '" + VERSION + "', got '"
                    + root.path("format").asText() + "'; use a result of toJson()");
        }
        try {
            JsonNode file = root.get("file");
            List<TableColumn> columns = new ArrayList<>();
            root.get("columns").forEach(node -> columns.add(column(node)));
            return new TableSchema(
                    new TableFormat(
                            Charset.forName(file.get("charset").asText()),
                            file.get("delimiter").asText().charAt(0),
                            file.get("decimalSeparator").asText().charAt(0),
                            file.get("header").asBoolean(),
                            file.path("skippedLines").asInt()),
                    columns,
                    target(root.get("target")),
                    MissingValues.of(
                            new LinkedHashSet<>(texts(root.get("missing"))),
                            root.get("infinityIsMissing").asBoolean()),
                    UnseenLevel.valueOf(root.get("unseenLevel").asText()),
                    texts(root.get("notes")));
        } catch (NullPointerException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "TableSchema: the JSON must be complete, got one that was changed; use a result of toJson()", e);
        }
    }

    private static @Nullable TableTarget target(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        String name = node.get("name").asText();
        List<String> classes = texts(node.get("classes"));
        if (classes.isEmpty()) {
            return TableTarget.quantity(name);
        }
        double[] numbers = null;
        if (node.has("numbers")) {
            numbers = new double[classes.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = node.get("numbers").get(i).asDouble();
            }
        }
        return TableTarget.classes(name, classes, numbers);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static TableColumn column(JsonNode node) {
        String name = node.get("name").asText();
        boolean imputed = node.path("imputed").asBoolean();
        return switch (node.get("kind").asText()) {
            case "number" ->
                new NumericColumn(
                        name,
                        node.get("mean").asDouble(),
                        node.get("deviation").asDouble(),
                        node.get("decimals").asInt(),
                        node.get("typical").asDouble(),
                        imputed);
            case "count" -> new CountColumn(name, node.get("typical").asDouble(), imputed);
            case "flag" ->
                new FlagColumn(
                        name,
                        node.get("off").asText(),
                        node.get("on").asText(),
                        node.get("number").asBoolean(),
                        node.get("typical").asBoolean(),
                        imputed);
            case "category" ->
                new CategoricalColumn(
                        name, texts(node.get("levels")), node.get("typical").asText(), imputed);
            case "date" ->
                new DateColumn(
                        name,
                        node.get("format").asText(),
                        node.get("mean").asDouble(),
                        node.get("deviation").asDouble(),
                        node.get("times").asBoolean(),
                        imputed);
            case "indicated" -> new IndicatedColumn(column(node.get("column")));
            case "left out" -> new LeftOutColumn(name, node.get("reason").asText());
            default -> throw new IllegalArgumentException(node.get("kind").asText());
        };
    }
}
