package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.layer.AbstractFeedForwardLayer;
import io.github.dl4jae.layer.Settings;
import io.github.dl4jae.penalty.CountsRows;
import java.util.Collection;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A first layer with the learned pseudo-inputs of a VampPrior, which it appends to the examples of every mini-batch.
 *
 * <pre>
 * out = [x ; u]        u_k = act(U_k)        ∂U = δ_u ⊙ act′(U)
 * </pre>
 *
 * <p>A {@link GaussianLatentLayer} with the prior {@link LatentPrior.Vamp} of K components removes them, so that the
 * layers after it receive the examples only. The last line of this example initializes the pseudo-inputs with training
 * examples:
 *
 * <pre>{@code
 * .layer(new PseudoInputLayer.Builder().nIn(784).pseudoInputs(100).build())
 * …                                                                           // any encoder
 * .layer(new GaussianLatentLayer.Builder().nOut(40).prior(new LatentPrior.Vamp(100)).build())
 * …
 * network.setParam("0_U", images.get(NDArrayIndex.interval(0, 100)));
 * }</pre>
 *
 * <p>Shapes: in {@code [batch, …]} of rank 2 or 4, out {@code [batch + K, …]}; parameter {@code U [K, nIn]}, nIn being
 * the number of values of an example. Default activation: identity. The gradient of the input is that of its rows.
 *
 * <p>Errors: fewer than one pseudo-input; sequences, masks, or examples that do not have nIn values.
 *
 * <p>When not to use it: with batch normalization in the encoder, because the pseudo-inputs would change its
 * statistics; after other layers.
 *
 * @see <a href="https://arxiv.org/abs/1705.07120">Tomczak and Welling 2018, VAE with a VampPrior</a>
 */
public final class PseudoInputLayer extends AbstractFeedForwardLayer implements CountsRows {

    private final int pseudoInputs;

    /** The shape of an image, without the batch; null for plain features. */
    @JsonProperty
    private long @Nullable [] exampleShape;

    private PseudoInputLayer(Builder builder) {
        super(builder);
        this.pseudoInputs = requireCount(builder.pseudoInputs);
        this.nOut = nIn;
        initializeConstraints(builder);
    }

    // for JSON
    PseudoInputLayer(
            @JsonProperty("pseudoInputs") int pseudoInputs, @JsonProperty("exampleShape") long[] exampleShape) {
        this.pseudoInputs = requireCount(pseudoInputs);
        this.exampleShape = exampleShape;
    }

    private static int requireCount(int pseudoInputs) {
        return Require.atLeast(
                1, "PseudoInputLayer", "pseudoInputs", pseudoInputs, "pass the number of components of the VampPrior");
    }

    /**
     * Returns the number of pseudo-inputs.
     *
     * @return K
     */
    public int getPseudoInputs() {
        return pseudoInputs;
    }

    /**
     * Returns the shape of this layer's input.
     *
     * @param examples number of examples
     * @return {@code [examples, …]}
     */
    public long[] inputShape(long examples) {
        long[] rest = exampleShape == null ? new long[] {nIn} : exampleShape;
        long[] shape = new long[rest.length + 1];
        shape[0] = examples;
        System.arraycopy(rest, 0, shape, 1, rest.length);
        return shape;
    }

    @Override
    protected void requireFits(Collection<TrainingListener> listeners, int layerIndex) {
        if (nIn <= 0) {
            throw new DL4JInvalidConfigException("PseudoInputLayer '" + getLayerName() + "': nIn must be above 0, got "
                    + nIn + "; set it on the builder, or set the network's input type");
        }
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType, INDArray parameters) {
        return new PseudoInputLayerImpl(conf, dataType);
    }

    @Override
    public ParamInitializer initializer() {
        return PseudoInputParamInitializer.INSTANCE;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (nIn <= 0 || override) {
            nIn = inputType.arrayElementsPerExample();
        }
        nOut = nIn;
        exampleShape = inputType instanceof InputType.InputTypeConvolutional ? inputType.getShape() : null;
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return null;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        if (inputType.getType() == InputType.Type.RNN) {
            throw new IllegalArgumentException("PseudoInputLayer '" + getLayerName()
                    + "': the input must be features or images, got " + inputType
                    + "; reduce sequences to one vector first, as LastTimeStep does");
        }
        return inputType;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long parameters = initializer().numParams(this);
        return LayerMemory.of(this, inputType)
                .inference(parameters, 0)
                .training(parameters, 0)
                .report();
    }

    @Override
    protected Settings settings() {
        return Settings.none().with("pseudoInputs", pseudoInputs).with("exampleShape", exampleShape);
    }

    /** A builder of {@link PseudoInputLayer}. The number of pseudo-inputs is required. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private int pseudoInputs;

        /** Creates a builder with activation identity. */
        public Builder() {
            activation(Activation.IDENTITY);
        }

        /**
         * Sets the number of pseudo-inputs.
         *
         * @param pseudoInputs K, at least 1; no default
         * @return this
         */
        public Builder pseudoInputs(int pseudoInputs) {
            this.pseudoInputs = pseudoInputs;
            return this;
        }

        /**
         * Builds the layer.
         *
         * @return a new configuration
         * @throws IllegalArgumentException if the number of pseudo-inputs is missing or below 1
         */
        @Override
        public PseudoInputLayer build() {
            return new PseudoInputLayer(this);
        }
    }
}
