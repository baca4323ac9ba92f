package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.layer.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * What a bundle says about its network.
 *
 * @param codeLayer the name of the layer whose output is the code
 * @param codeIndex its index, if it is not named
 * @param output the name of the output that reconstructs
 * @param threshold of an anomaly score
 * @param featureNames one per feature; empty if unknown
 * @param metrics results by name
 */
record BundleDetails(
        @Nullable String codeLayer,
        @Nullable Integer codeIndex,
        @Nullable String output,
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
        Threshold threshold = null;
        if (root.has("threshold")) {
            JsonObject node = root.object("threshold");
            threshold = new Threshold(node.text("score"), node.number("value"));
            node.requireAllRead();
        }
        BundleDetails details = new BundleDetails(
                codeLayer, codeIndex, output, threshold, root.texts("featureNames"), root.numbersByName("metrics"));
        root.requireAllRead();
        return details;
    }

    /** Copies collections. */
    BundleDetails {
        featureNames = List.copyOf(featureNames);
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        metrics.forEach((name, value) -> Require.finite("ModelBundle", "metric '" + name + "'", value, ""));
    }
}
