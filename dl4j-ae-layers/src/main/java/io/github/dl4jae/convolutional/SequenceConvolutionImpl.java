package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ConvolutionShape;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The implementation of {@link FastConvolution1DLayer} and {@link FastDeconvolution1DLayer}.
 *
 * <p>The stock layer cannot compute other types than float32 instead: it ignores weight noise, leaves dropout out of
 * the gradient, and cannot train with channels last.
 */
final class SequenceConvolutionImpl extends BaseLayer<SequenceConvolutionLayer> {

    private final PixelLayout layout;
    private final FastConvolutionComputation computation;
    private final ConvolutionPass fast;
    private final ConvolutionPass anyType;

    SequenceConvolutionImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        layout = PixelLayout.of(layerConf().getRnnDataFormat());
        fast = new FloatConvolutionPass(layerConf().isTransposed(), layout);
        anyType = new AnyTypeSequencePass(layerConf().isTransposed(), layout);
        computation = new FastConvolutionComputation(layerConf(), fast, layerConf()::weights);
    }

    @Override
    public Type type() {
        return Type.CONVOLUTIONAL;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public boolean hasBias() {
        return layerConf().hasBias();
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
        super.setInput(input, workspaces);
        computation.receive(input, workspaces);
    }

    @Override
    public void setInputMiniBatchSize(int size) {
        super.setInputMiniBatchSize(size);
        computation.announce();
    }

    @Override
    public void allowInputModification(boolean allow) {
        // dropout goes to an array of its own
    }

    @Override
    public void clear() {
        super.clear();
        computation.forget();
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        computation.begin(training);
        INDArray a = computation.activate(shape(), prepared(workspaces), this::getParamWithNoise, workspaces);
        return maskArray == null ? a : workspaces.leverageTo(ArrayType.ACTIVATIONS, masked(a, maskArray));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        Pair<Gradient, INDArray> gradients = computation.backprop(
                shape(),
                prepared(workspaces),
                maskArray == null ? epsilon : masked(epsilon, maskArray),
                this::getParamWithNoise,
                gradientViews,
                layerConf().hasInputGradient(),
                workspaces);
        weightNoiseParams.clear();
        backpropDropOutIfPresent(gradients.getSecond());
        return gradients;
    }

    private ConvolutionShape shape() {
        return layerConf().shape(input);
    }

    /** Returns the input after dropout, in the layer's type. */
    private INDArray prepared(LayerWorkspaceMgr workspaces) {
        computation.use(FloatConvolutionPass.supports(dataType, input.length()) ? fast : anyType);
        applyDropOutIfNecessary(computation.isTraining(), workspaces);
        return input.castTo(dataType);
    }

    /** Returns sequences with zeros at the masked steps of the output. */
    private INDArray masked(INDArray sequences, INDArray mask) {
        return layout.masked(sequences, layerConf().reduce(mask));
    }

    /** As in the stock layer, the steps of a mask that a network passes on are computed, and not set to zero. */
    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(
            @Nullable INDArray mask, @Nullable MaskState state, int examples) {
        return new Pair<>(mask == null ? null : layerConf().reduce(mask), state);
    }
}
