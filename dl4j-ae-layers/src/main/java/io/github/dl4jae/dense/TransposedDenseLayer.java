package io.github.dl4jae.dense;

import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.layer.AbstractFeedForwardLayer;
import io.github.dl4jae.layer.Settings;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A dense layer with the transposed weight matrix of another layer of the same network, for the decoder of a deep
 * autoencoder with tied weights.
 *
 * <pre>
 * a = act(z),  z = h·Wᵀ + b,   W of a FastDenseLayer
 * δ = ε ⊙ act′(z),  ∂W += δᵀ·h,  ∂b = Σ_rows δ,  ∂h = δ·W
 * </pre>
 *
 * <p>W has one gradient, the sum of the gradients from encoder and decoder. It is updated and regularized once, with
 * the settings of the encoder's layer.
 *
 * <pre>{@code
 * graph.addLayer("e1", new FastDenseLayer.Builder().nIn(784).nOut(500).build(), "in")
 *      .addLayer("e2", new FastDenseLayer.Builder().nIn(500).nOut(30).build(), "e1")
 *      .addLayer("d2", new TransposedDenseLayer.Builder("e2").nIn(30).nOut(500).build(), "e2")
 *      .addLayer("d1", new TransposedDenseLayer.Builder("e1").nIn(500).nOut(784)
 *              .activation(Activation.IDENTITY).build(), "d2")
 *      .addLayer("out", new LossLayer.Builder(new LossBernoulli()).activation(Activation.SIGMOID).build(), "d1")
 * }</pre>
 *
 * <p>In a {@code MultiLayerNetwork}, give the encoder's layers their names with {@code name("e1")}. Its {@code
 * toComputationGraph()} renames layers, so the resulting graph cannot tie them again.
 *
 * <p>Shapes: in {@code [batch, nIn]}, out {@code [batch, nOut]}; parameter {@code b [nOut]}.
 *
 * <p>Errors, when the network is initialized: there is no {@code FastDenseLayer} of that name, or it comes later; its W
 * is not {@code [nOut, nIn]}; it has weight noise, which this layer would not see.
 *
 * <p>When not to use it: with an encoder whose layers are frozen or trained separately. The weights would then change
 * for one end only.
 */
public final class TransposedDenseLayer extends AbstractFeedForwardLayer {

    private final String tiedTo;

    private TransposedDenseLayer(Builder builder) {
        super(builder);
        this.tiedTo = builder.tiedTo;
        initializeConstraints(builder);
    }

    // for JSON
    TransposedDenseLayer(@JsonProperty("tiedTo") String tiedTo) {
        this.tiedTo = requireName(tiedTo);
    }

    private static String requireName(String name) {
        Require.that(
                name != null && !name.isEmpty(),
                "TransposedDenseLayer",
                "tiedTo must be the name of a FastDenseLayer",
                name == null ? "null" : "an empty one",
                "pass the name that is set on that layer's builder");
        return name;
    }

    /**
     * Returns the name of the layer that owns the weights.
     *
     * @return a layer name
     */
    public String getTiedTo() {
        return tiedTo;
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType, INDArray parameters) {
        return new TransposedDenseLayerImpl(conf, dataType, encoder(parameters));
    }

    private FastDenseLayerImpl encoder(INDArray parametersView) {
        FastDenseLayerImpl encoder = NetworkConstruction.current()
                .find(FastDenseLayerImpl.class)
                .filter(layer -> tiedTo.equals(layer.layerConf().getLayerName()))
                .filter(layer -> memory(layer.params()) == memory(parametersView))
                .reduce((first, last) -> last)
                .orElseThrow(
                        () -> refusal("tiedTo must name a FastDenseLayer that was added to the network before, got '"
                                + tiedTo + "'; add that layer first, with this name"));
        FastDenseLayer tied = encoder.layerConf();
        if (tied.getNIn() != nOut || tied.getNOut() != nIn) {
            throw refusal("nIn and nOut must be nOut and nIn of '" + tiedTo + "', " + tied.getNOut() + " and "
                    + tied.getNIn() + ", got " + nIn + " and " + nOut + "; change them");
        }
        if (tied.getWeightNoise() != null) {
            throw refusal("'" + tiedTo + "' must have no weight noise, got " + tied.getWeightNoise()
                    + "; use dropout, or a decoder with its own weights");
        }
        return encoder;
    }

    private DL4JInvalidConfigException refusal(String reason) {
        return new DL4JInvalidConfigException(LayerSubject.of(this) + ": " + reason);
    }

    /** Returns the buffer that holds all parameters of a network. */
    private static DataBuffer memory(INDArray view) {
        DataBuffer original = view.data().originalDataBuffer();
        return original == null ? view.data() : original;
    }

    @Override
    public ParamInitializer initializer() {
        return BiasParamInitializer.INSTANCE;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return LayerMemory.of(this, inputType)
                .training(nIn * nOut, 2 * getOutputType(-1, inputType).arrayElementsPerExample())
                .report();
    }

    @Override
    protected Settings settings() {
        return Settings.none().with("tiedTo", tiedTo);
    }

    /** Builds a {@link TransposedDenseLayer}. nIn and nOut are nOut and nIn of the other layer. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private final String tiedTo;

        /**
         * Creates a builder for the counterpart of a layer.
         *
         * @param tiedTo the name of that layer
         * @throws IllegalArgumentException if it is null or empty
         */
        public Builder(String tiedTo) {
            this.tiedTo = requireName(tiedTo);
        }

        @Override
        public TransposedDenseLayer build() {
            return new TransposedDenseLayer(this);
        }
    }
}
