package io.github.dl4jae.internal.inference;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.graph.vertex.impl.PreprocessorVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The vertices of a {@code ComputationGraph}, by their index. */
final class GraphForwardPass extends ForwardPass {

    private final ComputationGraph graph;
    private final List<Integer> order;
    private final List<List<Integer>> sources;

    GraphForwardPass(ComputationGraph graph) {
        super(graph, graph.getConfiguration().getDataType());
        this.graph = graph;
        this.order = Arrays.stream(graph.topologicalSortOrder())
                .boxed()
                .filter(place -> !vertex(place).isInputVertex())
                .toList();
        this.sources = Arrays.stream(graph.getVertices())
                .map(vertex -> places(
                        graph.getConfiguration().getVertexInputs().getOrDefault(vertex.getVertexName(), List.of())))
                .toList();
    }

    private List<Integer> places(List<String> names) {
        return names.stream()
                .map(graph::getVertex)
                .map(GraphVertex::getVertexIndex)
                .toList();
    }

    @Override
    public String term() {
        return "vertex";
    }

    @Override
    public List<Integer> inputs() {
        return places(graph.getConfiguration().getNetworkInputs());
    }

    @Override
    public List<Integer> outputs() {
        return places(graph.getConfiguration().getNetworkOutputs());
    }

    @Override
    public List<Integer> order() {
        return order;
    }

    private GraphVertex vertex(int place) {
        return graph.getVertices()[place];
    }

    @Override
    public String name(int place) {
        return vertex(place).getVertexName();
    }

    @Override
    public List<Integer> sources(int place) {
        return sources.get(place);
    }

    @Override
    @Nullable
    Layer rawLayer(int place) {
        return vertex(place).hasLayer() ? vertex(place).getLayer() : null;
    }

    @Override
    public @Nullable InputPreProcessor preProcessor(int place) {
        if (vertex(place) instanceof LayerVertex layer) {
            return layer.getLayerPreProcessor();
        }
        return vertex(place) instanceof PreprocessorVertex preprocessing ? preprocessing.getPreProcessor() : null;
    }

    @Override
    public List<String> names() {
        return List.copyOf(graph.getConfiguration().getVertices().keySet());
    }

    @Override
    public @Nullable Integer find(String name) {
        GraphVertex vertex = name == null ? null : graph.getVertex(name);
        return vertex == null ? null : vertex.getVertexIndex();
    }

    @Override
    void begin(Map<Integer, INDArray> known, @Nullable INDArray @Nullable [] masks, int examples) {
        graph.clear();
        graph.clearLayerMaskArrays();
        // preprocessors ask the graph for the number of examples, which it takes from its input
        DataType type = known.values().iterator().next().dataType();
        graph.setInput(0, Nd4j.createUninitialized(type, examples, 1));
        List<Integer> inputs = inputs();
        for (int i = 0; i < inputs.size(); i++) {
            INDArray value = known.get(inputs.get(i));
            if (value != null) {
                graph.setInput(i, value);
            }
        }
        if (masks != null) {
            graph.setLayerMaskArrays(masks, null);
        }
    }

    @Override
    @Nullable
    Pair<INDArray, MaskState> maskAfter(int place, @Nullable INDArray[] masks, MaskState state, int examples) {
        return vertex(place).feedForwardMaskArrays(masks, state, examples);
    }

    @Override
    void end() {
        for (GraphVertex vertex : graph.getVertices()) {
            vertex.clear();
        }
        graph.clearLayerMaskArrays();
        graph.clear();
    }

    /** A copy: other vertices may read the value later. */
    @Override
    INDArray own(INDArray value) {
        return value.dup();
    }

    @Override
    INDArray activate(int place, INDArray[] inputs, int examples, LayerWorkspaceMgr workspaces) {
        for (int i = 0; i < inputs.length; i++) {
            vertex(place).setInput(i, inputs[i], workspaces);
        }
        return vertex(place).doForward(false, workspaces);
    }

    @Override
    String variable(int place, String parameter) {
        return name(place) + "_" + parameter;
    }

    @Override
    INDArray[] backpropagate(int place, INDArray epsilon, LayerWorkspaceMgr workspaces) {
        vertex(place).setEpsilon(epsilon);
        return vertex(place).doBackward(false, workspaces).getSecond();
    }
}
