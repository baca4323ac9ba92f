package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.kernel.SequenceRows;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
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
import org.nd4j.linalg.factory.Nd4j;

/** The implementation of {@link SequenceReversalVertex}. */
@SuppressWarnings("overrides") // how Deeplearning4j declares setInputs
final class SequenceReversalVertexImpl extends BaseGraphVertex {

    private @Nullable INDArray mask;

    SequenceReversalVertexImpl(ComputationGraph graph, String name, int index, DataType dataType) {
        super(graph, name, index, null, null, dataType);
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        if (inputs[0].rank() != 3) {
            throw new DL4JInvalidInputException("SequenceReversalVertex '" + getVertexName()
                    + "': the input must have the shape [batch, n, time], got " + Arrays.toString(inputs[0].shape()));
        }
        return reversed(inputs[0], ArrayType.ACTIVATIONS, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
        return new Pair<>(null, new INDArray[] {reversed(epsilon, ArrayType.ACTIVATION_GRAD, workspaces)});
    }

    private INDArray reversed(INDArray sequences, ArrayType type, LayerWorkspaceMgr workspaces) {
        int examples = (int) sequences.size(0);
        int steps = (int) sequences.size(2);
        double[] present = present(examples, steps);
        INDArray rows = SequenceRows.of(sequences, type, workspaces); // [T·B,n]
        INDArray out = workspaces.createUninitialized(type, rows.dataType(), rows.shape(), 'c');
        Nd4j.pullRows(rows, out, 1, sources(present, examples, steps));
        if (Arrays.stream(present).anyMatch(each -> each == 0)) {
            out.muliColumnVector(
                    Nd4j.createFromArray(present).reshape(present.length, 1).castTo(out.dataType()));
        }
        return SequenceRows.asSequences(out, examples);
    }

    /** Returns 1 for each step that is no padding, in time-major order. */
    private double[] present(int examples, int steps) {
        double[] present = new double[examples * steps];
        // a graph does not tell when masks are cleared
        if (mask == null || graph.getInputMaskArrays() == null) {
            Arrays.fill(present, 1);
            return present;
        }
        double[][] marks = mask.castTo(DataType.DOUBLE).toDoubleMatrix(); // [B,T]
        for (int row = 0; row < present.length; row++) {
            present[row] = marks[row % examples][row / examples] == 0 ? 0 : 1;
        }
        return present;
    }

    /** Returns the row that each row receives; for padding any row that is none. */
    private static int[] sources(double[] present, int examples, int steps) {
        int[] sources = new int[present.length];
        int any = 0;
        for (int row = 0; row < present.length; row++) {
            any = present[row] == 0 ? any : row;
        }
        Arrays.fill(sources, any);
        for (int example = 0; example < examples; example++) {
            int last = steps - 1;
            for (int t = 0; t < steps; t++) {
                if (present[t * examples + example] != 0) {
                    while (present[last * examples + example] == 0) {
                        last--;
                    }
                    sources[t * examples + example] = last-- * examples + example;
                }
            }
        }
        return sources;
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int minibatchSize) {
        mask = masks == null ? null : masks[0];
        return new Pair<>(mask, state);
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
            throw new UnsupportedOperationException("SequenceReversalVertex '" + getVertexName()
                    + "': gradients must be null, because the vertex has no parameters, got an array");
        }
    }

    @Override
    public String toString() {
        return "SequenceReversalVertex(name=" + getVertexName() + ")";
    }
}
