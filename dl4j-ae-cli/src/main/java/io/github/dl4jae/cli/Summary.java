package io.github.dl4jae.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** What a command prints in the end: aligned lines for people, or a JSON object for programs. */
final class Summary {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Map<String, Object> values = new LinkedHashMap<>();

    /** Adds a text, a number, a list, or a map of names to such values. */
    Summary add(String name, Object value) {
        values.put(name, value);
        return this;
    }

    /** Prints one line of JSON, or the lines of text. */
    void print(PrintWriter out, boolean json) throws IOException {
        out.println(json ? MAPPER.writeValueAsString(values) : text());
        out.flush();
    }

    private String text() {
        int width = values.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> {
            List<String> lines = lines(value);
            for (int i = 0; i < lines.size(); i++) {
                String label = i == 0 ? name : "";
                text.append(text.isEmpty() ? "" : System.lineSeparator())
                        .append(label)
                        .append(" ".repeat(width + 2 - label.length()))
                        .append(lines.get(i));
            }
        });
        return text.toString();
    }

    private static List<String> lines(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + shown(entry.getValue()))
                    .toList();
        } else if (value instanceof List<?> list) {
            return list.stream().map(Summary::shown).toList();
        }
        return List.of(shown(value));
    }

    private static String shown(Object value) {
        return value instanceof Double number && number != Math.rint(number)
                ? Main.shown(number)
                : value instanceof Double whole && Math.abs(whole) < 1e15
                        ? String.valueOf(Math.round(whole))
                        : String.valueOf(value);
    }
}
