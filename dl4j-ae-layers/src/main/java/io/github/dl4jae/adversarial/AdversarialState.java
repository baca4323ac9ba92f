package io.github.dl4jae.adversarial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** The progress of a training, without the networks. */
final class AdversarialState {

    final List<AdversarialLosses> losses = new ArrayList<>();
    /** Completed steps, and those of the epoch that has begun. */
    int step;

    int stepInEpoch;
    /** Sums over the steps of the epoch that has begun. */
    double[] sums = new double[AdversarialLosses.COUNT];

    /** The sum of the first mini-batch, by which other data are recognized; NaN before it. */
    double checksum = Double.NaN;

    int epoch() {
        return losses.size();
    }

    void add(double[] values) {
        Arrays.setAll(sums, i -> sums[i] + values[i]);
        step++;
        stepInEpoch++;
    }

    void endEpoch() {
        losses.add(AdversarialLosses.of(
                Arrays.stream(sums).map(sum -> sum / stepInEpoch).toArray()));
        stepInEpoch = 0;
        Arrays.fill(sums, 0);
    }

    ObjectNode toJson() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("step", step).put("stepInEpoch", stepInEpoch).put("checksum", "" + checksum);
        put(json.putArray("sums"), sums);
        ArrayNode all = json.putArray("losses");
        losses.forEach(each -> put(all.addArray(), each.values()));
        return json;
    }

    /** Writes numbers as strings, which keep every bit, NaN and infinity. */
    private static void put(ArrayNode array, double[] values) {
        Arrays.stream(values).forEach(value -> array.add("" + value));
    }

    static AdversarialState of(JsonNode json) {
        AdversarialState state = new AdversarialState();
        state.step = json.get("step").asInt();
        state.stepInEpoch = json.get("stepInEpoch").asInt();
        state.checksum = Double.parseDouble(json.get("checksum").asText());
        state.sums = numbers(json.get("sums"));
        json.get("losses").forEach(each -> state.losses.add(AdversarialLosses.of(numbers(each))));
        return state;
    }

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        Arrays.setAll(numbers, i -> Double.parseDouble(array.get(i).asText()));
        return numbers;
    }
}
