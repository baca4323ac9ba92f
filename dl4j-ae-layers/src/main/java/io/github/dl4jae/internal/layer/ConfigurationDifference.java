package io.github.dl4jae.internal.layer;

import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Comparison of configurations of networks as JSON, without the values that training changes. */
public final class ConfigurationDifference {

    private static final List<String> CHANGED_BY_TRAINING =
            List.of("iterationCount", "epochCount", "reachedIteration", "reachedEpoch");

    private ConfigurationDifference() {}

    /**
     * Reads a configuration, and leaves out the values that training changes.
     *
     * @param json the configuration of a network
     * @return the tree; objects with the same entries are equal in any order
     */
    public static JsonNode tree(String json) {
        try {
            JsonNode tree = new ObjectMapper().readTree(json);
            prune(tree);
            return tree;
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a configuration cannot be read", e);
        }
    }

    private static void prune(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(CHANGED_BY_TRAINING);
        }
        node.forEach(ConfigurationDifference::prune);
    }

    /**
     * Returns the path and the two values of the first difference, such as {@code /confs/0/layer/nout 500 there, 400
     * here}.
     *
     * @param there a tree
     * @param here another
     * @return the difference
     */
    public static String describe(JsonNode there, JsonNode here) {
        return describe("", there, here);
    }

    private static String describe(String path, JsonNode there, JsonNode here) {
        if (there.getNodeType() == here.getNodeType() && there.isContainerNode() && there.size() == here.size()) {
            Iterator<String> names = there.isObject()
                    ? there.fieldNames()
                    : IntStream.range(0, there.size()).mapToObj(String::valueOf).iterator();
            while (names.hasNext()) {
                String name = names.next();
                JsonNode partThere = there.isObject() ? there.get(name) : there.get(Integer.parseInt(name));
                JsonNode partHere = here.isObject() ? here.path(name) : here.get(Integer.parseInt(name));
                if (!partThere.equals(partHere)) {
                    return describe(path + "/" + name, partThere, partHere);
                }
            }
        }
        return path + " " + brief(there) + " there, " + brief(here) + " here";
    }

    private static String brief(JsonNode node) {
        return node.isContainerNode() ? node.size() + " entries" : node.toString();
    }
}
