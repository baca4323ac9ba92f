package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.layer.OmittedInputGradient;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.Deconvolution2DLayer;
import org.deeplearning4j.nn.params.DeconvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The implementation of {@link FastDeconvolutionLayer}. Types other than float32 take the stock layer's way. */
final class FastDeconvolutionLayerImpl extends Deconvolution2DLayer {

    private final OmittedInputGradient omittedInputGradient = new OmittedInputGradient();
    private final ConvolutionPass pass;
    private boolean trainingPass = true;

    FastDeconvolutionLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        pass = new ConvolutionPass(true, layerConf().getCnn2dDataFormat() == CNN2DFormat.NCHW);
    }

    private boolean isFast() {
        return ConvolutionPass.supports(dataType, input.length());
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
        super.setInput(input, workspaces);
        omittedInputGradient.receive(input, workspaces);
        pass.forget();
    }

    @Override
    public void setInputMiniBatchSize(int size) {
        super.setInputMiniBatchSize(size);
        omittedInputGradient.announce();
    }

    @Override
    public void allowInputModification(boolean allow) {
        // dropout goes to an array of its own
    }

    @Override
    public void clear() {
        super.clear();
        pass.forget();
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        trainingPass = training;
        if (isFast()) {
            return forward(training, training, workspaces);
        }
        input = workspaces.castTo(ArrayType.ACTIVATIONS, dataType, input, false); // the stock layer needs one type
        return super.activate(training, workspaces);
    }

    private INDArray forward(boolean training, boolean keep, LayerWorkspaceMgr workspaces) {
        applyDropOutIfNecessary(training, workspaces);
        // the bias first, as in the stock layer: weight noise draws in this order
        INDArray b = hasBias() ? getParamWithNoise(DeconvolutionParamInitializer.BIAS_KEY, training, workspaces) : null;
        return pass.activate(
                ConvolutionShapes.transposed(layerConf(), input),
                input.castTo(dataType),
                getParamWithNoise(DeconvolutionParamInitializer.WEIGHT_KEY, training, workspaces),
                b,
                layerConf().getActivationFn(),
                training,
                keep,
                workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (!isFast()) {
            return super.backpropGradient(epsilon, workspaces);
        }
        if (!pass.isKept()) {
            forward(trainingPass, true, workspaces);
        }
        INDArray dW = gradientView(DeconvolutionParamInitializer.WEIGHT_KEY);
        INDArray db = hasBias() ? gradientView(DeconvolutionParamInitializer.BIAS_KEY) : null;
        boolean omitted = !((FastDeconvolutionLayer) layerConf()).hasInputGradient() && omittedInputGradient.isUnread();
        INDArray next = pass.backprop(
                epsilon,
                getParamWithNoise(DeconvolutionParamInitializer.WEIGHT_KEY, trainingPass, workspaces),
                dW,
                db,
                !omitted,
                layerConf().getActivationFn(),
                trainingPass,
                workspaces);
        weightNoiseParams.clear();
        Gradient gradient = new DefaultGradient();
        if (db != null) {
            gradient.setGradientFor(DeconvolutionParamInitializer.BIAS_KEY, db);
        }
        gradient.setGradientFor(DeconvolutionParamInitializer.WEIGHT_KEY, dW, 'c');
        return new Pair<>(gradient, next == null ? zeros(workspaces) : backpropDropOutIfPresent(next));
    }

    private INDArray zeros(LayerWorkspaceMgr workspaces) {
        return OmittedInputGradient.zeros(dataType, input.shape(), workspaces);
    }

    private INDArray gradientView(String key) {
        return Objects.requireNonNull(gradientViews.get(key), key);
    }
}
