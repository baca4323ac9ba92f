package io.github.dl4jae.internal.layer;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;

/** The layers of a network of either kind, taken out of the frozen and other layers that wrap them. */
public final class NetworkLayers {

    private NetworkLayers() {}

    /**
     * Returns the innermost layer.
     *
     * @param layer any, frozen or not; may be null
     * @return the layer that computes, or null
     */
    public static @Nullable Layer unwrapped(@Nullable Layer layer) {
        Layer inner = layer;
        while (inner instanceof BaseWrapperLayer wrapper) {
            inner = wrapper.getUnderlying();
        }
        return inner;
    }

    /**
     * Returns all layers, unwrapped.
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @return its layers in their order; none for other models
     */
    public static Stream<Layer> of(Model network) {
        Layer[] layers = {};
        if (network instanceof MultiLayerNetwork stack) {
            layers = stack.getLayers();
        } else if (network instanceof ComputationGraph graph) {
            layers = graph.getLayers();
        }
        return Arrays.stream(layers).map(NetworkLayers::unwrapped);
    }

    /**
     * Finds a layer by its name.
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param name of a layer or of a vertex with a layer
     * @return the layer, unwrapped
     */
    public static Optional<Layer> find(Model network, String name) {
        if (network instanceof MultiLayerNetwork) {
            int index = names(network).indexOf(name);
            return index < 0 ? Optional.empty() : of(network).skip(index).findFirst();
        } else if (network instanceof ComputationGraph graph && name != null) {
            GraphVertex vertex = graph.getVertex(name);
            return vertex == null ? Optional.empty() : Optional.ofNullable(unwrapped(vertex.getLayer()));
        }
        return Optional.empty();
    }

    /**
     * Returns the names by which layers can be found.
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @return the names, in order; those of a {@code MultiLayerNetwork} have the index of their layer
     */
    public static List<String> names(Model network) {
        if (network instanceof MultiLayerNetwork) {
            // not getLayerNames(), from which restored frozen layers are missing
            return of(network)
                    .map(layer -> String.valueOf(layer.conf().getLayer().getLayerName()))
                    .toList();
        } else if (network instanceof ComputationGraph graph) {
            return Arrays.stream(graph.getVertices())
                    .filter(GraphVertex::hasLayer)
                    .map(GraphVertex::getVertexName)
                    .toList();
        }
        return List.of();
    }
}
