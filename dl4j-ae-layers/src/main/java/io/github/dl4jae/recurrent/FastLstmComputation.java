package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.kernel.Blas;
import io.github.dl4jae.internal.kernel.BlockProducts;
import io.github.dl4jae.internal.kernel.ElementwiseActivation;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.FusedRows;
import io.github.dl4jae.internal.kernel.Lstm;
import io.github.dl4jae.internal.kernel.SequenceRows;
import io.github.dl4jae.internal.layer.KeptArrays;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.recurrent.FwdPassReturn;
import org.deeplearning4j.nn.layers.recurrent.LSTMHelper;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The computation of a {@link FastLstmLayer}, behind the interface that Deeplearning4j has for cuDNN. It returns null
 * for what it does not support; the stock layer then computes it.
 */
final class FastLstmComputation implements LSTMHelper {

    /** Whether the next forward pass in training is kept for backprop. */
    private boolean keepsNext;

    private @Nullable Pass kept;
    /** Memory of an earlier pass. */
    private Lstm.@Nullable Kept spare;

    /** A forward pass, with what backprop needs. */
    private static final class Pass extends FwdPassReturn {
        final Lstm lstm;
        final INDArray x;
        final INDArray z;
        final INDArray h;
        final Lstm.Kept steps;
        final @Nullable INDArray mask;

        Pass(Lstm lstm, INDArray x, INDArray z, INDArray h, Lstm.Kept steps, @Nullable INDArray mask) {
            this.lstm = lstm;
            this.x = x;
            this.z = z;
            this.h = h;
            this.steps = steps;
            this.mask = mask;
        }
    }

    /** Keeps the next forward pass in training, because backprop follows with the same input. */
    void keepNext(boolean keep) {
        keepsNext = keep;
    }

    /** Drops what the last forward pass has kept. */
    void forget() {
        kept = null;
    }

    @Override
    public boolean checkSupported(IActivation gate, IActivation activation, boolean hasPeepholes) {
        return !hasPeepholes
                && Blas.isAvailable()
                && ElementwiseActivation.of(gate).isPresent()
                && ElementwiseActivation.of(activation).isPresent();
    }

    @Override
    public boolean checkSupported() {
        return true;
    }

    @Override
    public Map<String, Long> helperMemoryUse() {
        return Map.of();
    }

    private static ElementwiseActivation elementwise(IActivation activation) {
        return ElementwiseActivation.of(activation).orElseThrow();
    }

    private static IActivation activation(NeuralNetConfiguration conf) {
        return ((BaseLayer) conf.getLayer()).getActivationFn();
    }

    @Override
    public @Nullable FwdPassReturn activate(
            Layer layer,
            NeuralNetConfiguration conf,
            IActivation gate,
            INDArray input,
            INDArray recurrentWeights,
            INDArray inputWeights,
            INDArray biases,
            boolean training,
            INDArray lastOutput,
            INDArray lastCell,
            boolean forBackprop,
            boolean forwards,
            String inputWeightKey,
            @Nullable INDArray mask,
            boolean hasPeepholes,
            LayerWorkspaceMgr workspaces) {
        boolean supported = forwards
                && checkSupported(gate, activation(conf), hasPeepholes)
                && inputWeights.dataType() == DataType.FLOAT;
        if (!supported) {
            return null;
        }
        if (forBackprop && kept != null && kept.mask == mask && KeptArrays.areAlive(kept.x, kept.z, kept.h)) {
            return kept;
        }
        boolean keep = forBackprop || (training && keepsNext);
        INDArray x = SequenceRows.of(input.castTo(DataType.FLOAT), ArrayType.ACTIVATIONS, workspaces); // [T·B,n]
        int examples = (int) input.size(0);
        int steps = (int) x.size(0) / examples;
        int units = (int) recurrentWeights.size(0);
        Lstm lstm = new Lstm(units, elementwise(activation(conf)), elementwise(gate));
        INDArray z = array(workspaces, x.size(0), 4L * units);
        BlockProducts.forward(x, inputWeights, z); // [T·B,n]·[n,4h] → [T·B,4h]
        INDArray h = array(workspaces, x.size(0) + examples, units);
        rows(h, 0, examples).assign(lastOutput);
        INDArray output = keep ? array(workspaces, x.size(0), units) : rows(h, examples, h.size(0));
        INDArray cell = workspaces.dup(ArrayType.ACTIVATIONS, lastCell, 'c');
        Lstm.Kept memory = keep ? lstm.keep(steps, examples, spare) : null;
        lstm.forward(
                FloatRows.of(z),
                FloatRows.of(recurrentWeights.dup('c')),
                FloatRows.vector(biases).toArray(),
                FloatRows.of(h),
                keep ? FloatRows.of(output) : null,
                FloatRows.of(cell),
                mask == null ? null : values(mask),
                memory);
        FwdPassReturn pass = new FwdPassReturn();
        if (memory != null) {
            spare = memory;
            kept = new Pass(lstm, x, z, h, memory, mask);
            pass = kept;
        }
        pass.fwdPassOutput = SequenceRows.asSequences(output, examples);
        pass.lastAct = workspaces.dup(ArrayType.ACTIVATIONS, rows(h, h.size(0) - examples, h.size(0)), 'c');
        pass.lastMemCell = cell;
        pass.prevAct = lastOutput;
        pass.prevMemCell = lastCell;
        return pass;
    }

    private static INDArray array(LayerWorkspaceMgr workspaces, long rows, long columns) {
        return workspaces.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, new long[] {rows, columns}, 'c');
    }

    private static INDArray rows(INDArray matrix, long from, long to) {
        return matrix.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
    }

    private static float[][] values(INDArray mask) {
        return mask.castTo(DataType.FLOAT).toFloatMatrix();
    }

    @Override
    public @Nullable Pair<Gradient, INDArray> backpropGradient(
            NeuralNetConfiguration conf,
            IActivation gate,
            INDArray input,
            INDArray recurrentWeights,
            INDArray inputWeights,
            INDArray epsilon,
            boolean truncated,
            int truncatedLength,
            FwdPassReturn forward,
            boolean forwards,
            String inputWeightKey,
            String recurrentWeightKey,
            String biasKey,
            Map<String, INDArray> gradientViews,
            @Nullable INDArray mask,
            boolean hasPeepholes,
            LayerWorkspaceMgr workspaces) {
        if (!(forward instanceof Pass pass)) {
            return null;
        }
        int examples = (int) input.size(0);
        int steps = (int) pass.x.size(0) / examples;
        INDArray dz = pass.z;
        pass.lstm.backprop(
                FloatRows.of(SequenceRows.of(epsilon.castTo(DataType.FLOAT), ArrayType.BP_WORKING_MEM, workspaces)),
                FloatRows.ofColumns(recurrentWeights),
                mask == null ? null : values(mask),
                truncated ? Math.max(0, steps - truncatedLength) : 0,
                pass.steps,
                FloatRows.of(dz));
        kept = null; // z is overwritten
        Gradient gradient = new DefaultGradient();
        INDArray dW = view(gradientViews, inputWeightKey, gradient);
        BlockProducts.weightGradient(pass.x, dz, dW); // [n,T·B]·[T·B,4h] → [n,4h]
        INDArray before = rows(pass.h, 0, dz.size(0));
        BlockProducts.weightGradient(before, dz, view(gradientViews, recurrentWeightKey, gradient));
        FusedRows.biasGradient(dz, view(gradientViews, biasKey, gradient));
        INDArray dx = workspaces.createUninitialized(
                ArrayType.ACTIVATION_GRAD, DataType.FLOAT, new long[] {dz.size(0), inputWeights.size(0)}, 'c');
        BlockProducts.inputGradient(dz, inputWeights, dx); // [T·B,4h]·[4h,n] → [T·B,n]
        return new Pair<>(gradient, SequenceRows.asSequences(dx, examples));
    }

    private static INDArray view(Map<String, INDArray> views, String key, Gradient gradient) {
        INDArray view = Objects.requireNonNull(views.get(key), key);
        gradient.gradientForVariable().put(key, view);
        return view;
    }
}
