package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.kernel.GateWeights;
import io.github.dl4jae.internal.kernel.LstmCell;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
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

/**
 * The computation of a {@link FastLstmLayer}, behind the interface that Deeplearning4j has for cuDNN. It returns null
 * for what it does not support; the stock layer then computes it.
 */
final class FastLstmComputation implements LSTMHelper {

    /** Whether the next forward pass in training is kept for backprop. */
    private boolean keepsNext;

    private @Nullable FastGatedPasses computation;
    private @Nullable FwdPassReturn lastPass;

    /** Keeps the next forward pass in training, because backprop follows with the same input. */
    void keepNext(boolean keep) {
        keepsNext = keep;
    }

    /** Drops what the last forward pass has kept. */
    void forget() {
        if (computation != null) {
            computation.forget();
        }
    }

    @Override
    public boolean checkSupported(IActivation gate, IActivation activation, boolean hasPeepholes) {
        return !hasPeepholes && FastGatedPasses.supports(DataType.FLOAT, gate, activation);
    }

    @Override
    public boolean checkSupported() {
        return true;
    }

    @Override
    public Map<String, Long> helperMemoryUse() {
        return Map.of();
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
        boolean supported =
                forwards && !hasPeepholes && FastGatedPasses.supports(inputWeights.dataType(), gate, activation(conf));
        if (!supported) {
            return null;
        }
        if (computation == null) {
            computation = create(inputWeights.size(0), recurrentWeights.size(0), activation(conf), gate);
        }
        if (forBackprop && lastPass != null && computation.holdsPass(mask)) {
            return lastPass;
        }
        FwdPassReturn pass = new FwdPassReturn();
        pass.prevAct = lastOutput;
        pass.prevMemCell = lastCell;
        pass.lastAct = workspaces.dup(ArrayType.ACTIVATIONS, lastOutput, 'c');
        pass.lastMemCell = workspaces.dup(ArrayType.ACTIVATIONS, lastCell, 'c');
        pass.fwdPassOutput = computation.forward(
                input,
                new GatedPasses.Parameters(inputWeights, recurrentWeights, biases),
                pass.lastAct,
                pass.lastMemCell,
                mask,
                forBackprop || (training && keepsNext),
                workspaces);
        lastPass = pass;
        return pass;
    }

    private static FastGatedPasses create(long inputs, long units, IActivation activation, IActivation gate) {
        return new FastGatedPasses(
                LstmCell.kind((int) units, FastGatedPasses.elementwise(activation), FastGatedPasses.elementwise(gate)),
                GateWeights.ofLstm((int) inputs, (int) units));
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
        if (computation == null || forward != lastPass) {
            return null;
        }
        return computation.backprop(
                epsilon,
                mask,
                truncated ? truncatedLength : Integer.MAX_VALUE,
                gradientViews,
                new GatedPasses.Keys(inputWeightKey, recurrentWeightKey, biasKey),
                inputWeights.size(0),
                workspaces);
    }
}
