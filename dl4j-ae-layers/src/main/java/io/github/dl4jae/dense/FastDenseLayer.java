package io.github.dl4jae.dense;

import io.github.dl4jae.internal.layer.BuilderSettings;
import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
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
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A dense layer with the options, parameters and results of Deeplearning4j's {@code DenseLayer}, several times as fast.
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
 * <p>Shapes: in {@code [batch, nIn]}, out {@code [batch, nOut]}; parameters {@code W [nIn, nOut]}, {@code b [nOut]}
 * and, with layer normalization, {@code g [nOut]}. Masks, dropout, weight noise, constraints and regularization work as
 * in the stock layer.
 *
 * <p>It extends {@code DenseLayer}, so a network that begins with it infers the nIn of the layers that follow.
 *
 * <p>Memory: training needs one array {@code [batch, nOut]} more than the stock layer, which recomputes it instead.
 * Layer normalization needs two.
 *
 * <p>Differences: activations are stored by rows, not by columns. Backprop belongs to the last forward pass. If
 * parameters change in between, the products use the new ones and the derivative of the activation uses the old ones.
 *
 * <p>Errors: nIn or nOut not above 0 when the network is initialized; an input that is not {@code [batch, nIn]}; {@link
 * Builder#inputGradient inputGradient(false)} on a later layer of a {@code MultiLayerNetwork}.
 *
 * <p>When not to use it: for the speed of the products alone on other backends than the CPU or other types than
 * float32. There the layer only avoids repeated computation.
 *
 * @see FastLayers
 * @see TransposedDenseLayer
 */
public final class FastDenseLayer extends DenseLayer {

    private final boolean inputGradient;
    private final boolean sparseInput;
    private final boolean rowMajorWeights;

    private FastDenseLayer(Builder builder) {
        BuilderSettings.copy(builder, this);
        setHasBias(builder.hasBias);
        setHasLayerNorm(builder.hasLayerNorm);
        this.inputGradient = builder.inputGradient;
        this.sparseInput = builder.sparseInput;
        this.rowMajorWeights = builder.rowMajorWeights;
        initializeConstraints(builder);
    }

    // for JSON, and for FastLayers
    FastDenseLayer(
            @JsonProperty("inputGradient") Boolean inputGradient,
            @JsonProperty("sparseInput") boolean sparseInput,
            @JsonProperty("rowMajorWeights") boolean rowMajorWeights) {
        this.inputGradient = inputGradient == null || inputGradient;
        this.sparseInput = sparseInput;
        this.rowMajorWeights = rowMajorWeights;
    }

    /**
     * Returns whether backprop computes the gradient with respect to the input.
     *
     * @return whether it does
     */
    @JsonProperty("inputGradient")
    public boolean hasInputGradient() {
        return inputGradient;
    }

    /**
     * Returns whether the layer below ignores the gradient where its output is zero.
     *
     * @return whether it does
     */
    @JsonProperty("sparseInput")
    public boolean hasSparseInput() {
        return sparseInput;
    }

    /**
     * Returns whether W is in 'c' order.
     *
     * @return false for the stock layer's 'f' order
     */
    @JsonProperty("rowMajorWeights")
    public boolean hasRowMajorWeights() {
        return rowMajorWeights;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        DenseChecks.requireSizes(this);
        if (!inputGradient) {
            OmittedInputGradient.requireFirst(LayerSubject.of(this), listeners, layerIndex);
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
        return RowMajorParamInitializer.of(rowMajorWeights);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        // the activations and the kept pre-activations, which δ overwrites row by row
        int arrays = hasLayerNorm() ? 3 : 2;
        return LayerMemory.of(this, inputType)
                .training(0, arrays * getOutputType(-1, inputType).arrayElementsPerExample())
                .report();
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
                && sparseInput == that.sparseInput
                && rowMajorWeights == that.rowMajorWeights;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), inputGradient, sparseInput, rowMajorWeights);
    }

    @Override
    public String toString() {
        return "FastDenseLayer(" + super.toString() + ", inputGradient=" + inputGradient + ", sparseInput="
                + sparseInput + ", rowMajorWeights=" + rowMajorWeights + ")";
    }

    /** Builds a {@link FastDenseLayer} with the options of the stock layer's builder and three more. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private boolean hasBias = true;
        private boolean hasLayerNorm;
        private boolean inputGradient = true;
        private boolean sparseInput;
        private boolean rowMajorWeights;

        /** Creates a builder with a bias and without layer normalization. */
        public Builder() {}

        /**
         * Sets whether there is a bias. Default: true.
         *
         * @param hasBias whether to add a bias
         * @return this
         */
        public Builder hasBias(boolean hasBias) {
            this.hasBias = hasBias;
            return this;
        }

        /**
         * Sets whether pre-activations are normalized per example (Ba, Kiros and Hinton 2016). Default: false.
         *
         * @param hasLayerNorm whether to normalize
         * @return this
         */
        public Builder hasLayerNorm(boolean hasLayerNorm) {
            this.hasLayerNorm = hasLayerNorm;
            return this;
        }

        /**
         * Sets whether backprop computes the gradient with respect to the input. Default: true.
         *
         * <p>In the first layer of a network the gradient is unused, and {@code false} saves its matrix product. That
         * is a sixth of the training time of a small autoencoder. Leave it on where the gradient is read ({@code
         * calculateGradients}, adversarial training), because it is 0 otherwise.
         *
         * <p>A {@code MultiLayerNetwork} accepts {@code false} only in its first layer. In a {@code ComputationGraph}
         * it saves the product only if the layer reads an input of the graph and workspaces are on. That is
         * Deeplearning4j's default.
         *
         * @param inputGradient whether to compute it
         * @return this
         */
        public Builder inputGradient(boolean inputGradient) {
            this.inputGradient = inputGradient;
            return this;
        }

        /**
         * Declares that the layer below ignores the gradient where its output is zero, as {@code ActivationTopK} and
         * {@code TopKLayer} do. Default: false.
         *
         * <p>The layer then computes the gradient of active units only, and the others get 0. With 32 of 8192 units
         * active that saves a quarter of a training step. The gradients of all parameters stay the same, unless a unit
         * is among the k largest with a value of exactly 0.
         *
         * <p>When not to use it: after a layer with another derivative at zero (identity, sigmoid). The gradients of
         * that layer would be wrong.
         *
         * @param sparseInput whether the layer below ignores it
         * @return this
         */
        public Builder sparseInput(boolean sparseInput) {
            this.sparseInput = sparseInput;
            return this;
        }

        /**
         * Sets whether W is in 'c' order, so that the weights of an input lie together. Default: false, the stock
         * layer's 'f' order.
         *
         * <p>It speeds up the layer after a large top-k layer. A decoder of 8192 units, 32 of them active, to 512
         * values takes a tenth of the time in each of its three products. Dense inputs gain nothing.
         *
         * <p>{@code getParam("W")} has the same shape in both orders. The flat vectors {@code params()} and the
         * updater's state differ, so they cannot be copied from or to a layer in the other order.
         *
         * @param rowMajorWeights whether W is in 'c' order
         * @return this
         */
        public Builder rowMajorWeights(boolean rowMajorWeights) {
            this.rowMajorWeights = rowMajorWeights;
            return this;
        }

        @Override
        public FastDenseLayer build() {
            return new FastDenseLayer(this);
        }
    }
}
