package io.github.dl4jae;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;

/** What depends on what in a graph. */
final class GraphPaths {

    private final ComputationGraph graph;

    GraphPaths(ComputationGraph graph) {
        this.graph = graph;
    }

    /**
     * Returns the name of the output that reconstructs.
     *
     * @param name of one of the graph's outputs, or null for the only one
     */
    String output(String name) {
        List<String> outputs = graph.getConfiguration().getNetworkOutputs();
        if (name == null && outputs.size() != 1) {
            throw new IllegalArgumentException("Autoencoders: the output must be named where a graph has several, got "
                    + outputs + "; add the name of the one that reconstructs as the last argument");
        }
        if (name != null && !outputs.contains(name)) {
            throw new IllegalArgumentException("Autoencoders: outputVertex must name an output of the graph, got '"
                    + name + "'; its outputs are " + outputs);
        }
        return name == null ? outputs.get(0) : name;
    }

    List<String> inputsOf(String vertex) {
        return graph.getConfiguration().getVertexInputs().getOrDefault(vertex, List.of());
    }

    /** A vertex and everything it depends on, looking no further back than {@code stop}. */
    Set<String> leadingTo(String vertex, String stop) {
        Set<String> seen = new HashSet<>(Set.of(vertex));
        Deque<String> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            String next = open.pop();
            if (!next.equals(stop)) {
                inputsOf(next).stream().filter(seen::add).forEach(open::push);
            }
        }
        return seen;
    }

    /** The vertices of these names that compute something, in the order in which they can be run. */
    List<GraphVertex> inOrder(Set<String> names) {
        return Arrays.stream(graph.topologicalSortOrder())
                .mapToObj(index -> graph.getVertices()[index])
                .filter(vertex -> names.contains(vertex.getVertexName()) && !vertex.isInputVertex())
                .toList();
    }
}
