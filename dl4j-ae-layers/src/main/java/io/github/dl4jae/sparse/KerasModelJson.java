package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.penalty.ActivityPenalty;
import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.penalty.L2Penalty;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.shade.jackson.core.json.JsonReadFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.json.JsonMapper;

/**
 * Reads activity regularizers from the JSON configuration of a Keras model.
 *
 * <pre>
 * {"class_name": "Sequential" or "Functional" or "Model", "config": {"layers": [layer, …]}}
 * {"class_name": "Sequential", "config": [layer, …]}                      before Keras 2.2.3
 * layer = {"class_name": …, "config": {"name": …, "activity_regularizer": regularizer or null, …}}
 * regularizer = {"class_name": "L1" or "L2" or "L1L2", "config": {"l1": …, "l2": …}}
 * </pre>
 *
 * <p>Keras 3 adds fields ({@code module}, {@code registered_name}, {@code build_config}), which do not matter here.
 */
final class KerasModelJson {

    /** Python writes NaN and Infinity. */
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final Set<String> REGULARIZERS = Set.of("L1", "L2", "L1L2");
    private static final String SUBJECT = "KerasActivityPenalties";

    private final Map<String, List<ActivityPenalty>> byLayer = new LinkedHashMap<>();

    private KerasModelJson() {}

    /** Returns the penalties of each layer that has some, in the order of the model. */
    static Map<String, List<ActivityPenalty>> penalties(String json) {
        KerasModelJson reader = new KerasModelJson();
        reader.readModel(parse(json));
        return reader.byLayer;
    }

    private static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    SUBJECT + ": the configuration must be JSON, got '" + beginning(json) + "'; give the text of"
                            + " model.to_json()",
                    e);
        }
    }

    private static String beginning(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    private void readModel(JsonNode model) {
        JsonNode layers = layers(model);
        Require.that(
                layers.isArray(),
                SUBJECT,
                "the configuration must have class_name, config and, in it, a list of layers",
                "'" + beginning(model.toString()) + "'",
                "give the text of model.to_json() of a sequential or functional model");
        layers.forEach(this::readLayer);
    }

    private static JsonNode layers(JsonNode model) {
        JsonNode config = model.path("config");
        return config.isArray() ? config : config.path("layers");
    }

    private void readLayer(JsonNode layer) {
        if (layers(layer).isArray()) {
            readModel(layer);
            return;
        }
        JsonNode config = layer.path("config");
        String name = config.path("name").asText(layer.path("name").asText());
        for (String inner : List.of("layer", "forward_layer", "backward_layer")) {
            JsonNode regularizer = config.path(inner).path("config").path("activity_regularizer");
            Require.that(
                    isAbsent(regularizer),
                    SUBJECT,
                    "layer '" + name + "' must not wrap a layer with an activity_regularizer",
                    regularizer,
                    "set it to null, and add an ActivityRegularizationLayer to the imported network");
        }
        boolean isPenalty = layer.path("class_name").asText().equals("ActivityRegularization");
        List<ActivityPenalty> penalties = isPenalty ? weights(name, config) : regularizer(name, config);
        if (!penalties.isEmpty()) {
            byLayer.put(name, penalties);
        }
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static List<ActivityPenalty> regularizer(String layer, JsonNode config) {
        JsonNode regularizer = config.path("activity_regularizer");
        if (isAbsent(regularizer)) {
            return List.of();
        }
        Require.that(
                REGULARIZERS.contains(regularizer.path("class_name").asText()),
                SUBJECT,
                "the activity_regularizer of layer '" + layer + "' must be L1, L2 or L1L2",
                regularizer,
                "set it to null, and add an ActivityRegularizationLayer with a penalty of your own to the imported"
                        + " network");
        return weights(layer, regularizer.path("config"));
    }

    private static List<ActivityPenalty> weights(String layer, JsonNode config) {
        List<ActivityPenalty> penalties = new ArrayList<>();
        double l1 = weight(layer, "l1", config);
        double l2 = weight(layer, "l2", config);
        if (l1 > 0) {
            penalties.add(new L1Penalty(l1));
        }
        if (l2 > 0) {
            penalties.add(new L2Penalty(l2));
        }
        return List.copyOf(penalties);
    }

    private static double weight(String layer, String name, JsonNode config) {
        JsonNode weight = config.path(name);
        if (isAbsent(weight)) {
            return 0;
        }
        boolean holds = weight.isNumber() && weight.asDouble() >= 0 && Double.isFinite(weight.asDouble());
        Require.that(
                holds,
                SUBJECT,
                name + " of layer '" + layer + "' must be a finite number of 0 or more",
                weight,
                "correct the configuration");
        return weight.asDouble();
    }
}
