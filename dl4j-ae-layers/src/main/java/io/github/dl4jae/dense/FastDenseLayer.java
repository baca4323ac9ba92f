package io.github.dl4jae.dense;

import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import io.github.dl4jae.internal.layer.OmittedInputGradient;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A dense layer: Deeplearning4j's {@code DenseLayer} with the same options, parameters and numbers, several times as fast.
 *
 * <pre>
 * z = x·W + b     a = act(z)                    with layer normalization: z = g ⊙ normalize(x·W) + b
 * δ = ε ⊙ act′(z),  ∂W = xᵀ·δ,  ∂b = Σ_rows δ,  ∂x = δ·Wᵀ
 * </pre>
 *
 * <pre>{@code
 * .layer(new FastDenseLayer.Builder().nIn(784).nOut(512).activation(Activation.RELU).build())
 * }</pre>
 *
 * <p>Shapes: in {@code [batch, nIn]}, out {@code [batch, nOut]}; parameters {@code W [nIn, nOut]}, {@code b [nOut]} and with
 * layer normalization {@code g [nOut]}. Masks, dropout, weight noise, constraints and regularization work as in the stock
 * layer.
 *
 * <p>Memory: in training one array {@code [batch, nOut]} more than the stock layer, which recomputes it instead; with layer
 * normalization two.
 *
 * <p>It is a {@code DenseLayer}, so that a network that begins with it infers nIn of the layers that follow, as from a
 * stock one.
 *
 * <p>Differences: activations lie in memory by rows, not by columns. Backprop belongs to the last forward pass:
 * parameters changed in between by hand are seen by the products, not by the activation's derivative.
 *
 * <p>Errors: nIn or nOut not above 0 when the network is initialized; an input that is not {@code [batch, nIn]}.
 *
 * <p>When not to use it: on other backends than the CPU, and on other types than float32, what is left of the gain is that
 * nothing is computed twice.
 *
 * <p>Its weights can be shared with a decoder: {@link TransposedDenseLayer}.
 *
 * @see FastLayers
 */
public final class FastDenseLayer extends DenseLayer {

    private final boolean inputGradient;
    private final boolean sparseInput;

    private FastDenseLayer(Builder builder) {
        copySettings(builder);
        setHasBias(builder.hasBias);
        setHasLayerNorm(builder.hasLayerNorm);
        this.inputGradient = builder.inputGradient;
        this.sparseInput = builder.sparseInput;
        initializeConstraints(builder);
    }

    // for JSON, and for FastLayers
    FastDenseLayer(
            @JsonProperty("inputGradient") Boolean inputGradient, @JsonProperty("sparseInput") boolean sparseInput) {
        this.inputGradient = inputGradient == null || inputGradient;
        this.sparseInput = sparseInput;
    }

    /** What the constructor of {@code FeedForwardLayer} does: that of {@code DenseLayer} is not open to subclasses. */
    private void copySettings(FeedForwardLayer.Builder<?> builder) {
        layerName = builder.getLayerName();
        iDropout = builder.getIDropout();
        activationFn = builder.getActivationFn();
        weightInitFn = builder.getWeightInitFn();
        biasInit = builder.getBiasInit();
        gainInit = builder.getGainInit();
        regularization = builder.getRegularization();
        regularizationBias = builder.getRegularizationBias();
        iUpdater = builder.getIupdater();
        biasUpdater = builder.getBiasUpdater();
        gradientNormalization = builder.getGradientNormalization();
        gradientNormalizationThreshold = builder.getGradientNormalizationThreshold();
        weightNoise = builder.getWeightNoise();
        nIn = builder.getNIn();
        nOut = builder.getNOut();
    }

    /**
     * Whether backprop computes the gradient with respect to the input.
     *
     * @return true unless the builder says otherwise
     */
    @JsonProperty("inputGradient")
    public boolean hasInputGradient() {
        return inputGradient;
    }

    /**
     * Whether the layer below ignores the gradient where its output is zero.
     *
     * @return false unless the builder says otherwise
     */
    @JsonProperty("sparseInput")
    public boolean hasSparseInput() {
        return sparseInput;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        DenseChecks.requireSizes("FastDenseLayer", this);
        if (!inputGradient) {
            OmittedInputGradient.requireFirst(DenseChecks.subject("FastDenseLayer", this), listeners, layerIndex);
        }
        FastDenseLayerImpl layer = LayerAssembly.assemble(
                new FastDenseLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
        NetworkConstruction.register(layer);
        return layer;
    }

    @Override
    public ParamInitializer initializer() {
        return DefaultParamInitializer.getInstance();
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        // besides the activations: what the forward pass keeps; row by row, δ takes its place
        int arrays = hasLayerNorm() ? 3 : 2;
        return LayerMemory.of(this, inputType)
                .training(0, arrays * getOutputType(-1, inputType).arrayElementsPerExample())
                .report();
    }

    @Override
    public FastDenseLayer clone() {
        return (FastDenseLayer) super.clone();
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastDenseLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastDenseLayer that
                && super.equals(other)
                && inputGradient == that.inputGradient
                && sparseInput == that.sparseInput;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), inputGradient, sparseInput);
    }

    @Override
    public String toString() {
        return "FastDenseLayer(" + super.toString() + ", inputGradient=" + inputGradient + ", sparseInput="
                + sparseInput + ")";
    }

    /** Builds a {@link FastDenseLayer}: the options of the stock layer's builder, {@link #inputGradient}, {@link #sparseInput}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private boolean hasBias = true;
        private boolean hasLayerNorm;
        private boolean inputGradient = true;
        private boolean sparseInput;

        /** A builder with bias and without layer normalization. */
        public Builder() {}

        /**
         * Whether there is a bias.
         *
         * @param hasBias true by default
         * @return this
         */
        public Builder hasBias(boolean hasBias) {
            this.hasBias = hasBias;
            return this;
        }

        /**
         * Whether pre-activations are normalized per example (Ba, Kiros and Hinton 2016).
         *
         * @param hasLayerNorm false by default
         * @return this
         */
        public Builder hasLayerNorm(boolean hasLayerNorm) {
            this.hasLayerNorm = hasLayerNorm;
            return this;
        }

        /**
         * Sets whether backprop computes the gradient with respect to the input. In the first layer of a network that
         * is a whole matrix product per step for a result that is not used, a sixth of the time of a small autoencoder;
         * {@code false} saves it. Keep it where the input's gradient is wanted ({@code calculateGradients}, adversarial
         * training), which is 0 otherwise. A {@code MultiLayerNetwork} refuses {@code false} in other layers than the
         * first. In a {@code ComputationGraph} it saves the product where the layer reads an input of the graph itself
         * and workspaces are on (the default), and changes nothing elsewhere.
         *
         * @param inputGradient default: true
         * @return this
         */
        public Builder inputGradient(boolean inputGradient) {
            this.inputGradient = inputGradient;
            return this;
        }

        /**
         * Declares that the layer below ignores the gradient where its output is zero, as {@code ActivationTopK} and
         * {@code TopKLayer} do: then only the gradient of active units is computed, and the others get 0. With 32 of 8192 units active that saves a
         * quarter of a training step. The gradients of all parameters stay the same, unless a unit is
         * among the k largest with a value of exactly 0. Not for a layer below with another derivative at zero (identity,
         * sigmoid): it would be trained wrongly.
         *
         * @param sparseInput false by default
         * @return this
         */
        public Builder sparseInput(boolean sparseInput) {
            this.sparseInput = sparseInput;
            return this;
        }

        @Override
        public FastDenseLayer build() {
            return new FastDenseLayer(this);
        }
    }
}
