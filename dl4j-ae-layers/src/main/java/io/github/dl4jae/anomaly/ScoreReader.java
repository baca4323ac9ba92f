package io.github.dl4jae.anomaly;

import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.variational.VariationalModel;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.shade.jackson.databind.JsonNode;

/** Reads what {@link ScoreWriter} wrote. Everything is checked: the file can come from anywhere. */
final class ScoreReader {

    private static final String SUBJECT = "AnomalyDetector: the file's score";
    private static final int DEEPEST = 8;

    private final JsonNode node;
    private final List<double[]> arrays;
    private final List<ModelBundle> models;
    private final int depth;

    ScoreReader(JsonNode node, List<double[]> arrays, List<ModelBundle> models) {
        this(node, arrays, models, 0);
    }

    private ScoreReader(JsonNode node, List<double[]> arrays, List<ModelBundle> models, int depth) {
        Require.that(depth <= DEEPEST, SUBJECT, "must have at most " + DEEPEST + " levels", depth, "");
        this.node = node;
        this.arrays = arrays;
        this.models = models;
        this.depth = depth;
    }

    private JsonNode property(String name) {
        return Require.given(SUBJECT, name, node.get(name), "the file is damaged, or from a newer version");
    }

    int integer(String name, int least, int most) {
        JsonNode value = property(name);
        Require.that(
                value.isInt() && value.intValue() >= least && value.intValue() <= most,
                SUBJECT,
                name + " must be an integer in [" + least + ", " + most + "]",
                "another value",
                "");
        return value.intValue();
    }

    long seed(String name) {
        JsonNode value = property(name);
        Require.that(value.isIntegralNumber(), SUBJECT, name + " must be an integer", "another value", "");
        return value.longValue();
    }

    boolean flag(String name) {
        JsonNode value = property(name);
        Require.that(value.isBoolean(), SUBJECT, name + " must be true or false", "another value", "");
        return value.booleanValue();
    }

    double number(String name) {
        JsonNode value = property(name);
        Require.that(value.isNumber(), SUBJECT, name + " must be a number", "another value", "");
        return value.doubleValue();
    }

    String text(String name) {
        JsonNode value = property(name);
        Require.that(value.isTextual(), SUBJECT, name + " must be a text", "another value", "");
        return value.textValue();
    }

    ModelBundle model() {
        return models.get(integer("model", 0, models.size() - 1));
    }

    VariationalModel variationalModel() {
        return model().variationalModel();
    }

    int samples() {
        return integer("samples", 1, Integer.MAX_VALUE);
    }

    double[] array(String name) {
        return arrays.get(integer(name, 0, arrays.size() - 1));
    }

    double[][] matrix(String name) {
        double[] values = array(name);
        int width = integer(name + "Width", 1, Math.max(1, values.length));
        Require.that(
                values.length > 0 && values.length % width == 0,
                SUBJECT,
                name + " must have rows of " + width + " numbers",
                values.length + " numbers",
                "");
        double[][] rows = new double[values.length / width][width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values, i * width, rows[i], 0, width);
        }
        return rows;
    }

    ResidualScale scale() {
        double[] means = array("means");
        double[] deviations = array("deviations");
        boolean positive = true;
        for (double each : deviations) {
            positive &= each > 0;
        }
        Require.that(
                means.length == deviations.length && positive,
                SUBJECT,
                "deviations must be positive, one per mean",
                deviations.length + " for " + means.length + " means",
                "");
        return new ResidualScale(means, deviations);
    }

    /** Returns the elements of a list. */
    List<ScoreReader> objects(String name) {
        JsonNode list = property(name);
        Require.that(list.isArray() && !list.isEmpty(), SUBJECT, name + " must be a list", "another value", "");
        List<ScoreReader> objects = new ArrayList<>();
        list.forEach(each -> objects.add(new ScoreReader(each, arrays, models, depth + 1)));
        return objects;
    }

    List<AnomalyScore> scores(String name) {
        return objects(name).stream().map(ScoreReader::score).toList();
    }

    /** Reads a score of any kind. */
    AnomalyScore score() {
        String kind = text("kind");
        return switch (kind) {
            case SquaredErrorScore.KIND -> SquaredErrorScore.of(model().autoencoder());
            case StandardizedErrorScore.KIND -> StandardizedErrorScore.read(this);
            case ResidualMahalanobisScore.KIND -> ResidualMahalanobisScore.read(this);
            case LatentMahalanobisScore.KIND -> LatentMahalanobisScore.read(this);
            case LatentNeighborScore.KIND -> LatentNeighborScore.read(this);
            case ReconstructionNeighborScore.KIND -> ReconstructionNeighborScore.read(this);
            case RankAverageScore.KIND -> RankAverageScore.read(this);
            case ReconstructionProbabilityScore.KIND -> ReconstructionProbabilityScore.read(this);
            case NegativeElboScore.KIND -> NegativeElboScore.read(this);
            case NegativeLogLikelihoodScore.KIND -> NegativeLogLikelihoodScore.read(this);
            case LikelihoodRegretScore.KIND -> LikelihoodRegretScore.read(this);
            case DeepSvddScore.KIND -> DeepSvddScore.read(this);
            case StandardizedAverageScore.KIND -> StandardizedAverageScore.read(this);
            default ->
                throw new IllegalArgumentException(SUBJECT + ": kind must be one that this version knows, got '"
                        + kind.substring(0, Math.min(40, kind.length())) + "'; read the file with a newer version");
        };
    }
}
