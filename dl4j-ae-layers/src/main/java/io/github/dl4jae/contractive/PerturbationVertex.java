package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.layer.NetworkConstruction;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The opening end of an {@link EncoderContraction} in a {@code ComputationGraph}, the counterpart of
 * {@link PerturbationLayer}. It checks all vertices between the two ends when the graph is initialized.
 */
public final class PerturbationVertex extends GraphVertex {

    private final String pair;
    private final StackedCopies copies;

    PerturbationVertex(String pair, StackedCopies copies) {
        this.pair = EncoderContraction.requireName(pair);
        this.copies = copies;
    }

    // for JSON
    PerturbationVertex(
            @JsonProperty("pair") String pair,
            @JsonProperty("copies") int copies,
            @JsonProperty("probe") double probe,
            @JsonProperty("perturbation") double perturbation) {
        this(pair, new StackedCopies(copies, probe, perturbation));
    }

    /**
     * Returns the name of the contraction.
     *
     * @return a name that both ends share
     */
    public String getPair() {
        return pair;
    }

    /**
     * Returns the number of copies of each example, itself included.
     *
     * @return 2 or 4
     */
    public int getCopies() {
        return copies.copies();
    }

    /**
     * Returns the step length of the derivative estimates.
     *
     * @return σ
     */
    public double getProbe() {
        return copies.probe();
    }

    /**
     * Returns the standard deviation of ε.
     *
     * @return 0 except for CAE+H
     */
    public double getPerturbation() {
        return copies.perturbation();
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int index,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        requireRowwise(graph, name);
        PerturbationVertexImpl vertex = new PerturbationVertexImpl(graph, name, index, dataType, pair, copies);
        NetworkConstruction.register(vertex);
        return vertex;
    }

    /** Checks every vertex between this one and the closing end. */
    private void requireRowwise(ComputationGraph graph, String name) {
        Map<String, GraphVertex> vertices = graph.getConfiguration().getVertices();
        Map<String, List<String>> inputs = graph.getConfiguration().getVertexInputs();
        String closing = vertices.keySet().stream()
                .filter(each -> layer(vertices.get(each)) instanceof ContractionPenaltyLayer end
                        && end.getPair().equals(pair))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("EncoderContraction '" + pair
                        + "': the graph must have its closing end, got none; add the layer closing() after the code"));
        Set<String> between = new HashSet<>();
        collect(closing, name, inputs, vertices, between);
        between.remove(closing);
        for (String each : between) {
            Layer layer = layer(vertices.get(each));
            if (layer != null) {
                PerExampleChecks.require(pair, each, layer);
            }
        }
    }

    private void collect(
            String vertex,
            String stop,
            Map<String, List<String>> inputs,
            Map<String, GraphVertex> vertices,
            Set<String> seen) {
        if (vertex.equals(stop) || !seen.add(vertex)) {
            return;
        }
        if (!vertices.containsKey(vertex)) {
            throw new IllegalArgumentException("EncoderContraction '" + pair
                    + "': every input of its closing end must come from its opening end '" + stop
                    + "', got the other input '" + vertex + "'; merge it after the closing end");
        }
        inputs.getOrDefault(vertex, List.of()).forEach(each -> collect(each, stop, inputs, vertices, seen));
    }

    private static @Nullable Layer layer(@Nullable GraphVertex vertex) {
        if (!(vertex instanceof LayerVertex withLayer)) {
            return null;
        }
        Layer layer = withLayer.getLayerConf().getLayer();
        return layer instanceof FrozenLayer frozen ? frozen.getLayer() : layer;
    }

    @Override
    public GraphVertex clone() {
        return new PerturbationVertex(pair, copies);
    }

    @Override
    public long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public int minVertexInputs() {
        return 1;
    }

    @Override
    public int maxVertexInputs() {
        return 1;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
        return vertexInputs[0];
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputTypes) {
        return new PerturbationLayer(pair, copies).getMemoryReport(inputTypes[0]);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PerturbationVertex that && pair.equals(that.pair) && copies.equals(that.copies);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pair, copies);
    }

    @Override
    public String toString() {
        return "PerturbationVertex(pair=" + pair + ", " + copies + ")";
    }
}
