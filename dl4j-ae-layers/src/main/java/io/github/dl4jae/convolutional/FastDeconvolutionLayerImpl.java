package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ConvolutionShape;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.Deconvolution2DLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The implementation of {@link FastDeconvolutionLayer}. Types other than float32 take the stock layer's way. */
final class FastDeconvolutionLayerImpl extends Deconvolution2DLayer {

    private final FastConvolutionComputation computation;

    FastDeconvolutionLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        computation = FastConvolutionComputation.ofImages(layerConf(), true);
    }

    private boolean isFast() {
        return FloatConvolutionPass.supports(dataType, input.length());
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
        if (!isFast()) {
            input = workspaces.castTo(ArrayType.ACTIVATIONS, dataType, input, false); // the stock layer needs one type
            return super.activate(training, workspaces);
        }
        computation.begin(training);
        applyDropOutIfNecessary(training, workspaces);
        return computation.activate(shape(), input.castTo(dataType), this::getParamWithNoise, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (!isFast()) {
            return super.backpropGradient(epsilon, workspaces);
        }
        applyDropOutIfNecessary(computation.isTraining(), workspaces);
        Pair<Gradient, INDArray> gradients = computation.backprop(
                shape(),
                input.castTo(dataType),
                epsilon,
                this::getParamWithNoise,
                gradientViews,
                ((FastDeconvolutionLayer) layerConf()).hasInputGradient(),
                workspaces);
        weightNoiseParams.clear();
        backpropDropOutIfPresent(gradients.getSecond());
        return gradients;
    }

    private ConvolutionShape shape() {
        return ConvolutionShapes.transposed(layerConf(), input);
    }
}
