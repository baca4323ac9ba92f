package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.Require;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss of images: the stock {@code CnnLossLayer}, with loss and gradient computed once per training step.
 *
 * <pre>
 * L = 1/B · Σ_examples Σ_pixels loss(x, act(z))        without the average over the mini-batch, the factor is 1
 * δ = ∂loss/∂z                                         divided by B when the parameters are updated
 * </pre>
 *
 * <p>Shapes: in and out {@code [batch, channels, height, width]}, or with channels last for {@code CNN2DFormat.NHWC};
 * labels of the same height and width. A loss with two outputs per value, such as {@code LossGaussianLearnedVariance},
 * takes labels with half as many channels. Masks work as in the stock layer. No parameters.
 *
 * <p>A likelihood of this library whose terms are single values (Bernoulli, Gaussian, Poisson, continuous Bernoulli)
 * takes one pass over an image. Other losses get a row per pixel.
 *
 * <pre>{@code
 * .layer(new FastCnnLossLayer.Builder(new LossBernoulli()).activation(Activation.SIGMOID).build())
 * }</pre>
 *
 * <p>Errors: nIn, nOut or dropout on the builder, no labels, labels of another height or width.
 */
public final class FastCnnLossLayer extends CnnLossLayer {

    private FastCnnLossLayer(Builder builder) {
        IgnoredOptions.requireNoDropout("FastCnnLossLayer", builder);
        Require.that(
                builder.getNIn() == 0 && builder.getNOut() == 0,
                "FastCnnLossLayer",
                "nIn and nOut must not be set",
                builder.getNIn() + " and " + builder.getNOut(),
                "the layer has no parameters and takes any number of channels, so leave them out");
        setLossFn(builder.getLossFn());
        setActivationFn(builder.getActivationFn());
        setFormat(builder.format);
        setLayerName(builder.getLayerName());
    }

    // for JSON, and for FastLayers
    FastCnnLossLayer() {}

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        return LayerAssembly.assemble(
                new FastCnnLossLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastCnnLossLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastCnnLossLayer && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode();
    }

    @Override
    public String toString() {
        return "FastCnnLossLayer(" + super.toString() + ")";
    }

    /** Builds a {@link FastCnnLossLayer}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends BaseOutputLayer.Builder<Builder> {
        private CNN2DFormat format = CNN2DFormat.NCHW;

        /**
         * Creates a builder with the identity as activation.
         *
         * @param lossFunction the loss
         * @throws IllegalArgumentException if it is null
         */
        public Builder(ILossFunction lossFunction) {
            setLossFn(Require.given("FastCnnLossLayer", "lossFunction", lossFunction, "LossBernoulli is usual"));
            activation(Activation.IDENTITY);
        }

        /**
         * Sets the order of dimensions. Default: NCHW, or that of the network's input type.
         *
         * @param format NCHW or NHWC
         * @return this
         */
        public Builder format(CNN2DFormat format) {
            this.format = format;
            return this;
        }

        @Override
        public FastCnnLossLayer build() {
            return new FastCnnLossLayer(this);
        }
    }
}
