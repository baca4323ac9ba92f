package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.Require;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The output layer of an importance-weighted autoencoder: a loss over K samples per example, with importance weights.
 *
 * <pre>
 * w_k = p(x|z_k) p(z_k)/q(z_k|x)        ln w_k = −loss(x, o_k) + r_k
 * IMPORTANCE_WEIGHTED   L = −ln 1/K Σ_k w_k        ∂L/∂ln w_k = −w_k/Σ w
 * AVERAGE               L = −1/K Σ_k ln w_k        ∂L/∂ln w_k = −1/K
 * ∂L/∂o_k = −∂L/∂ln w_k · ∂loss/∂o_k               ∂L/∂r_k = ∂L/∂ln w_k
 * </pre>
 *
 * <p>For K = 1 both are the evidence lower bound, with the KL divergence estimated at the sample. For K &gt; 1 the
 * first is tighter. The layer has no parameters: the layer before it computes the pre-activations o, with activation
 * identity.
 *
 * <pre>{@code
 * .addLayer("z", new GaussianLatentLayer.Builder().nIn(200).nOut(50).importanceSamples(5).build(), "encoder")
 * .addVertex("code", new SubsetVertex(0, 49), "z")
 * .addVertex("ratio", new SubsetVertex(50, 50), "z")
 * .addLayer("decoder", …, "code")
 * .addLayer("logits", new FastDenseLayer.Builder().nOut(784).activation(Activation.IDENTITY).build(), "decoder")
 * .addVertex("weighted", new MergeVertex(), "logits", "ratio")
 * .addLayer(
 *         "out",
 *         new MultiSampleLossLayer.Builder(new LossBernoulli()).activation(Activation.SIGMOID).build(),
 *         "weighted")
 * }</pre>
 *
 * <p>Shapes: in {@code [K·batch, n + 1]}, pre-activations with r in the last column, sample by sample; labels {@code
 * [batch, n]}, or the width that the loss needs; out {@code [K·batch, n]}. The layer derives K from the number of
 * labels. At inference there is one row per example. Masks {@code [batch, 1]} exclude examples.
 *
 * <p>Errors: a number of rows that is not a multiple of the number of labels; labels that the loss refuses; a bound
 * that is not finite; a latent layer with {@code importanceSamples} before another output layer.
 *
 * <p>When not to use it: with a loss that is not a negative log-likelihood summed over features. Large K improves the
 * decoder, but the gradient of the encoder becomes noisier.
 *
 * @see <a href="https://arxiv.org/abs/1509.00519">Burda, Grosse and Salakhutdinov 2016, Importance weighted
 *     autoencoders</a>
 */
public final class MultiSampleLossLayer extends LossLayer {

    /** The bound on the log-likelihood. */
    public enum Bound {
        /** The log of the mean weight, the bound of Burda et al. */
        IMPORTANCE_WEIGHTED,
        /** The mean log weight, the evidence lower bound estimated with several samples. */
        AVERAGE
    }

    private final Bound bound;

    private MultiSampleLossLayer(Builder builder) {
        this.bound = builder.bound;
        setLossFn(builder.getLossFn());
        setActivationFn(builder.getActivationFn());
        setLayerName(builder.getLayerName());
    }

    // for JSON
    MultiSampleLossLayer(@JsonProperty("bound") Bound bound) {
        this.bound = bound == null ? Bound.IMPORTANCE_WEIGHTED : bound;
    }

    /**
     * Returns the bound on the log-likelihood.
     *
     * @return the bound
     */
    public Bound getBound() {
        return bound;
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
                new MultiSampleLossLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        if (!(inputType instanceof InputType.InputTypeFeedForward rows)) {
            throw new IllegalArgumentException("MultiSampleLossLayer '" + getLayerName()
                    + "': the input must be rows, pre-activations merged with log ratios, got " + inputType
                    + "; connect it to a MergeVertex");
        }
        return InputType.feedForward(rows.getSize() - 1);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long elements = inputType.arrayElementsPerExample();
        return LayerMemory.of(this, inputType)
                .inference(0, elements)
                .training(0, 3 * elements)
                .report();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MultiSampleLossLayer that && super.equals(other) && bound == that.bound;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), bound);
    }

    @Override
    public String toString() {
        return "MultiSampleLossLayer(" + super.toString() + ", bound=" + bound + ")";
    }

    /** A builder of {@link MultiSampleLossLayer}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends BaseOutputLayer.Builder<Builder> {
        private Bound bound = Bound.IMPORTANCE_WEIGHTED;

        /**
         * Creates a builder with activation identity.
         *
         * @param lossFunction a negative log-likelihood, summed over features
         * @throws IllegalArgumentException if it is null
         */
        public Builder(ILossFunction lossFunction) {
            setLossFn(Require.given("MultiSampleLossLayer", "lossFunction", lossFunction, ""));
            setActivationFn(new ActivationIdentity());
        }

        /**
         * Sets the bound on the log-likelihood. Default: {@link Bound#IMPORTANCE_WEIGHTED}.
         *
         * @param bound the bound
         * @return this
         * @throws IllegalArgumentException if the bound is null
         */
        public Builder bound(Bound bound) {
            this.bound = Require.given("MultiSampleLossLayer", "bound", bound, "omit it for IMPORTANCE_WEIGHTED");
            return this;
        }

        /**
         * Builds the layer.
         *
         * @return a new configuration
         */
        @Override
        public MultiSampleLossLayer build() {
            return new MultiSampleLossLayer(this);
        }
    }
}
