package io.github.dl4jae.dense;

import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.likelihood.LossMixed;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * An output layer with the options, parameters and results of Deeplearning4j's {@code OutputLayer}, several times as
 * fast.
 *
 * <pre>
 * z = x·W + b     y = act(z)     L = loss(labels, z)
 * δ = ∂L/∂z,  ∂W = xᵀ·δ,  ∂b = Σ_rows δ,  ∂x = δ·Wᵀ
 * </pre>
 *
 * <pre>{@code
 * .layer(new FastOutputLayer.Builder(new LossBernoulli()).nOut(784).activation(Activation.SIGMOID).build())
 * }</pre>
 *
 * <p>The stock layer computes x·W twice in a training step and evaluates the loss twice. This layer does each once. It
 * accepts any {@code ILossFunction} whose {@code computeGradientAndScore} works. The losses of {@link
 * io.github.dl4jae.likelihood} compute value and gradient in one pass.
 *
 * <p>Shapes: in {@code [batch, nIn]}, out and labels {@code [batch, nOut]}; parameters {@code W [nIn, nOut]} and {@code
 * b [nOut]}; masks {@code [batch, 1]} or the shape of the labels.
 *
 * <p>The default activation depends on the loss: softmax for multi-class cross-entropies, sigmoid for Bernoulli losses,
 * else identity. {@code LossMixed} has its own activation, and also a default nOut. The stock layer uses softmax for
 * all losses.
 *
 * <p>Errors: no loss; nIn or nOut not above 0 when the network is initialized; an input that is not {@code [batch,
 * nIn]}; labels of another shape than the output; values that the loss refuses.
 *
 * <p>When not to use it: with {@code MultiLayerNetwork.fit(INDArray, int[])}, which accepts only Deeplearning4j's own
 * class. Pass labels as an array.
 *
 * @see FastLayers
 */
public final class FastOutputLayer extends BaseOutputLayer {

    private final boolean sparseInput;
    private final boolean rowMajorWeights;

    private FastOutputLayer(Builder builder) {
        super(builder);
        requireLoss(lossFn);
        if (activationFn == null) {
            activationFn = DefaultActivation.of(lossFn);
        }
        if (nOut == 0 && lossFn instanceof LossMixed mixed) {
            nOut = mixed.outputs();
        }
        this.sparseInput = builder.sparseInput;
        this.rowMajorWeights = builder.rowMajorWeights;
        initializeConstraints(builder);
    }

    // for JSON, and for FastLayers
    FastOutputLayer(
            @JsonProperty("hasBias") Boolean hasBias,
            @JsonProperty("sparseInput") boolean sparseInput,
            @JsonProperty("rowMajorWeights") boolean rowMajorWeights) {
        this.hasBias = hasBias == null || hasBias;
        this.sparseInput = sparseInput;
        this.rowMajorWeights = rowMajorWeights;
    }

    private static <L> L requireLoss(L loss) {
        return Require.given("FastOutputLayer", "loss", loss, "LossBernoulli or LossGaussian suit autoencoders");
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
        return LayerAssembly.assemble(
                new FastOutputLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public ParamInitializer initializer() {
        return RowMajorParamInitializer.of(rowMajorWeights);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return LayerMemory.of(this, inputType)
                .training(0, getOutputType(-1, inputType).arrayElementsPerExample()) // δ
                .report();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastOutputLayer that
                && super.equals(other)
                && sparseInput == that.sparseInput
                && rowMajorWeights == that.rowMajorWeights;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), sparseInput, rowMajorWeights);
    }

    @Override
    public String toString() {
        return "FastOutputLayer(" + super.toString() + ", sparseInput=" + sparseInput + ", rowMajorWeights="
                + rowMajorWeights + ")";
    }

    /** Builds a {@link FastOutputLayer} with the options of the stock layer's builder and two more. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends BaseOutputLayer.Builder<Builder> {
        private boolean sparseInput;
        private boolean rowMajorWeights;

        /** Creates a builder with multi-class cross-entropy, the stock default. */
        public Builder() {}

        /**
         * Creates a builder with a stock loss.
         *
         * @param lossFunction the loss
         * @throws IllegalArgumentException if it is null
         */
        public Builder(LossFunctions.LossFunction lossFunction) {
            this(requireLoss(lossFunction).getILossFunction());
        }

        /**
         * Creates a builder with a loss.
         *
         * @param lossFunction the loss
         * @throws IllegalArgumentException if it is null
         */
        public Builder(ILossFunction lossFunction) {
            setLossFn(requireLoss(lossFunction));
        }

        /**
         * Declares that the layer below ignores the gradient where its output is zero. {@link
         * FastDenseLayer.Builder#sparseInput} describes the gain and the conditions. Default: false.
         *
         * @param sparseInput whether the layer below ignores it
         * @return this
         */
        public Builder sparseInput(boolean sparseInput) {
            this.sparseInput = sparseInput;
            return this;
        }

        /**
         * Sets whether W is in 'c' order, for the layer after a large top-k layer. {@link
         * FastDenseLayer.Builder#rowMajorWeights} describes gain and conditions. Default: false.
         *
         * @param rowMajorWeights whether W is in 'c' order
         * @return this
         */
        public Builder rowMajorWeights(boolean rowMajorWeights) {
            this.rowMajorWeights = rowMajorWeights;
            return this;
        }

        @Override
        public FastOutputLayer build() {
            return new FastOutputLayer(this);
        }
    }
}
