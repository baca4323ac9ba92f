package io.github.dl4jae.dense;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.Require;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss without weights: the stock {@code LossLayer}, with its defects corrected.
 *
 * <pre>
 * L = 1/B · Σ_examples loss(x, act(z))        without the average over the mini-batch, the factor is 1
 * δ = ∂loss/∂z                                divided by B when the parameters are updated
 * </pre>
 *
 * <p>Shapes: in and out {@code [batch, n]}; labels {@code [batch, n]}, or as wide as the loss demands. No parameters.
 *
 * <p>Defects of the stock layer that are corrected:
 *
 * <ul>
 *   <li>Stock losses write the gradient into the input. In a training step the score is then the loss of the gradient:
 *       listeners, and whoever reads {@code network.score()}, see a wrong number. Gradients are right.
 *   <li>With {@code miniBatch(false)} the score is still divided by the number of examples.
 * </ul>
 *
 * <p>Loss and gradient are computed once per training step.
 *
 * <pre>{@code
 * .layer(new FastLossLayer.Builder(new LossL2()).activation(Activation.SIGMOID).build())
 * }</pre>
 *
 * <p>Errors: nIn, nOut or dropout on the builder, no labels, labels of another number of examples.
 */
public final class FastLossLayer extends LossLayer {

    private FastLossLayer(Builder builder) {
        IgnoredOptions.requireNoDropout("FastLossLayer", builder);
        Require.that(
                builder.getNIn() == 0 && builder.getNOut() == 0,
                "FastLossLayer",
                "nIn and nOut must not be set",
                builder.getNIn() + " and " + builder.getNOut(),
                "the layer has no parameters and takes any number of values, so leave them out");
        setLossFn(builder.getLossFn());
        setActivationFn(builder.getActivationFn());
        setLayerName(builder.getLayerName());
    }

    // for JSON, and for FastLayers
    FastLossLayer() {}

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        return LayerAssembly.assemble(
                new FastLossLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastLossLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastLossLayer && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode();
    }

    @Override
    public String toString() {
        return "FastLossLayer(" + super.toString() + ")";
    }

    /** Builds a {@link FastLossLayer}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends BaseOutputLayer.Builder<Builder> {
        /**
         * Creates a builder with the identity as activation.
         *
         * @param lossFunction the loss
         * @throws IllegalArgumentException if it is null
         */
        public Builder(ILossFunction lossFunction) {
            setLossFn(Require.given("FastLossLayer", "lossFunction", lossFunction, "LossBernoulli is usual"));
            activation(Activation.IDENTITY);
        }

        @Override
        public FastLossLayer build() {
            return new FastLossLayer(this);
        }
    }
}
