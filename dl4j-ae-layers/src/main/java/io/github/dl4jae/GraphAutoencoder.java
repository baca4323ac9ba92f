package io.github.dl4jae;

import io.github.dl4jae.kernel.NetworkLayers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.graph.vertex.impl.PreprocessorVertex;
import org.deeplearning4j.nn.graph.vertex.impl.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The vertices that the code depends on encode, those that the output depends on after the code decode.
 *
 * <p>Deeplearning4j runs a graph from its inputs only, so the vertices of either part are run here, in topological order.
 */
final class GraphAutoencoder extends NetworkAutoencoder {

    private final ComputationGraph graph;
    private final GraphPaths paths;
    private final String input;
    private final String code;
    private final String output;
    private final List<GraphVertex> encoder;
    private final List<GraphVertex> decoder;
    private final List<GraphVertex> both;

    /** Of the output that is named; null for the only one. */
    GraphAutoencoder(ComputationGraph graph, String codeVertex, String outputVertex) {
        super(graph, graph.getConfiguration().getDataType(), codesTimeSteps(graph, codeVertex));
        this.graph = graph;
        this.paths = new GraphPaths(graph);
        this.input = onlyInput(graph);
        this.output = paths.output(outputVertex);
        this.code = codeVertex;
        Set<String> encoding = paths.leadingTo(codeVertex, null);
        Set<String> decoding = paths.leadingTo(output, codeVertex);
        decoding.remove(codeVertex);
        requireCut(encoding, decoding);
        this.encoder = paths.inOrder(encoding);
        this.decoder = paths.inOrder(decoding);
        encoding.addAll(decoding);
        this.both = paths.inOrder(encoding);
    }

    private static String onlyInput(ComputationGraph graph) {
        List<String> names = graph.getConfiguration().getNetworkInputs();
        if (names.size() != 1) {
            throw new IllegalArgumentException("Autoencoders: the graph must have exactly one input, got "
                    + names.size() + " " + names + "; an autoencoder maps one array to one array");
        }
        return names.get(0);
    }

    private static boolean codesTimeSteps(ComputationGraph graph, String codeVertex) {
        requireInitialised(graph.getVertices() != null && graph.params() != null);
        if (graph.getVertex(codeVertex) == null) {
            throw new IllegalArgumentException("Autoencoders: codeVertex must name a vertex of the graph, got '"
                    + codeVertex + "'; its vertices are "
                    + graph.getConfiguration().getVertices().keySet());
        }
        GraphPaths paths = new GraphPaths(graph);
        Map<String, Boolean> timeSteps = new HashMap<>();
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[index];
            boolean before = paths.inputsOf(vertex.getVertexName()).stream().anyMatch(timeSteps::get);
            timeSteps.put(vertex.getVertexName(), rowsAreTimeSteps(before, preProcessor(vertex)));
        }
        return timeSteps.get(codeVertex);
    }

    private static InputPreProcessor preProcessor(GraphVertex vertex) {
        if (vertex instanceof LayerVertex layer) {
            return layer.getLayerPreProcessor();
        }
        return vertex instanceof PreprocessorVertex preprocessing ? preprocessing.getPreProcessor() : null;
    }

    private void requireCut(Set<String> encoding, Set<String> decoding) {
        if (code.equals(input) || !paths.leadingTo(output, null).contains(code)) {
            throw new IllegalArgumentException("Autoencoders: codeVertex must lie between the input '" + input
                    + "' and the output '" + output + "', got '" + code + "'; name the vertex in the middle");
        }
        if (decoding.isEmpty()) {
            boolean wholeModel = paths.inputsOf(code).equals(List.of(input))
                    && graph.getVertex(code).hasLayer()
                    && decodesItself(graph.getVertex(code).getLayer());
            if (!wholeModel) {
                throw new IllegalArgumentException(
                        "Autoencoders: codeVertex must have vertices after it that decode, got '" + code
                                + "', the output of the graph; name the vertex in the middle");
            }
        }
        for (String vertex : decoding) {
            for (String source : paths.inputsOf(vertex)) {
                if (!encoding.contains(vertex) && encoding.contains(source) && !source.equals(code)) {
                    throw skips(vertex, source);
                }
            }
            if (graph.getVertex(vertex) instanceof DuplicateToTimeSeriesVertex) {
                throw new IllegalArgumentException(
                        "Autoencoders: the decoder must depend on the code alone, but vertex '"
                                + vertex + "' takes its length from the network's input, past '" + code
                                + "'; use a RepeatVector layer instead");
            }
        }
    }

    private IllegalArgumentException skips(String vertex, String source) {
        return new IllegalArgumentException("Autoencoders: every path from '" + input + "' to '" + output
                + "' must lead through codeVertex '" + code + "', but the connection '" + source + "' -> '" + vertex
                + "' skips it; name a vertex behind it, or remove the connection");
    }

    @Override
    INDArray runEncoder(INDArray examples, INDArray mask) {
        return run(encoder, "examples", input, examples, mask, (int) examples.size(0), code);
    }

    @Override
    INDArray runDecoder(INDArray codes, int examples) {
        return decoder.isEmpty()
                ? decodeBy(graph.getVertex(code).getLayer(), codes)
                : run(decoder, "codes", code, codes, null, examples, output);
    }

    @Override
    INDArray runMasked(INDArray examples, INDArray mask) {
        return run(both, "examples", input, examples, mask, (int) examples.size(0), output);
    }

    private INDArray run(
            List<GraphVertex> vertices,
            String what,
            String from,
            INDArray start,
            INDArray mask,
            int examples,
            String to) {
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
        Map<String, INDArray> values = new HashMap<>(Map.of(from, start));
        graph.clear();
        graph.clearLayerMaskArrays();
        // preprocessors ask the graph how many examples there are, and the graph looks at its input
        graph.setInput(0, Nd4j.createUninitialized(start.dataType(), examples, 1));
        if (mask != null) {
            graph.setLayerMaskArrays(new INDArray[] {mask}, null);
        }
        try {
            for (GraphVertex vertex : vertices) {
                List<String> sources = paths.inputsOf(vertex.getVertexName());
                for (int i = 0; i < sources.size(); i++) {
                    INDArray value = values.get(sources.get(i));
                    if (vertex.hasLayer() && sources.get(i).equals(from)) {
                        requireWidth(what, value, vertex.getLayer(), preProcessor(vertex));
                    }
                    // layers may work in place, and others may need the value as it is
                    vertex.setInput(i, value.dup(), workspaces);
                }
                values.put(vertex.getVertexName(), vertex.doForward(false, workspaces));
            }
        } finally {
            vertices.forEach(GraphVertex::clear);
            graph.clearLayerMaskArrays();
            graph.clear();
        }
        return values.get(to);
    }

    @Override
    Layer firstLayer() {
        return encoder.stream()
                .filter(vertex -> paths.inputsOf(vertex.getVertexName()).contains(input))
                .findFirst()
                .map(GraphAutoencoder::configuration)
                .orElse(null);
    }

    @Override
    Layer codeLayer() {
        return configuration(graph.getVertex(code));
    }

    @Override
    Layer outputLayer() {
        return configuration(graph.getVertex(output));
    }

    private static Layer configuration(GraphVertex vertex) {
        return vertex.hasLayer()
                ? NetworkLayers.unwrapped(vertex.getLayer()).conf().getLayer()
                : null;
    }
}
