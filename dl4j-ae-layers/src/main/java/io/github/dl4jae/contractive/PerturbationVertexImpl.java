package io.github.dl4jae.contractive;

import io.github.dl4jae.noise.NoiseStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** x → [x; x + σv] in training. */
@SuppressWarnings("overrides") // how Deeplearning4j declares setInputs
final class PerturbationVertexImpl extends BaseGraphVertex implements ContractionOpening {

    private final String pair;
    private final StackedCopies stackedCopies;
    private final long seed;
    private boolean masked;
    /** Number of copies in the last pass. */
    private int copies = 1;

    private long rows;

    PerturbationVertexImpl(
            ComputationGraph graph, String name, int index, DataType dataType, String pair, StackedCopies copies) {
        super(graph, name, index, null, null, dataType);
        this.pair = pair;
        this.stackedCopies = copies;
        this.seed = graph.getConfiguration().getDefaultConfiguration().getSeed();
    }

    @Override
    public String pair() {
        return pair;
    }

    @Override
    public int index() {
        return getVertexIndex();
    }

    @Override
    public int copies() {
        return copies;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public int copiesInTraining() {
        return stackedCopies.copies();
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = inputs[0];
        // a graph does not tell when masks are cleared
        boolean maskIsStacked = masked && graph.getInputMaskArrays() != null;
        if (!training && !maskIsStacked) {
            copies = 1;
            rows = x.size(0);
            return workspaces.dup(ArrayType.ACTIVATIONS, x, x.ordering());
        }
        // the mask is stacked before it is known whether copies are needed
        copies = stackedCopies.copies();
        rows = copies * x.size(0);
        return stackedCopies.stack(
                x,
                NoiseStream.of(seed, pair),
                graph.getConfiguration().getIterationCount(),
                graph.getConfiguration().getEpochCount(),
                workspaces);
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
        INDArray below = copies == 1
                ? workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon, epsilon.ordering())
                : stackedCopies.sum(epsilon, workspaces);
        return new Pair<>(null, new INDArray[] {below});
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int minibatchSize) {
        masked = masks != null && masks[0] != null;
        return new Pair<>(masked ? stackedCopies.stackMask(masks[0]) : null, state);
    }

    @Override
    public boolean hasLayer() {
        return false;
    }

    @Override
    public @Nullable Layer getLayer() {
        return null;
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray gradients) {
        if (gradients != null) {
            throw new UnsupportedOperationException("PerturbationVertex '" + getVertexName()
                    + "': gradients must be null, because the vertex has no parameters, got an array");
        }
    }

    @Override
    public String toString() {
        return "PerturbationVertex(name=" + getVertexName() + ")";
    }
}
