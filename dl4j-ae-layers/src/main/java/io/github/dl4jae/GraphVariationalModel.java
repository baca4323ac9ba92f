package io.github.dl4jae;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The vertices that the latent layer depends on encode, those that the output depends on behind it decode; both may read side inputs.
 *
 * <p>Deeplearning4j runs a graph from its inputs only, so the vertices of either part are run here, in topological order.
 */
final class GraphVariationalModel extends NetworkVariationalModel {

    private final ComputationGraph graph;
    private final GraphPaths paths;
    private final String latentVertex;
    private final String output;
    private final List<GraphVertex> encoder;
    private final List<GraphVertex> decoder;

    /** Of the output that is named; null for the only one. */
    GraphVariationalModel(ComputationGraph graph, String latentVertex, String outputVertex, INDArray... conditions) {
        super(graph, graph.getConfiguration().getDataType(), conditions);
        this.graph = graph;
        this.paths = new GraphPaths(graph);
        this.latentVertex = latentVertex;
        this.output = paths.output(outputVertex);
        GraphVertex latent = graph.getVertex(latentVertex);
        if (latent == null || !latent.hasLayer()) {
            throw new IllegalArgumentException(
                    "Autoencoders: the layer must be a GaussianLatentLayer of the graph, got '"
                            + latentVertex + "'; its vertices are "
                            + graph.getConfiguration().getVertices().keySet());
        }
        requireVariational(latentVertex);
        if (!(graph.getVertex(output).getLayer() instanceof IOutputLayer)) {
            throw new IllegalArgumentException("Autoencoders: the output must be an output layer, got '" + output
                    + "'; the likelihood is its loss");
        }
        Set<String> decoding = paths.leadingTo(output, latentVertex);
        String input = inputs().get(0);
        if (!decoding.contains(latentVertex) || decoding.contains(input)) {
            throw new IllegalArgumentException(
                    "Autoencoders: the decoder must depend on the code and side inputs alone,"
                            + " but '" + output + "' depends on "
                            + (decoding.contains(input) ? "'" + input + "' past '" + latentVertex + "'" : "no code")
                            + "; remove the connection, or name the input that is reconstructed first");
        }
        Set<String> encoding = paths.leadingTo(latentVertex, null);
        encoding.remove(latentVertex);
        this.encoder = paths.inOrder(encoding);
        decoding.removeAll(List.of(latentVertex, output));
        this.decoder = paths.inOrder(decoding);
    }

    private List<String> inputs() {
        return graph.getConfiguration().getNetworkInputs();
    }

    @Override
    Layer latentLayer() {
        return graph.getVertex(latentVertex).getLayer();
    }

    @Override
    IOutputLayer outputLayer() {
        return (IOutputLayer) graph.getVertex(output).getLayer();
    }

    @Override
    INDArray latentInput(INDArray examples, INDArray[] conditions, LayerWorkspaceMgr workspaces) {
        Map<String, INDArray> values = bound(conditions);
        values.put(inputs().get(0), examples);
        return run(encoder, values, (int) examples.size(0), latentVertex, workspaces);
    }

    @Override
    INDArray outputInput(INDArray codes, INDArray[] conditions, LayerWorkspaceMgr workspaces) {
        Map<String, INDArray> values = bound(conditions);
        values.put(latentVertex, codes);
        return run(decoder, values, (int) codes.size(0), output, workspaces);
    }

    private Map<String, INDArray> bound(INDArray[] conditions) {
        if (conditions.length != inputs().size() - 1) {
            throw new IllegalStateException("VariationalModel: the graph has the side inputs "
                    + inputs().subList(1, inputs().size()) + ", and none is bound; call given(…) first");
        }
        Map<String, INDArray> values = new HashMap<>();
        for (int i = 0; i < conditions.length; i++) {
            values.put(inputs().get(i + 1), conditions[i]);
        }
        return values;
    }

    /** What goes into the last vertex, behind its preprocessor. */
    private INDArray run(
            List<GraphVertex> vertices,
            Map<String, INDArray> values,
            int examples,
            String last,
            LayerWorkspaceMgr workspaces) {
        graph.clear();
        // preprocessors ask the graph how many examples there are, and the graph looks at its input
        graph.setInput(
                0, Nd4j.createUninitialized(values.values().iterator().next().dataType(), examples, 1));
        try {
            for (GraphVertex vertex : vertices) {
                List<String> sources = paths.inputsOf(vertex.getVertexName());
                for (int i = 0; i < sources.size(); i++) {
                    // layers may work in place, and others may need the value as it is
                    vertex.setInput(i, values.get(sources.get(i)).dup(), workspaces);
                }
                values.put(vertex.getVertexName(), vertex.doForward(false, workspaces));
            }
            INDArray input = values.get(paths.inputsOf(last).get(0));
            InputPreProcessor preProcessor = ((LayerVertex) graph.getVertex(last)).getLayerPreProcessor();
            return preProcessor == null ? input : preProcessor.preProcess(input.dup(), examples, workspaces);
        } finally {
            vertices.forEach(GraphVertex::clear);
            graph.clear();
        }
    }

    @Override
    public VariationalModel given(INDArray... conditions) {
        if (conditions.length != inputs().size() - 1) {
            throw new IllegalArgumentException(
                    "VariationalModel: there must be a condition for each of the side inputs "
                            + inputs().subList(1, inputs().size()) + ", got " + conditions.length
                            + "; give one array per input, in this order");
        }
        return new GraphVariationalModel(graph, latentVertex, output, conditions.clone());
    }
}
