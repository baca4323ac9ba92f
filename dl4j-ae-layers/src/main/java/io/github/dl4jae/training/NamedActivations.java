package io.github.dl4jae.training;

import io.github.dl4jae.internal.layer.NetworkLayers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The activations of a network by name, in the order of the forward pass. */
final class NamedActivations {

    private NamedActivations() {}

    static Map<String, INDArray> of(MultiLayerNetwork network, List<INDArray> outputs) {
        List<String> names = NetworkLayers.names(network);
        Map<String, INDArray> named = new LinkedHashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            named.put(names.get(i), outputs.get(i));
        }
        return named;
    }

    static Map<String, INDArray> of(ComputationGraph network, Map<String, INDArray> outputs) {
        GraphVertex[] vertices = network.getVertices();
        Map<String, INDArray> named = new LinkedHashMap<>();
        for (int index : network.topologicalSortOrder()) {
            String name = vertices[index].getVertexName();
            INDArray output = outputs.get(name);
            if (output != null && !vertices[index].isInputVertex()) {
                named.put(name, output);
            }
        }
        return named;
    }
}
