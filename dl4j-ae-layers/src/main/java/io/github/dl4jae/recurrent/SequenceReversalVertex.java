package io.github.dl4jae.recurrent;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Reverses the unmasked steps of sequences.
 *
 * <pre>
 * x = (x_1 … x_L, padding)  ↦  (x_L … x_1, 0)          ∂x = the reversed ∂y
 * </pre>
 *
 * <p>A recurrent layer between two of these vertices is the backward direction of a bidirectional encoder. It reads
 * every sequence from its own last step on, so that padding has no effect. The stock {@code Bidirectional} reads the
 * padding first, and its outputs depend on how long that is.
 *
 * <pre>{@code
 * .addVertex("reversed", new SequenceReversalVertex(), "in")
 * .addLayer("backward", new FastGruLayer.Builder().nOut(64).build(), "reversed")
 * .addVertex("turned", new SequenceReversalVertex(), "backward")
 * .addVertex("both", new MergeVertex(), "forward", "turned")
 * }</pre>
 *
 * <p>Shapes: in and out {@code [batch, n, time]}. Without a mask all steps are reversed. Masked steps give 0.
 */
public final class SequenceReversalVertex extends GraphVertex {

    /** Creates a vertex. */
    public SequenceReversalVertex() {}

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int index,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        return new SequenceReversalVertexImpl(graph, name, index, dataType);
    }

    @Override
    public GraphVertex clone() {
        return new SequenceReversalVertex();
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
        return new LayerMemoryReport.Builder(
                        null, SequenceReversalVertex.class, inputTypes[0], getOutputType(-1, inputTypes))
                .standardMemory(0, 0)
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SequenceReversalVertex;
    }

    @Override
    public int hashCode() {
        return SequenceReversalVertex.class.hashCode();
    }

    @Override
    public String toString() {
        return "SequenceReversalVertex()";
    }
}
