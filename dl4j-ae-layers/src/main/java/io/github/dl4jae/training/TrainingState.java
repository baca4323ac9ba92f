package io.github.dl4jae.training;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** The progress of a training, without the network. */
final class TrainingState {

    final List<CurvePoint> curve = new ArrayList<>();
    /** The counts of the network at the beginning. */
    int firstIteration;

    int firstEpoch;
    /** Completed epochs. */
    int epoch;
    /** Completed steps of the epoch that has begun. */
    int stepInEpoch;
    /** Completed steps. */
    long step;
    /** The sum of the scores since the last point of the curve, and their number. */
    double scoreSum;

    long scores;
    /** Seconds since the last point of the curve, without those of this process. */
    double seconds;
    /** The index of the best point of the curve; −1 before the first. */
    int best = -1;
    /** Points since the learning rate was reduced or the score improved. */
    int onPlateau;

    double rateFactor = 1;
    /** The checksum of the very first mini-batch; null before it. */
    @Nullable
    Long checksum;

    /** Whether the data ended before the limits. */
    boolean dataEnded;

    void addScore(double score) {
        scoreSum += score;
        scores++;
    }

    double meanScore() {
        return scoreSum / scores;
    }

    void add(CurvePoint point) {
        if (point.best()) {
            best = curve.size();
            onPlateau = 0;
        } else {
            onPlateau++;
        }
        curve.add(point);
        scoreSum = 0;
        scores = 0;
        seconds = 0;
    }

    double bestScore() {
        return curve.get(best).validation();
    }

    int pointsSinceBest() {
        return curve.size() - 1 - best;
    }

    JsonNode toJson() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("firstIteration", firstIteration).put("firstEpoch", firstEpoch);
        json.put("epoch", epoch).put("stepInEpoch", stepInEpoch).put("step", step);
        json.put("scoreSum", Double.toString(scoreSum)).put("scores", scores).put("seconds", seconds);
        json.put("best", best).put("onPlateau", onPlateau).put("rateFactor", Double.toString(rateFactor));
        json.put("checksum", checksum).put("dataEnded", dataEnded);
        for (CurvePoint point : curve) {
            json.withArray("curve")
                    .addObject()
                    .put("epoch", point.epoch())
                    .put("step", point.step())
                    .put("training", Double.toString(point.training()))
                    .put("validation", Double.toString(point.validation()))
                    .put("best", point.best())
                    .put("rateFactor", Double.toString(point.rateFactor()))
                    .put("seconds", point.seconds());
        }
        return json;
    }

    static TrainingState of(JsonNode json) {
        TrainingState state = new TrainingState();
        state.firstIteration = json.get("firstIteration").asInt();
        state.firstEpoch = json.get("firstEpoch").asInt();
        state.epoch = json.get("epoch").asInt();
        state.stepInEpoch = json.get("stepInEpoch").asInt();
        state.step = json.get("step").asLong();
        state.scoreSum = number(json, "scoreSum");
        state.scores = json.get("scores").asLong();
        state.seconds = json.get("seconds").asDouble();
        state.best = json.get("best").asInt();
        state.onPlateau = json.get("onPlateau").asInt();
        state.rateFactor = number(json, "rateFactor");
        state.checksum =
                json.get("checksum").isNull() ? null : json.get("checksum").asLong();
        state.dataEnded = json.get("dataEnded").asBoolean();
        for (JsonNode point : json.path("curve")) {
            state.curve.add(new CurvePoint(
                    point.get("epoch").asInt(),
                    point.get("step").asLong(),
                    number(point, "training"),
                    number(point, "validation"),
                    point.get("best").asBoolean(),
                    number(point, "rateFactor"),
                    point.get("seconds").asDouble()));
        }
        return state;
    }

    /** Reads a number that was written as a string, because JSON has no NaN. */
    private static double number(JsonNode json, String name) {
        return Double.parseDouble(json.get(name).asText());
    }
}
