package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.ParameterLayer;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The implementation of {@link AttentionPoolingLayer}. */
final class AttentionPoolingLayerImpl extends ParameterLayer<AttentionPoolingLayer> {

    /** What backprop needs of a forward pass with a mask; in Java's memory, so that workspaces do not matter. */
    private record Pass(
            AdditiveAttention attention,
            AdditiveAttention.Attended attended,
            @Nullable INDArray mask) {}

    private @Nullable Pass pass;

    AttentionPoolingLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    protected void forget() {
        pass = null;
    }

    /** The mask ends here: the output has no steps. */
    @Override
    @SuppressWarnings("NullAway") // Deeplearning4j's pooling layers return null, too
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int minibatchSize) {
        setMaskArray(mask);
        return null;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        trainingPass = training;
        Pass computed = forward(training, workspaces);
        pass = computed;
        return array(
                computed.attended().context(),
                ArrayType.ACTIVATIONS,
                workspaces,
                input.size(0),
                layerConf().getNIn());
    }

    @SuppressWarnings("try") // the scope is held open, not used
    private Pass forward(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        if (input.rank() != 3 || input.size(1) != layerConf().getNIn() || input.isEmpty()) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf())
                    + ": the input must have the shape [batch, " + layerConf().getNIn() + ", time], got "
                    + Arrays.toString(input.shape()));
        }
        applyDropOutIfNecessary(training, workspaces);
        INDArray W = getParamWithNoise(AttentionPoolingParamInitializer.W, training, workspaces);
        INDArray b = getParamWithNoise(AttentionPoolingParamInitializer.B, training, workspaces);
        INDArray v = getParamWithNoise(AttentionPoolingParamInitializer.V, training, workspaces);
        AdditiveAttention attention =
                new AdditiveAttention(input, maskArray, layerConf().getAttention(), dataType);
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray rows = attention.rows(dataType);
            INDArray keys = Nd4j.createUninitialized(dataType, new long[] {rows.size(0), W.size(1)}, 'c');
            Products.forward(rows, W, keys); // [N·T,n]·[n,A] → [N·T,A]
            attention.set(keys.addiRowVector(b), v);
        }
        return new Pass(attention, attention.attend(null), maskArray);
    }

    @Override
    @SuppressWarnings("try") // the scope is held open, not used
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        Pass last = pass == null || pass.mask() != maskArray ? forward(trainingPass, workspaces) : pass;
        AdditiveAttention attention = last.attention();
        AdditiveAttention.Gradients sums = attention.gradients();
        attention.backprop(last.attended(), RowValues.of(epsilon), sums);
        INDArray W = getParamWithNoise(AttentionPoolingParamInitializer.W, trainingPass, workspaces);
        long n = layerConf().getNIn();
        Gradient gradient = new DefaultGradient();
        INDArray dx;
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray keys = Nd4j.createFromArray(sums.keys())
                    .reshape('c', -1, layerConf().getAttention())
                    .castTo(dataType);
            Products.weightGradient(attention.rows(dataType), keys, view(AttentionPoolingParamInitializer.W, gradient));
            Products.biasGradient(keys, view(AttentionPoolingParamInitializer.B, gradient));
            INDArray dv = view(AttentionPoolingParamInitializer.V, gradient);
            dv.assign(Nd4j.createFromArray(attention.sumOverExamples(sums.v())).reshape(dv.shape()));
            dx = Nd4j.createUninitialized(dataType, new long[] {keys.size(0), n}, 'c');
            Products.inputGradient(keys, W, dx); // [N·T,A]·[A,n] → [N·T,n]
            dx.addi(Nd4j.createFromArray(sums.x()).reshape(dx.shape()).castTo(dataType));
        }
        weightNoiseParams.clear();
        INDArray timeMajor = workspaces.createUninitialized(
                ArrayType.ACTIVATION_GRAD, dataType, new long[] {input.size(2), input.size(0), n}, 'c');
        timeMajor.assign(dx.reshape('c', input.size(0), input.size(2), n).permute(1, 0, 2));
        INDArray next = timeMajor.permute(1, 2, 0); // the order that recurrent layers read
        return new Pair<>(gradient, dropoutApplied ? backpropDropOutIfPresent(next) : next);
    }

    private INDArray view(String key, Gradient gradient) {
        INDArray view = gradientView(key);
        gradient.gradientForVariable().put(key, view);
        return view;
    }

    private INDArray array(double[] values, ArrayType type, LayerWorkspaceMgr workspaces, long... shape) {
        INDArray array = workspaces.createUninitialized(type, dataType, shape, 'c');
        array.assign(Nd4j.createFromArray(values).reshape('c', shape));
        return array;
    }
}
