package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.io.JsonObject;
import io.github.dl4jae.internal.io.JsonText;
import io.github.dl4jae.internal.layer.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * What a bundle says about its network.
 *
 * @param codeLayer the name of the layer whose output is the code
 * @param codeIndex its index, if it is not named
 * @param output the name of the output that reconstructs
 * @param imageShape of the images that it was trained on
 * @param threshold of an anomaly score
 * @param featureNames one per feature; empty if unknown
 * @param metrics results by name
 */
record BundleDetails(
        @Nullable String codeLayer,
        @Nullable Integer codeIndex,
        @Nullable String output,
        @Nullable ImageShape imageShape,
        @Nullable Threshold threshold,
        List<String> featureNames,
        Map<String, Double> metrics) {

    static final String NAME = "bundle.json";

    ObjectNode toJson() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        if (codeLayer != null) {
            root.put("codeLayer", codeLayer);
        } else if (codeIndex != null) {
            root.put("codeLayer", codeIndex);
        }
        if (output != null) {
            root.put("output", output);
        }
        if (imageShape != null) {
            root.putObject("imageShape")
                    .put("height", imageShape.height())
                    .put("width", imageShape.width())
                    .put("channels", imageShape.channels());
        }
        if (threshold != null) {
            root.putObject("threshold").put("score", threshold.score()).put("value", threshold.value());
        }
        featureNames.forEach(root.putArray("featureNames")::add);
        ObjectNode numbers = root.putObject("metrics");
        metrics.forEach(numbers::put);
        return root;
    }

    static BundleDetails read(String subject, JsonText json) {
        JsonObject root = new JsonObject(subject, json.root());
        boolean named = root.isText("codeLayer");
        String codeLayer = named ? root.text("codeLayer") : null;
        Integer codeIndex = !named && root.has("codeLayer") ? root.integer("codeLayer") : null;
        String output = root.textOrNull("output");
        ImageShape imageShape = root.has("imageShape") ? imageShape(subject, root.object("imageShape")) : null;
        Threshold threshold = root.has("threshold") ? threshold(subject, root.object("threshold")) : null;
        BundleDetails details = new BundleDetails(
                codeLayer,
                codeIndex,
                output,
                imageShape,
                threshold,
                root.texts("featureNames"),
                root.numbersByName("metrics"));
        root.requireAllRead();
        return details;
    }

    private static ImageShape imageShape(String subject, JsonObject node) {
        int height = node.integer("height");
        int width = node.integer("width");
        int channels = node.integer("channels");
        node.requireAllRead();
        return checked(subject, () -> new ImageShape(height, width, channels));
    }

    private static Threshold threshold(String subject, JsonObject node) {
        String score = node.text("score");
        double value = node.number("value");
        node.requireAllRead();
        return checked(subject, () -> new Threshold(score, value));
    }

    /** Adds the entry of the file to the message of a refusal. */
    private static <T> T checked(String subject, Supplier<T> part) {
        try {
            return part.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(subject + ": " + e.getMessage(), e);
        }
    }

    /** Copies collections. */
    BundleDetails {
        featureNames = List.copyOf(featureNames);
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        metrics.forEach((name, value) -> Require.finite("ModelBundle", "metric '" + name + "'", value, ""));
    }
}
