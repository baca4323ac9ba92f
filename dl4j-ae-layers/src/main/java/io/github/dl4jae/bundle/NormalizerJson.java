package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.io.FoundText;
import io.github.dl4jae.internal.io.JsonObject;
import io.github.dl4jae.internal.layer.Require;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Stock normalizers of three kinds as JSON. */
final class NormalizerJson {

    private static final String STANDARDIZE = "standardize";
    private static final String MIN_MAX = "min-max";
    private static final String IMAGE = "image";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private NormalizerJson() {}

    static ObjectNode write(String subject, DataNormalization normalizer) {
        ObjectNode root = MAPPER.createObjectNode();
        if (normalizer instanceof NormalizerStandardize standardize) {
            root.put("kind", STANDARDIZE);
            write(subject, root, "mean", fitted(subject, standardize::getMean));
            write(subject, root, "deviation", standardize.getStd());
            if (standardize.isFitLabel()) {
                write(subject, root, "labelMean", standardize.getLabelMean());
                write(subject, root, "labelDeviation", standardize.getLabelStd());
            }
        } else if (normalizer instanceof NormalizerMinMaxScaler minMax) {
            root.put("kind", MIN_MAX).put("from", minMax.getTargetMin()).put("to", minMax.getTargetMax());
            write(subject, root, "min", fitted(subject, minMax::getMin));
            write(subject, root, "max", minMax.getMax());
            if (minMax.isFitLabel()) {
                write(subject, root, "labelMin", minMax.getLabelMin());
                write(subject, root, "labelMax", minMax.getLabelMax());
            }
        } else if (normalizer instanceof ImagePreProcessingScaler image) {
            root.put("kind", IMAGE)
                    .put("from", image.getMinRange())
                    .put("to", image.getMaxRange())
                    .put("bits", image.getMaxBits())
                    .put("largestPixel", image.getMaxPixelVal())
                    .put("labels", image.isFitLabels());
        } else {
            throw new IllegalArgumentException(subject + ": normalizer must be a NormalizerStandardize, a"
                    + " NormalizerMinMaxScaler or an ImagePreProcessingScaler, got "
                    + normalizer.getClass().getName() + "; make its transformation part of the network");
        }
        return root;
    }

    /** Returns statistics, which an unfitted normalizer does not have. */
    private static INDArray fitted(String subject, Supplier<@Nullable INDArray> statistics) {
        INDArray array;
        try {
            array = statistics.get();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(subject + ": normalizer must be fitted, got no statistics; call fit", e);
        }
        return Require.given(subject, "the normalizer's statistics", array, "call fit");
    }

    private static void write(String subject, ObjectNode root, String name, INDArray array) {
        NetworkData.requireFinite(subject, "the normalizer's " + name, array);
        ObjectNode node = root.putObject(name);
        node.put("dataType", array.dataType().name());
        ArrayNode shape = node.putArray("shape");
        for (long size : array.shape()) {
            shape.add(size);
        }
        ArrayNode values = node.putArray("values");
        for (long i = 0; i < array.length(); i++) {
            values.add(array.getDouble(i));
        }
    }

    static DataNormalization read(String subject, JsonNode root) {
        JsonObject json = new JsonObject(subject, root);
        DataNormalization normalizer =
                switch (json.text("kind")) {
                    case STANDARDIZE -> standardize(subject, json);
                    case MIN_MAX -> minMax(subject, json);
                    case IMAGE -> image(json);
                    default ->
                        throw new IllegalArgumentException(subject + ": kind must be " + STANDARDIZE + ", " + MIN_MAX
                                + " or " + IMAGE + ", got " + FoundText.quoted(json.text("kind")));
                };
        json.requireAllRead();
        return normalizer;
    }

    private static DataNormalization standardize(String subject, JsonObject json) {
        INDArray[] features = pair(subject, json, "mean", "deviation");
        if (!json.has("labelMean")) {
            return new NormalizerStandardize(features[0], features[1]);
        }
        INDArray[] labels = pair(subject, json, "labelMean", "labelDeviation");
        return new NormalizerStandardize(features[0], features[1], labels[0], labels[1]);
    }

    private static DataNormalization minMax(String subject, JsonObject json) {
        NormalizerMinMaxScaler scaler = new NormalizerMinMaxScaler(json.number("from"), json.number("to"));
        INDArray[] features = pair(subject, json, "min", "max");
        scaler.setFeatureStats(features[0], features[1]);
        if (json.has("labelMin")) {
            scaler.fitLabel(true);
            INDArray[] labels = pair(subject, json, "labelMin", "labelMax");
            scaler.setLabelStats(labels[0], labels[1]);
        }
        return scaler;
    }

    private static INDArray[] pair(String subject, JsonObject json, String first, String second) {
        INDArray[] pair = {array(subject, json, first), array(subject, json, second)};
        Require.that(
                pair[0].length() == pair[1].length() && pair[0].dataType() == pair[1].dataType(),
                subject,
                first + " and " + second + " must have one length and type",
                pair[0].length() + " and " + pair[1].length() + " values",
                "");
        return pair;
    }

    private static DataNormalization image(JsonObject json) {
        ImagePreProcessingScaler scaler = new ImagePreProcessingScaler(json.number("from"), json.number("to"));
        scaler.setMaxBits(json.integer("bits"));
        scaler.setMaxPixelVal(json.number("largestPixel"));
        scaler.fitLabel(json.flag("labels"));
        return scaler;
    }

    private static INDArray array(String subject, JsonObject json, String name) {
        JsonObject node = json.object(name);
        String type = node.text("dataType");
        Require.that(
                type.equals("FLOAT") || type.equals("DOUBLE"),
                subject,
                name + " must be FLOAT or DOUBLE",
                FoundText.quoted(type),
                "");
        double[] values = node.numbers("values");
        double[] shape = node.numbers("shape");
        boolean vector = shape.length == 1 || (shape.length == 2 && shape[0] == 1);
        vector = vector && values.length > 0 && shape[shape.length - 1] == values.length;
        Require.that(vector, subject, name + " must be a vector of its values", "another shape", "");
        node.requireAllRead();
        INDArray array = Nd4j.create(values).castTo(DataType.valueOf(type));
        return shape.length == 1 ? array : array.reshape(1, values.length);
    }
}
