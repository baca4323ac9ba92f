package io.github.dl4jae.anomaly;

import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.tabular.TableSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A detector as a bundle: the first network is that of the bundle; the parameters of the others, the numbers of the
 * score and the held-out scores are attachments.
 */
final class DetectorFile {

    private static final String NAME = AnomalyDetector.NAME;
    private static final String DOCUMENT = "anomaly";
    private static final String ARRAY = "anomaly-array-";
    private static final String PARAMETERS = "anomaly-network-";
    private static final int VERSION = 1;
    private static final int MOST_MODELS = 1000;

    private DetectorFile() {}

    static boolean isIn(ModelBundle bundle) {
        return bundle.textAttachment(DOCUMENT) != null;
    }

    static ModelBundle write(DetectorParts parts) {
        List<ModelBundle> models = parts.models();
        Require.that(
                !models.isEmpty(),
                NAME,
                "saving needs the networks of the score",
                "none",
                "pass their bundles to Builder.calibrate");
        ObjectNode root = new ObjectMapper().createObjectNode();
        List<double[]> arrays = new ArrayList<>();
        root.put("version", VERSION).put("networks", models.size());
        ScoreWriter.store(parts.score(), new ScoreWriter(root.putObject("score"), arrays, models));
        AnomalyThreshold threshold = parts.threshold();
        root.putObject("threshold")
                .put("value", threshold.value())
                .put("alarmRate", threshold.alarmRate())
                .put("lowestRate", threshold.lowestRate())
                .put("highestRate", threshold.highestRate())
                .put("confidence", threshold.confidence())
                .put("method", threshold.method().name());
        root.put("prevalence", parts.prevalence());
        ScoreWriter numbers = new ScoreWriter(root, arrays, List.of());
        numbers.array("heldOut", parts.heldOut().scores());
        TablePreparation preparation = parts.preparation();
        if (preparation != null) {
            preparation.store(new ScoreWriter(root.putObject("preparation"), arrays, List.of()));
        }
        PopulationStability reference = parts.reference();
        if (reference != null) {
            writeColumns(reference, root.putArray("columns"), arrays);
        }
        ModelBundle.Builder bundle = models.get(0).toBuilder()
                .threshold(parts.score().name(), threshold.value())
                .attachment(DOCUMENT, root.toString());
        for (int i = 0; i < arrays.size(); i++) {
            bundle.attachment(ARRAY + i, arrays.get(i));
        }
        for (int i = 1; i < models.size(); i++) {
            bundle.attachment(PARAMETERS + i, parameters(models.get(i)));
        }
        return bundle.build();
    }

    private static double[] parameters(ModelBundle model) {
        return model.network().params().castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    private static void writeColumns(PopulationStability reference, ArrayNode list, List<double[]> arrays) {
        for (int c = 0; c < reference.columns().size(); c++) {
            ColumnBins bins = reference.columns().get(c);
            ScoreWriter out = new ScoreWriter(list.addObject(), arrays, List.of());
            out.array("features", Arrays.stream(bins.places()).asDoubleStream().toArray());
            out.array("edges", bins.edges());
            out.flag("categories", bins.isCategory());
            out.array("counts", reference.counts().get(c));
        }
    }

    static DetectorParts read(ModelBundle bundle) {
        JsonNode root = root(bundle);
        List<ModelBundle> models = new ArrayList<>(List.of(bundle));
        List<double[]> arrays = arrays(bundle);
        ScoreReader numbers = new ScoreReader(root, arrays, models);
        int version = numbers.integer("version", 1, Integer.MAX_VALUE);
        Require.that(version == VERSION, NAME, "the file's version must be " + VERSION, version, "use a newer library");
        for (int i = 1; i < numbers.integer("networks", 1, MOST_MODELS); i++) {
            models.add(bundle.withParameters(attachment(bundle, PARAMETERS + i)));
        }
        ScoreReader score = new ScoreReader(object(root, "score"), arrays, models);
        return new DetectorParts(
                score.score(),
                preparation(bundle.schema(), root, arrays),
                ScoreDistribution.of(numbers.array("heldOut")),
                threshold(new ScoreReader(object(root, "threshold"), List.of(), List.of())),
                AnomalyThreshold.requireInside("the file's prevalence", numbers.number("prevalence")),
                models,
                reference(bundle.schema(), root, arrays));
    }

    private static JsonNode root(ModelBundle bundle) {
        String text = Require.given(
                NAME,
                "the attachment '" + DOCUMENT + "'",
                bundle.textAttachment(DOCUMENT),
                "the file must be one that AnomalyDetector.save wrote");
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(NAME + ": the file must have JSON, got an error", e);
        }
    }

    private static JsonNode object(JsonNode root, String name) {
        return Require.given(NAME, "the file's " + name, root.get(name), "the file is damaged");
    }

    private static double[] attachment(ModelBundle bundle, String name) {
        return Require.given(
                NAME, "the attachment '" + name + "'", bundle.arrayAttachment(name), "the file is damaged");
    }

    private static List<double[]> arrays(ModelBundle bundle) {
        List<double[]> arrays = new ArrayList<>();
        for (double[] each = bundle.arrayAttachment(ARRAY + 0);
                each != null;
                each = bundle.arrayAttachment(ARRAY + arrays.size())) {
            arrays.add(each);
        }
        Require.that(!arrays.isEmpty(), NAME, "the file must have arrays", "none", "the file is damaged");
        return arrays;
    }

    private static AnomalyThreshold threshold(ScoreReader in) {
        String method = in.text("method");
        Require.that(
                Arrays.stream(AnomalyThreshold.Method.values())
                        .anyMatch(each -> each.name().equals(method)),
                NAME,
                "the file's method must be known",
                "another",
                "");
        return new AnomalyThreshold(
                in.number("value"),
                in.number("alarmRate"),
                in.number("lowestRate"),
                in.number("highestRate"),
                in.number("confidence"),
                AnomalyThreshold.Method.valueOf(method));
    }

    private static @Nullable TablePreparation preparation(
            @Nullable TableSchema schema, JsonNode root, List<double[]> arrays) {
        JsonNode node = root.get("preparation");
        return schema == null || node == null
                ? null
                : TablePreparation.read(
                        new ScoreReader(node, arrays, List.of()), schema.names().size());
    }

    private static @Nullable PopulationStability reference(
            @Nullable TableSchema schema, JsonNode root, List<double[]> arrays) {
        JsonNode list = root.get("columns");
        if (schema == null || list == null) {
            return null;
        }
        Require.that(
                list.size() == schema.columnNames().size(),
                NAME,
                "the file's columns must be those of the schema",
                list.size(),
                "");
        List<ColumnBins> columns = new ArrayList<>();
        List<double[]> counts = new ArrayList<>();
        for (JsonNode each : list) {
            ScoreReader in = new ScoreReader(each, arrays, List.of());
            int[] places =
                    Arrays.stream(in.array("features")).mapToInt(j -> (int) j).toArray();
            ColumnBins bins = new ColumnBins(places, in.array("edges"), in.flag("categories"));
            boolean inside = Arrays.stream(places)
                    .allMatch(j -> j >= 0 && j < schema.names().size());
            Require.that(
                    inside && in.array("counts").length == bins.size(),
                    NAME,
                    "the file's columns must have one count per bin",
                    in.array("counts").length,
                    "");
            columns.add(bins);
            counts.add(in.array("counts"));
        }
        return PopulationStability.of(schema, columns, counts);
    }
}
