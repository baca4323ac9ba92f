package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.layer.OmittedInputGradient;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The implementation of {@link FastConvolutionLayer}. Types other than float32 take the stock layer's way. */
final class FastConvolutionLayerImpl extends ConvolutionLayer {

    private final OmittedInputGradient omittedInputGradient = new OmittedInputGradient();
    private final ConvolutionPass pass;
    private boolean trainingPass = true;

    FastConvolutionLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        pass = new ConvolutionPass(false, layerConf().getCnn2dDataFormat() == CNN2DFormat.NCHW);
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
        return isFast() ? forward(training, training, workspaces) : super.activate(training, workspaces);
    }

    private INDArray forward(boolean training, boolean keep, LayerWorkspaceMgr workspaces) {
        applyDropOutIfNecessary(training, workspaces);
        // the bias first, as in the stock layer: weight noise draws in this order
        INDArray b = hasBias() ? getParamWithNoise(ConvolutionParamInitializer.BIAS_KEY, training, workspaces) : null;
        return pass.activate(
                ConvolutionShapes.of(layerConf(), input),
                input.castTo(dataType),
                getParamWithNoise(ConvolutionParamInitializer.WEIGHT_KEY, training, workspaces),
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
        INDArray dW = gradientView(ConvolutionParamInitializer.WEIGHT_KEY);
        INDArray db = hasBias() ? gradientView(ConvolutionParamInitializer.BIAS_KEY) : null;
        boolean omitted = !((FastConvolutionLayer) layerConf()).hasInputGradient() && omittedInputGradient.isUnread();
        INDArray next = pass.backprop(
                epsilon,
                getParamWithNoise(ConvolutionParamInitializer.WEIGHT_KEY, trainingPass, workspaces),
                dW,
                db,
                !omitted,
                layerConf().getActivationFn(),
                trainingPass,
                workspaces);
        weightNoiseParams.clear();
        Gradient gradient = new DefaultGradient();
        if (db != null) {
            gradient.setGradientFor(ConvolutionParamInitializer.BIAS_KEY, db);
        }
        gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, dW, 'c');
        return new Pair<>(gradient, next == null ? zeros(workspaces) : backpropDropOutIfPresent(next));
    }

    private INDArray zeros(LayerWorkspaceMgr workspaces) {
        return OmittedInputGradient.zeros(dataType, input.shape(), workspaces);
    }

    private INDArray gradientView(String key) {
        return Objects.requireNonNull(gradientViews.get(key), key);
    }
}
