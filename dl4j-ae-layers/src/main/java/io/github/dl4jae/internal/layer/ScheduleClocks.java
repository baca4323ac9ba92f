package io.github.dl4jae.internal.layer;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** The clocks of all layers with a schedule, as checkpoints store them. */
public final class ScheduleClocks {

    private ScheduleClocks() {}

    /**
     * Writes the clocks.
     *
     * @param network an initialized network
     * @return one object per layer with a schedule, in the order of the layers
     */
    public static ArrayNode toJson(Model network) {
        ArrayNode clocks = new ObjectMapper().createArrayNode();
        scheduled(network).forEach(layer -> {
            TrainingTime offset = layer.clock().offset();
            ObjectNode clock = clocks.addObject();
            put(clock, "reached", layer.reached());
            if (offset != null) {
                put(clock, "offset", offset);
            }
            clock.put("trains", layer.clock().hasTrained());
        });
        return clocks;
    }

    /**
     * Sets the clocks.
     *
     * @param network of the configuration from which they were written
     * @param clocks as {@link #toJson} returns them
     */
    public static void restore(Model network, JsonNode clocks) {
        int i = 0;
        for (ScheduledLayer layer : scheduled(network)) {
            JsonNode clock = clocks.get(i++);
            layer.reach(time(clock.get("reached")));
            layer.clock()
                    .restart(
                            clock.has("offset") ? time(clock.get("offset")) : null,
                            clock.get("trains").asBoolean());
        }
    }

    private static List<ScheduledLayer> scheduled(Model network) {
        return NetworkLayers.of(network)
                .filter(ScheduledLayer.class::isInstance)
                .map(ScheduledLayer.class::cast)
                .toList();
    }

    private static void put(ObjectNode json, String name, TrainingTime time) {
        json.putArray(name).add(time.iteration()).add(time.epoch());
    }

    private static TrainingTime time(JsonNode array) {
        return new TrainingTime(array.get(0).asInt(), array.get(1).asInt());
    }
}
