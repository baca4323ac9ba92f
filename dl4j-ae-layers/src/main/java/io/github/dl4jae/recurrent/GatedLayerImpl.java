package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.LSTMParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The common implementation of gated recurrent layers. It connects {@link GatedPasses} to Deeplearning4j.
 *
 * @param <C> the configuration
 */
abstract class GatedLayerImpl<C extends BaseRecurrentLayer>
        extends org.deeplearning4j.nn.layers.recurrent.BaseRecurrentLayer<C> {

    private static final String OUTPUT = "prevAct"; // as in the stock LSTM
    private static final String CELL = "prevMem";

    private static final GatedPasses.Keys KEYS = new GatedPasses.Keys(
            LSTMParamInitializer.INPUT_WEIGHT_KEY,
            LSTMParamInitializer.RECURRENT_WEIGHT_KEY,
            LSTMParamInitializer.BIAS_KEY);

    private final GatedPasses passes;
    private final boolean hasCells;

    GatedLayerImpl(NeuralNetConfiguration conf, DataType dataType, GatedPasses passes, boolean hasCells) {
        super(conf, dataType);
        this.passes = passes;
        this.hasCells = hasCells;
    }

    @Override
    public final Type type() {
        return Type.RECURRENT;
    }

    @Override
    public final boolean isPretrainLayer() {
        return false;
    }

    @Override
    public final void setIterationCount(int iterationCount) {
        super.setIterationCount(iterationCount);
        NetworkConstruction.complete();
    }

    @Override
    public final void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
        super.setInput(input, workspaces);
        passes.forget();
    }

    @Override
    public final void clear() {
        super.clear();
        passes.forget();
    }

    @Override
    public final void allowInputModification(boolean allow) {
        // dropout goes to an array of its own
    }

    @Override
    public final Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int examples) {
        return new Pair<>(mask, MaskState.Passthrough);
    }

    /** The state of the layer, which a pass replaces. Without cells, {@code c} is {@code h}. */
    private record State(INDArray h, INDArray c) {}

    private State read(Map<String, INDArray> states, LayerWorkspaceMgr workspaces) {
        INDArray h = read(states, OUTPUT, workspaces);
        return new State(h, hasCells ? read(states, CELL, workspaces) : h);
    }

    private INDArray read(Map<String, INDArray> states, String key, LayerWorkspaceMgr workspaces) {
        INDArray last = states.get(key);
        return last == null
                ? Nd4j.zeros(dataType, input.size(0), layerConf().getNOut())
                : workspaces.dup(ArrayType.FF_WORKING_MEM, last, 'c');
    }

    private void store(State state, Map<String, INDArray> states) {
        states.put(OUTPUT, state.h().detach());
        if (hasCells) {
            states.put(CELL, state.c().detach());
        }
    }

    /** Computes all steps from a state, or from 0. */
    private INDArray forward(boolean training, @Nullable State state, boolean keep, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        requireShape();
        applyDropOutIfNecessary(training, workspaces);
        GatedPasses.Parameters parameters = new GatedPasses.Parameters(
                getParamWithNoise(KEYS.W(), training, workspaces),
                getParamWithNoise(KEYS.R(), training, workspaces),
                getParamWithNoise(KEYS.b(), training, workspaces));
        return permuteIfNWC(passes.forward(
                input.rank() == 2 ? input : permuteIfNWC(input),
                parameters,
                state == null ? null : state.h(),
                state == null ? null : state.c(),
                maskArray,
                keep,
                workspaces));
    }

    private void requireShape() {
        boolean timeLast = getDataFormat() == RNNFormat.NCW;
        long width = layerConf().getNIn();
        boolean fits =
                input.rank() == 2 ? input.size(1) == width : input.rank() == 3 && input.size(timeLast ? 1 : 2) == width;
        if (!fits) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf()) + ": the input must have the shape "
                    + (timeLast ? "[batch, " + width + ", time]" : "[batch, time, " + width + "]") + ", got "
                    + Arrays.toString(input.shape()) + "; nIn is " + width);
        }
    }

    @Override
    public final INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        return forward(training, null, training, workspaces);
    }

    @Override
    public final INDArray rnnTimeStep(INDArray next, LayerWorkspaceMgr workspaces) {
        setInput(next, workspaces);
        State state = read(stateMap, workspaces);
        INDArray y = forward(false, state, false, workspaces);
        store(state, stateMap);
        return y;
    }

    @Override
    public final INDArray rnnActivateUsingStoredState(
            INDArray next, boolean training, boolean store, LayerWorkspaceMgr workspaces) {
        setInput(next, workspaces);
        State state = read(tBpttStateMap, workspaces);
        INDArray y = forward(training, state, false, workspaces);
        if (store) {
            store(state, tBpttStateMap);
        }
        return y;
    }

    @Override
    public final Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        if (!passes.holdsPass(maskArray)) {
            forward(true, null, true, workspaces);
        }
        return backprop(epsilon, Integer.MAX_VALUE, workspaces);
    }

    @Override
    public final Pair<Gradient, INDArray> tbpttBackpropGradient(
            INDArray epsilon, int longest, LayerWorkspaceMgr workspaces) {
        State state = read(tBpttStateMap, workspaces);
        forward(true, state, true, workspaces);
        store(state, tBpttStateMap);
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
