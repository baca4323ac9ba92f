package io.github.dl4jae.runtime;

import io.github.dl4jae.internal.layer.Require;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * The findings of {@link Doctor}. {@code toString} returns aligned lines for people, {@link #toJson} a JSON
 * object; programs in Java read the components.
 *
 * @param machine the Java runtime and the processor
 * @param natives the native libraries and their settings
 * @param speed measured speeds
 * @param advice what to change for speed, memory or stability, one remedy per string; empty if all is well
 */
public record Diagnosis(Machine machine, Natives natives, Speed speed, List<String> advice) {

    private static final int WIDTH = 100;
    private static final double GIBI = 1L << 30;

    /**
     * Creates a diagnosis.
     *
     * @param machine the Java runtime and the processor
     * @param natives the native libraries and their settings
     * @param speed measured speeds
     * @param advice what to change, one remedy per string
     * @throws IllegalArgumentException if an argument is null
     */
    public Diagnosis {
        Require.given("Diagnosis", "machine", machine, "");
        Require.given("Diagnosis", "natives", natives, "");
        Require.given("Diagnosis", "speed", speed, "");
        advice = List.copyOf(Require.given("Diagnosis", "advice", advice, ""));
    }

    /**
     * Returns the findings as lines of a name and a value, and the advice below.
     *
     * @return several lines, the last one without a line break
     */
    @Override
    public String toString() {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("Java", machine.java());
        lines.put("Heap", "at most " + gibibytes(machine.heapBytes()));
        lines.put("Off-heap memory", bound(natives.offHeapBytes()) + "; process " + bound(natives.physicalBytes()));
        lines.put("Processors", machine.processors() + withFeatures());
        lines.put("ND4J", natives.backend() + ", " + orUnknown(natives.build()));
        lines.put("BLAS", orUnknown(natives.blas()));
        lines.put("BLAS kernel", orUnknown(natives.kernel()));
        lines.put("Threads", "BLAS " + orUnknown(natives.blasThreads()) + ", ND4J's loops " + natives.loopThreads());
        lines.put("Environment", environment());
        lines.put("Operands", natives.operandsProtected() ? "protected" : "not protected");
        lines.put("Products", format("%.0f GFLOP/s, 1024 × 1024 float32", speed.gigaflops()));
        lines.put(
                "Operations",
                format(
                        "%.1f µs on 4 × 3 values; sigmoid %.0f µs on 128 × 784",
                        speed.smallOperationMicros(), speed.largeOperationMicros()));
        lines.put("Training step", format("%.2f ms, 784-256-784, 128 examples", speed.stepMillis()));
        int longest = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        lines.forEach((name, value) -> text.append(name)
                .append(" ".repeat(longest + 2 - name.length()))
                .append(value)
                .append('\n'));
        text.append('\n')
                .append(advice.isEmpty() ? "No advice: the settings are those of docs/performance.md." : "Advice");
        advice.forEach(line -> text.append("\n- ").append(wrapped(line)));
        return text.toString();
    }

    /**
     * Returns the findings as a JSON object, whose names are those of the components.
     *
     * @return one line of JSON
     */
    public String toJson() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ObjectNode java = root.putObject("machine").put("java", machine.java());
        machine.options().forEach(java.putArray("options")::add);
        java.put("heapBytes", machine.heapBytes())
                .put("memoryBytes", machine.memoryBytes())
                .put("processors", machine.processors());
        machine.features().forEach(java.putArray("features")::add);
        ObjectNode libraries = root.putObject("natives")
                .put("backend", natives.backend())
                .put("build", natives.build())
                .put("blas", natives.blas())
                .put("kernel", natives.kernel())
                .put("blasThreads", natives.blasThreads())
                .put("loopThreads", natives.loopThreads());
        natives.environment().forEach(libraries.putObject("environment")::put);
        natives.exported().forEach(libraries.putObject("exported")::put);
        libraries
                .put("operandsProtected", natives.operandsProtected())
                .put("offHeapBytes", natives.offHeapBytes())
                .put("physicalBytes", natives.physicalBytes());
        root.putObject("speed")
                .put("gigaflops", speed.gigaflops())
                .put("smallOperationMicros", speed.smallOperationMicros())
                .put("largeOperationMicros", speed.largeOperationMicros())
                .put("stepMillis", speed.stepMillis());
        advice.forEach(root.putArray("advice")::add);
        return root.toString();
    }

    private String withFeatures() {
        return machine.features().isEmpty() ? "" : " (" + String.join(" ", machine.features()) + ")";
    }

    private String environment() {
        return natives.environment().isEmpty()
                ? "nothing set"
                : natives.environment().entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue()
                                + (natives.exported().containsKey(entry.getKey()) ? " (by dl4j-ae)" : ""))
                        .collect(Collectors.joining(", "));
    }

    private static String bound(long bytes) {
        return bytes <= 0 ? "without a bound" : "at most " + gibibytes(bytes);
    }

    private static String gibibytes(long bytes) {
        return format("%.1f GiB", bytes / GIBI);
    }

    private static String orUnknown(String value) {
        return value.isEmpty() ? "unknown" : value;
    }

    private static String orUnknown(int value) {
        return value == 0 ? "unknown" : Integer.toString(value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** Breaks a text into lines, the second and later ones indented. */
    private static String wrapped(String text) {
        StringBuilder lines = new StringBuilder();
        int length = 0;
        for (String word : text.split(" ", -1)) {
            if (length > 0 && length + 1 + word.length() > WIDTH) {
                lines.append("\n  ");
                length = 0;
            } else if (length > 0) {
                lines.append(' ');
                length++;
            }
            lines.append(word);
            length += word.length();
        }
        return lines.toString();
    }
}
