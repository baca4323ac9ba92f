package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.io.FoundText;
import io.github.dl4jae.internal.io.JsonObject;
import io.github.dl4jae.internal.io.JsonText;
import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * The contents of cfg.json, as far as they decide what a dictionary computes.
 *
 * @param architecture decides the tensors and the encoder
 * @param inputs d_in
 * @param units d_sae
 * @param outputs d_out of transcoders; d_in for others
 * @param type of the parameters: DOUBLE or FLOAT
 * @param centered apply_b_dec_to_input
 * @param k of TopK; 0 for others
 * @param rescaled rescale_acts_by_decoder_norm
 * @param scaledInput whether normalize_activations is expected_average_only_in
 * @param metadata texts, numbers and booleans by name
 */
record SaeLensConfiguration(
        SaeLensArchitecture architecture,
        int inputs,
        int units,
        int outputs,
        DataType type,
        boolean centered,
        int k,
        boolean rescaled,
        boolean scaledInput,
        Map<String, Object> metadata) {

    private static final int MOST_BYTES = 1 << 20;

    /** The first version with these keys. SAELens takes a file without a version for an older one. */
    private static final String FORMAT_VERSION = "6.0.0";

    private static final String VERSION = "sae_lens_version";
    /** Metadata in the flat configurations before version 6, and their names since. */
    private static final Map<String, String> FLAT_METADATA = Map.ofEntries(
            Map.entry("model_name", "model_name"),
            Map.entry("model_class_name", "model_class_name"),
            Map.entry("hook_name", "hook_name"),
            Map.entry("hook_point", "hook_name"),
            Map.entry("hook_head_index", "hook_head_index"),
            Map.entry("hook_point_head_index", "hook_head_index"),
            Map.entry("prepend_bos", "prepend_bos"),
            Map.entry("context_size", "context_size"),
            Map.entry("dataset_path", "dataset_path"),
            Map.entry("neuronpedia_id", "neuronpedia_id"),
            Map.entry(VERSION, VERSION),
            Map.entry("sae_lens_training_version", "sae_lens_training_version"));

    /**
     * Reads a configuration.
     *
     * @param subject the start of error messages
     * @param bytes of cfg.json
     * @return its contents
     * @throws IllegalArgumentException if it is malformed, or of a dictionary that this library cannot compute
     */
    static SaeLensConfiguration read(String subject, byte[] bytes) {
        Require.that(
                bytes.length <= MOST_BYTES,
                subject,
                "must have at most " + MOST_BYTES + " bytes",
                "more",
                "the file is no configuration of SAELens");
        ObjectNode root =
                (ObjectNode) JsonText.of(subject, bytes, MOST_BYTES, "").root();
        // SAELens writes null for what is not set
        root.retain(namesOfValues(root));
        return new Reader(subject, root).read();
    }

    /** Returns the most bytes that are worth reading: one more than a file can have. */
    static int mostBytes() {
        return MOST_BYTES + 1;
    }

    private static List<String> namesOfValues(ObjectNode root) {
        List<String> names = new ArrayList<>();
        root.fields().forEachRemaining(field -> {
            if (!field.getValue().isNull()) {
                names.add(field.getKey());
            }
        });
        return names;
    }

    /** Reads the present keys, and where they are missing those of flat configurations. */
    private static final class Reader {

        private final String subject;
        private final JsonNode root;
        private final JsonObject json;

        Reader(String subject, JsonNode root) {
            this.subject = subject;
            this.root = root;
            this.json = new JsonObject(subject, root);
        }

        SaeLensConfiguration read() {
            int inputs = positive("d_in");
            int units = positive("d_sae");
            String activation = text("activation_fn", text("activation_fn_str", "relu"));
            boolean topK = activation.equals("topk");
            SaeLensArchitecture architecture =
                    topK ? SaeLensArchitecture.TOPK : architecture(text("architecture", "standard"));
            Require.that(
                    topK || activation.equals("relu"),
                    subject,
                    "activation_fn must be relu or topk",
                    FoundText.quoted(activation),
                    "");
            int outputs = outputs(architecture, inputs);
            boolean centered = flag("apply_b_dec_to_input", !architecture.isTranscoder());
            Require.that(
                    !centered || !architecture.isTranscoder(),
                    subject,
                    "apply_b_dec_to_input must be false for a transcoder",
                    true,
                    "b_dec has the width of the output");
            boolean rescaled = flag("rescale_acts_by_decoder_norm", false);
            boolean isTopK = architecture.codes() == SaeLensArchitecture.Codes.TOPK;
            Require.that(
                    isTopK || !rescaled,
                    subject,
                    "rescale_acts_by_decoder_norm must be false for " + architecture.key(),
                    true,
                    "fold the norms into the encoder");
            String reshape = text("reshape_activations", "none");
            Require.that(
                    reshape.equals("none") || reshape.equals("hook_z"),
                    subject,
                    "reshape_activations must be none or hook_z",
                    FoundText.quoted(reshape),
                    "");
            return new SaeLensConfiguration(
                    architecture,
                    inputs,
                    units,
                    outputs,
                    type(),
                    centered,
                    isTopK ? k(units) : 0,
                    rescaled,
                    scaledInput(),
                    metadata());
        }

        private String text(String name, String otherwise) {
            return json.has(name) ? json.text(name) : otherwise;
        }

        private boolean flag(String name, boolean otherwise) {
            return json.has(name) ? json.flag(name) : otherwise;
        }

        private int positive(String name) {
            return Require.atLeast(1, subject, name, json.integer(name), "");
        }

        private SaeLensArchitecture architecture(String key) {
            return SaeLensArchitecture.named(key)
                    .orElseThrow(() -> new IllegalArgumentException(subject + ": architecture must be one of "
                            + SaeLensArchitecture.keys() + ", got " + FoundText.quoted(key)
                            + "; SAELens saves BatchTopK and Matryoshka dictionaries for inference as jumprelu"));
        }

        private int outputs(SaeLensArchitecture architecture, int inputs) {
            if (architecture.isTranscoder()) {
                return positive("d_out");
            }
            int outputs = json.has("d_out") ? positive("d_out") : inputs;
            Require.that(
                    outputs == inputs,
                    subject,
                    "d_out must be d_in, " + inputs + ", for " + architecture.key(),
                    outputs,
                    "a transcoder has the architecture transcoder");
            return outputs;
        }

        private DataType type() {
            String type = text("dtype", "float32");
            String name = type.startsWith("torch.") ? type.substring("torch.".length()) : type;
            return switch (name) {
                case "float64" -> DataType.DOUBLE;
                case "float32", "float16", "bfloat16" -> DataType.FLOAT;
                default ->
                    throw new IllegalArgumentException(subject
                            + ": dtype must be float64, float32, float16 or bfloat16, got " + FoundText.quoted(type));
            };
        }

        private int k(int units) {
            JsonObject owner =
                    json.has("k") || !json.has("activation_fn_kwargs") ? json : json.object("activation_fn_kwargs");
            int k = owner.integer("k");
            Require.that(k >= 1 && k <= units, subject, "k must be in [1, " + units + "], the number of units", k, "");
            return k;
        }

        /** Before version 2, the normalization is a boolean. */
        private boolean scaledInput() {
            if (root.path("normalize_activations").isBoolean()) {
                return json.flag("normalize_activations");
            }
            String normalization = text("normalize_activations", "none");
            Require.that(
                    normalization.equals("none") || normalization.equals("expected_average_only_in"),
                    subject,
                    "normalize_activations must be none or expected_average_only_in",
                    FoundText.quoted(normalization),
                    "a dictionary does not normalize single examples: do it before encoding, and set none");
            return normalization.equals("expected_average_only_in");
        }

        private Map<String, Object> metadata() {
            Map<String, Object> values = new LinkedHashMap<>();
            if (json.has("metadata")) {
                json.object("metadata");
                root.get("metadata").fields().forEachRemaining(field -> add(values, field.getKey(), field.getValue()));
            } else {
                root.fields().forEachRemaining(field -> {
                    String name = FLAT_METADATA.get(field.getKey());
                    if (name != null) {
                        add(values, name, field.getValue());
                    }
                });
            }
            return values;
        }

        /** Adds a text, a number or a boolean; lists and objects are left out. */
        private static void add(Map<String, Object> values, String name, JsonNode value) {
            if (value.isTextual()) {
                values.put(name, value.textValue());
            } else if (value.isBoolean()) {
                values.put(name, value.booleanValue());
            } else if (value.isIntegralNumber()) {
                values.put(name, value.longValue());
            } else if (value.isNumber()) {
                values.put(name, value.doubleValue());
            }
        }
    }

    private static JsonNode node(Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value instanceof String text) {
            return nodes.textNode(text);
        } else if (value instanceof Boolean flag) {
            return nodes.booleanNode(flag);
        } else if (value instanceof Long integer) {
            return nodes.numberNode(integer);
        }
        return nodes.numberNode(((Number) value).doubleValue());
    }

    /**
     * Returns the contents of cfg.json.
     *
     * @return JSON with the keys of SAELens 6
     */
    String toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("architecture", architecture.key());
        json.put("d_in", inputs);
        json.put("d_sae", units);
        if (architecture.isTranscoder()) {
            json.put("d_out", outputs);
        }
        if (architecture.codes() == SaeLensArchitecture.Codes.TOPK) {
            json.put("k", k);
            json.put("rescale_acts_by_decoder_norm", rescaled);
        }
        json.put("dtype", type == DataType.DOUBLE ? "float64" : "float32");
        json.put("device", "cpu");
        json.put("apply_b_dec_to_input", centered);
        json.put("normalize_activations", "none");
        json.put("reshape_activations", "none");
        ObjectNode texts = json.putObject("metadata");
        metadata.forEach((name, value) -> texts.set(name, node(value)));
        texts.put(VERSION, FORMAT_VERSION);
        return json.toPrettyString();
    }
}
