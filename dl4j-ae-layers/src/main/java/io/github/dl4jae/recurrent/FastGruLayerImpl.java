package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.kernel.GateWeights;
import io.github.dl4jae.internal.kernel.GruCell;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.recurrent.BaseRecurrentLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The implementation of {@link FastGruLayer}: what Deeplearning4j calls, around {@link GatedPasses}. */
final class FastGruLayerImpl extends BaseRecurrentLayer<FastGruLayer> {

    /** The state between calls: the last outputs, {@code [B, h]}. */
    private static final String OUTPUT = "prevAct";

    private static final GatedPasses.Keys KEYS =
            new GatedPasses.Keys(GruParamInitializer.W, GruParamInitializer.R, GruParamInitializer.B);

    private final GatedPasses passes;

    FastGruLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        int units = (int) layerConf().getNOut();
        IActivation activation = layerConf().getActivationFn();
        IActivation gate = layerConf().getGateActivationFn();
        passes = FastGatedPasses.supports(dataType, activation, gate)
                ? new FastGatedPasses(
                        GruCell.kind(units, FastGatedPasses.elementwise(activation), FastGatedPasses.elementwise(gate)),
                        GateWeights.ofGru((int) layerConf().getNIn(), units))
                : new StepwiseGru(units, activation, gate);
    }

    @Override
    public Type type() {
        return Type.RECURRENT;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public void setIterationCount(int iterationCount) {
        super.setIterationCount(iterationCount);
        NetworkConstruction.complete();
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
        super.setInput(input, workspaces);
        passes.forget();
    }

    @Override
    public void clear() {
        super.clear();
        passes.forget();
    }

    @Override
    public void allowInputModification(boolean allow) {
        // dropout goes to an array of its own
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int examples) {
        return new Pair<>(mask, MaskState.Passthrough);
    }

    /** Computes all steps from an initial output, which the last one replaces. */
    private INDArray forward(boolean training, @Nullable INDArray h, boolean keep, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        requireShape();
        applyDropOutIfNecessary(training, workspaces);
        GatedPasses.Parameters parameters = new GatedPasses.Parameters(
                getParamWithNoise(KEYS.W(), training, workspaces),
                getParamWithNoise(KEYS.R(), training, workspaces),
                getParamWithNoise(KEYS.b(), training, workspaces));
        return permuteIfNWC(passes.forward(permuteIfNWC(input), parameters, h, h, maskArray, keep, workspaces));
    }

    private void requireShape() {
        boolean timeLast = getDataFormat() == RNNFormat.NCW;
        long width = layerConf().getNIn();
        if (input.rank() != 3 || input.size(timeLast ? 1 : 2) != width) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf()) + ": the input must have the shape "
                    + (timeLast ? "[batch, " + width + ", time]" : "[batch, time, " + width + "]") + ", got "
                    + Arrays.toString(input.shape()));
        }
    }

    /** Returns a copy of the state, or zeros. */
    private INDArray state(Map<String, INDArray> states, LayerWorkspaceMgr workspaces) {
        INDArray last = states.get(OUTPUT);
        return last == null
                ? Nd4j.zeros(dataType, input.size(0), layerConf().getNOut())
                : workspaces.dup(ArrayType.FF_WORKING_MEM, last, 'c');
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        return forward(training, null, training, workspaces);
    }

    @Override
    public INDArray rnnTimeStep(INDArray next, LayerWorkspaceMgr workspaces) {
        setInput(next, workspaces);
        INDArray h = state(stateMap, workspaces);
        INDArray y = forward(false, h, false, workspaces);
        stateMap.put(OUTPUT, h.detach());
        return y;
    }

    @Override
    public INDArray rnnActivateUsingStoredState(
            INDArray next, boolean training, boolean store, LayerWorkspaceMgr workspaces) {
        setInput(next, workspaces);
        INDArray h = state(tBpttStateMap, workspaces);
        INDArray y = forward(training, h, false, workspaces);
        if (store) {
            tBpttStateMap.put(OUTPUT, h.detach());
        }
        return y;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        if (!passes.holdsPass(maskArray)) {
            forward(true, null, true, workspaces);
        }
        return backprop(epsilon, Integer.MAX_VALUE, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> tbpttBackpropGradient(INDArray epsilon, int longest, LayerWorkspaceMgr workspaces) {
        INDArray h = state(tBpttStateMap, workspaces);
        forward(true, h, true, workspaces);
        tBpttStateMap.put(OUTPUT, h.detach());
        return backprop(epsilon, longest, workspaces);
    }

    private Pair<Gradient, INDArray> backprop(INDArray epsilon, int longest, LayerWorkspaceMgr workspaces) {
        Pair<Gradient, INDArray> pair = passes.backprop(
                permuteIfNWC(epsilon),
                maskArray,
                longest,
                gradientViews,
                KEYS,
                layerConf().getNIn(),
                workspaces);
        weightNoiseParams.clear();
        INDArray dx = permuteIfNWC(pair.getSecond());
        return new Pair<>(pair.getFirst(), dropoutApplied ? backpropDropOutIfPresent(dx) : dx);
    }
}
