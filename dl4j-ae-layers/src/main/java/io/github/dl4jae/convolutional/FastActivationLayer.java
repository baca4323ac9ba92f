package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.Require;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An activation alone, with the numbers of the stock {@code ActivationLayer} and several times as fast on the CPU. It
 * usually follows a {@link FastBatchNormalizationLayer}.
 *
 * <pre>
 * a = act(z)        ∂z = ε ⊙ act′(z)
 * </pre>
 *
 * <p>Shapes: any; the output has the shape of the input. No parameters. Softmax acts along the last dimension, as in
 * the stock layer: over channels in NHWC, but over columns in NCHW. The output has the order of the input in
 * memory. The stock layer copies images with channels last into another order, which takes a third of a training step.
 *
 * <p>Two defects of the stock layer are corrected: it overwrites its input at test time, which makes the gradient wrong
 * in a {@code FrozenLayerWithBackprop}; and it does not accept integers.
 *
 * <p>The fast path takes elementwise activations in float32 on the CPU. Everything else takes ND4J's operations.
 *
 * <pre>{@code
 * .layer(new FastActivationLayer.Builder().activation(Activation.RELU).build())
 * }</pre>
 *
 * <p>Errors: dropout on the builder, and a null activation.
 */
public final class FastActivationLayer extends ActivationLayer {

    private FastActivationLayer(Builder builder) {
        setLayerName(builder.getLayerName());
        setActivationFn(builder.activation);
    }

    // for JSON
    FastActivationLayer() {}

    @Override
    public FastActivationLayer clone() {
        return (FastActivationLayer) super.clone();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        return LayerAssembly.assemble(
                new FastActivationLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        // act′
        return LayerMemory.of(this, inputType)
                .training(0, inputType.arrayElementsPerExample())
                .report();
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastActivationLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastActivationLayer && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode();
    }

    @Override
    public String toString() {
        return "FastActivationLayer(" + super.toString() + ")";
    }

    /** Builds a {@link FastActivationLayer}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {
        private @Nullable IActivation activation;

        /** Creates a builder with the activation of the network's configuration. */
        public Builder() {}

        /**
         * Sets the activation. Default: that of the network's configuration.
         *
         * @param activation one of Deeplearning4j's
         * @return this
         */
        public Builder activation(Activation activation) {
            return activation(Require.given("FastActivationLayer", "activation", activation, "RELU is usual")
                    .getActivationFunction());
        }

        /**
         * Sets the activation. Default: that of the network's configuration.
         *
         * @param activation any activation
         * @return this
         */
        public Builder activation(IActivation activation) {
            this.activation = Require.given("FastActivationLayer", "activation", activation, "");
            return this;
        }

        @Override
        public FastActivationLayer build() {
            IgnoredOptions.requireNoDropout("FastActivationLayer", this);
            return new FastActivationLayer(this);
        }
    }
}
