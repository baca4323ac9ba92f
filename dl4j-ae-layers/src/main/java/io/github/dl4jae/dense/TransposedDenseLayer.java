package io.github.dl4jae.dense;

import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A dense layer with the transposed weights of another layer of the same network: the decoder of an autoencoder with tied weights, as deep as one likes.
 *
 * <pre>
 * a = act(z),  z = h·Wᵀ + b,   W of a FastDenseLayer
 * δ = ε ⊙ act′(z),  ∂W += δᵀ·h,  ∂b = Σ_rows δ,  ∂h = δ·W
 * </pre>
 *
 * W has one gradient, the sum of what comes from both ends, and is updated and regularized once, by the settings of the encoder's layer.
 *
 * <pre>{@code
 * graph.addLayer("e1", new FastDenseLayer.Builder().nIn(784).nOut(500).build(), "in")
 *      .addLayer("e2", new FastDenseLayer.Builder().nIn(500).nOut(30).build(), "e1")
 *      .addLayer("d2", new TransposedDenseLayer.Builder("e2").nIn(30).nOut(500).build(), "e2")
 *      .addLayer("d1", new TransposedDenseLayer.Builder("e1").nIn(500).nOut(784).activation(Activation.IDENTITY).build(), "d2")
 *      .addLayer("out", new LossLayer.Builder(new LossBernoulli()).activation(Activation.SIGMOID).build(), "d1")
 * }</pre>
 *
 * <p>In a {@code MultiLayerNetwork} the same, with {@code name("e1")} on the encoder's layers. Its {@code toComputationGraph()} gives layers other names,
 * and so can't tie them again.
 *
 * <p>Shapes: in {@code [batch, nIn]}, out {@code [batch, nOut]}; parameter {@code b [nOut]}.
 *
 * <p>Errors, when the network is initialized: there is no {@code FastDenseLayer} of that name, or it comes later; its W is not {@code [nOut, nIn]}; it has
 * weight noise, which would have to be the same here.
 *
 * <p>When not to use it: with an encoder whose layers are frozen or trained apart; the weights would change for one end only.
 */
public final class TransposedDenseLayer extends FeedForwardLayer {

    private final String tiedTo;

    private TransposedDenseLayer(Builder builder) {
        super(builder);
        this.tiedTo = requireName(builder.tiedTo);
        initializeConstraints(builder);
    }

    // for JSON
    TransposedDenseLayer(@JsonProperty("tiedTo") String tiedTo) {
        this.tiedTo = requireName(tiedTo);
    }

    private static String requireName(String name) {
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("TransposedDenseLayer: tiedTo must be the name of a FastDenseLayer, got "
                    + (name == null ? "null" : "an empty one") + "; give that layer a name, and say it here");
        }
        return name;
    }

    /**
     * The layer that it has its weights from.
     *
     * @return a name
     */
    public String getTiedTo() {
        return tiedTo;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        DenseChecks.requireSizes("TransposedDenseLayer", this);
        return LayerAssembly.assemble(
                new TransposedDenseLayerImpl(conf, dataType, encoder(parametersView)),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    private FastDenseLayerImpl encoder(INDArray parametersView) {
        FastDenseLayerImpl encoder = NetworkConstruction.current()
                .find(FastDenseLayerImpl.class)
                .filter(layer -> tiedTo.equals(layer.layerConf().getLayerName()))
                .filter(layer -> memory(layer.params()) == memory(parametersView))
                .reduce((first, last) -> last)
                .orElseThrow(() -> new DL4JInvalidConfigException("TransposedDenseLayer '" + layerName
                        + "': tiedTo must name a FastDenseLayer that was added to the network before, got '" + tiedTo
                        + "'; give that layer the name, and add it first"));
        FastDenseLayer tied = encoder.layerConf();
        if (tied.getNIn() != nOut || tied.getNOut() != nIn) {
            throw new DL4JInvalidConfigException("TransposedDenseLayer '" + layerName + "': nIn and nOut must be those"
                    + " of '" + tiedTo + "' the other way round, " + tied.getNOut() + " and " + tied.getNIn() + ", got "
                    + nIn + " and " + nOut + "; set them so");
        }
        if (tied.getWeightNoise() != null) {
            throw new DL4JInvalidConfigException("TransposedDenseLayer '" + layerName + "': '" + tiedTo
                    + "' must have no weight noise, got " + tied.getWeightNoise()
                    + "; use dropout, or a decoder with weights of its own");
        }
        return encoder;
    }

    /** Returns the array that holds all parameters of a network. */
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
    public TransposedDenseLayer clone() {
        return (TransposedDenseLayer) super.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TransposedDenseLayer that && super.equals(other) && tiedTo.equals(that.tiedTo);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), tiedTo);
    }

    @Override
    public String toString() {
        return "TransposedDenseLayer(" + super.toString() + ", tiedTo=" + tiedTo + ")";
    }

    /** Builds a {@link TransposedDenseLayer}; nIn and nOut are those of the other layer the other way round. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private final String tiedTo;

        /**
         * A builder for the counterpart of a layer.
         *
         * @param tiedTo its name
         */
        public Builder(String tiedTo) {
            this.tiedTo = tiedTo;
        }

        @Override
        public TransposedDenseLayer build() {
            return new TransposedDenseLayer(this);
        }
    }
}
