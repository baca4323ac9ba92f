package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.penalty.CountsRows;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The learned pseudo-inputs of a VampPrior: the first layer of a network, which sends them through the encoder behind the examples of every minibatch.
 *
 * <pre>
 * out = [x ; u]        u_k = act(U_k)        ∂U = δ_u ⊙ act′(U)
 * </pre>
 *
 * A {@link GaussianLatentLayer} with the prior {@link LatentPrior.Vamp} of as many components takes them off again, so that the layers behind it see the
 * examples alone.
 *
 * <pre>{@code
 * .layer(new PseudoInputLayer.Builder().nIn(784).pseudoInputs(100).build())
 * …                                                                          // any encoder
 * .layer(new GaussianLatentLayer.Builder().nOut(40).prior(new LatentPrior.Vamp(100)).build())
 * …
 * network.setParam("0_U", images.get(NDArrayIndex.interval(0, 100)));        // a good start: some examples
 * }</pre>
 *
 * <p>Shapes: in {@code [batch, …]} of rank 2 or 4, out {@code [batch + K, …]}; parameter {@code U [K, values per example]}.
 *
 * <p>When not to use it: with batch normalization in the encoder, whose statistics the pseudo-inputs would change; with masks, or behind other layers.
 *
 * @see <a href="https://arxiv.org/abs/1705.07120">Tomczak and Welling 2018, VAE with a VampPrior</a>
 */
public final class PseudoInputLayer extends FeedForwardLayer implements CountsRows {

    private final int pseudoInputs;

    /** Of one example; null for plain features. */
    @JsonProperty
    private long[] exampleShape;

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
        if (pseudoInputs < 1) {
            throw new IllegalArgumentException("PseudoInputLayer: pseudoInputs must be at least 1, got " + pseudoInputs
                    + "; give the number of components of the VampPrior");
        }
        return pseudoInputs;
    }

    /**
     * How many pseudo-inputs there are.
     *
     * @return K
     */
    public int getPseudoInputs() {
        return pseudoInputs;
    }

    /**
     * The shape of what this layer takes.
     *
     * @param examples how many examples
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
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        if (nIn <= 0) {
            throw new DL4JInvalidConfigException("PseudoInputLayer '" + getLayerName() + "': nIn must be above 0, got "
                    + nIn + "; set it on the builder, or the network's input type");
        }
        return LayerAssembly.assemble(
                new PseudoInputLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
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
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return null;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        if (inputType.getType() == InputType.Type.RNN) {
            throw new IllegalArgumentException("PseudoInputLayer '" + getLayerName()
                    + "': the input must be features or images, got " + inputType
                    + "; sequences of different lengths have no common pseudo-input");
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
    public PseudoInputLayer clone() {
        return (PseudoInputLayer) super.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PseudoInputLayer that
                && super.equals(other)
                && pseudoInputs == that.pseudoInputs
                && Arrays.equals(exampleShape, that.exampleShape);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), pseudoInputs, Arrays.hashCode(exampleShape));
    }

    @Override
    public String toString() {
        return "PseudoInputLayer(" + super.toString() + ", pseudoInputs=" + pseudoInputs + ")";
    }

    /** Builds a {@link PseudoInputLayer}; the number of pseudo-inputs must be set. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private int pseudoInputs;

        /** A builder with activation identity. */
        public Builder() {
            activation(Activation.IDENTITY);
        }

        /**
         * Sets the number of pseudo-inputs.
         *
         * @param pseudoInputs K
         * @return this
         */
        public Builder pseudoInputs(int pseudoInputs) {
            this.pseudoInputs = pseudoInputs;
            return this;
        }

        @Override
        public PseudoInputLayer build() {
            return new PseudoInputLayer(this);
        }
    }
}
