package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ConvolutionShape;
import io.github.dl4jae.internal.layer.OmittedInputGradient;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The computation of a fast convolutional layer: its parameters, its forward and its backward pass. The implementations
 * of layers extend different stock layers, so they share this object instead of a superclass.
 */
final class FastConvolutionComputation {

    private static final String WEIGHT = ConvolutionParamInitializer.WEIGHT_KEY;
    private static final String BIAS = ConvolutionParamInitializer.BIAS_KEY;

    /** The parameters of a layer; weight noise draws in the order of the calls. */
    @FunctionalInterface
    interface Parameters {
        /** Returns a parameter, with noise in training. */
        INDArray get(String key, boolean training, LayerWorkspaceMgr workspaces);
    }

    private final ConvolutionLayer layer;
    private final UnaryOperator<INDArray> weights;
    private final OmittedInputGradient omittedInputGradient = new OmittedInputGradient();
    private ConvolutionPass pass;
    private boolean training = true;

    /**
     * Creates the computation of a layer.
     *
     * @param layer its configuration
     * @param pass computes it
     * @param weights returns a view of the layer's weights, or of their gradient, in a shape that the pass accepts
     */
    FastConvolutionComputation(ConvolutionLayer layer, ConvolutionPass pass, UnaryOperator<INDArray> weights) {
        this.layer = layer;
        this.pass = pass;
        this.weights = weights;
    }

    /** Returns the computation of a layer over images in float32. */
    static FastConvolutionComputation ofImages(ConvolutionLayer layer, boolean transposed) {
        PixelLayout layout = PixelLayout.of(layer.getCnn2dDataFormat());
        return new FastConvolutionComputation(
                layer, new FloatConvolutionPass(transposed, layout), UnaryOperator.identity());
    }

    /** Sets the pass that computes from now on. */
    void use(ConvolutionPass pass) {
        if (this.pass != pass) {
            this.pass.forget();
            this.pass = pass;
        }
    }

    /** Notes an input that was set. */
    void receive(INDArray input, LayerWorkspaceMgr workspaces) {
        omittedInputGradient.receive(input, workspaces);
        pass.forget();
    }

    /** Notes that a {@code MultiLayerNetwork} has announced a mini-batch. */
    void announce() {
        omittedInputGradient.announce();
    }

    /** Notes the mode of the forward pass that begins. */
    void begin(boolean training) {
        this.training = training;
    }

    void forget() {
        pass.forget();
    }

    /** Returns the mode of the last forward pass. */
    boolean isTraining() {
        return training;
    }

    /**
     * Computes the output.
     *
     * @param shape the sizes of the convolution; for a transposed one, those of the convolution it transposes
     * @param input after dropout, in the layer's type
     */
    INDArray activate(ConvolutionShape shape, INDArray input, Parameters parameters, LayerWorkspaceMgr workspaces) {
        return forward(shape, input, parameters, training, workspaces);
    }

    private INDArray forward(
            ConvolutionShape shape, INDArray input, Parameters parameters, boolean keep, LayerWorkspaceMgr workspaces) {
        // the bias first, as in the stock layer: weight noise draws in this order
        INDArray b = layer.hasBias() ? parameters.get(BIAS, training, workspaces) : null;
        INDArray W = weights.apply(parameters.get(WEIGHT, training, workspaces));
        return pass.activate(shape, input, W, b, layer.getActivationFn(), training, keep, workspaces);
    }

    /**
     * Computes the gradients of the last forward pass.
     *
     * @param epsilon the gradient with respect to the output
     * @param gradients the views that receive the gradients of parameters
     * @param inputGradient whether the layer's options ask for the gradient with respect to the input
     */
    Pair<Gradient, INDArray> backprop(
            ConvolutionShape shape,
            INDArray input,
            INDArray epsilon,
            Parameters parameters,
            Map<String, INDArray> gradients,
            boolean inputGradient,
            LayerWorkspaceMgr workspaces) {
        if (!pass.isKept()) {
            forward(shape, input, parameters, true, workspaces);
        }
        INDArray dW = Objects.requireNonNull(gradients.get(WEIGHT), WEIGHT);
        INDArray db = layer.hasBias() ? Objects.requireNonNull(gradients.get(BIAS), BIAS) : null;
        INDArray next = pass.backprop(
                epsilon,
                weights.apply(parameters.get(WEIGHT, training, workspaces)),
                weights.apply(dW),
                db,
                inputGradient || !omittedInputGradient.isUnread(),
                layer.getActivationFn(),
                training,
                workspaces);
        return new Pair<>(gradient(dW, db), next == null ? zeros(input, workspaces) : next);
    }

    private static Gradient gradient(INDArray dW, @Nullable INDArray db) {
        Gradient gradient = new DefaultGradient();
        if (db != null) {
            gradient.setGradientFor(BIAS, db);
        }
        gradient.setGradientFor(WEIGHT, dW, 'c');
        return gradient;
    }

    private static INDArray zeros(INDArray input, LayerWorkspaceMgr workspaces) {
        return OmittedInputGradient.zeros(input.dataType(), input.shape(), workspaces);
    }
}
