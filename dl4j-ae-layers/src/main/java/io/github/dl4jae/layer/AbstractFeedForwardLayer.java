package io.github.dl4jae.layer;

import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.LayerAssembly;
import java.util.Collection;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The base of configurations of layers with parameters. */
public abstract class AbstractFeedForwardLayer extends FeedForwardLayer {

    /** Creates a layer for JSON to fill in. */
    protected AbstractFeedForwardLayer() {}

    /**
     * Creates a layer.
     *
     * @param builder the options that Deeplearning4j's builder holds
     */
    protected AbstractFeedForwardLayer(Builder<?> builder) {
        super(builder);
    }

    /**
     * Returns the options of the subclass.
     *
     * @return the options that {@code equals} compares
     */
    protected abstract Settings settings();

    /**
     * Creates the implementation of the layer, when its network is initialized.
     *
     * @param conf its configuration
     * @param dataType of its parameters and activations
     * @param parameters the view of its parameters
     * @return a new implementation, which is not wired yet
     */
    protected abstract Layer implementation(NeuralNetConfiguration conf, DataType dataType, INDArray parameters);

    /**
     * Checks that the layer fits its network. Default: nIn and nOut must be above 0.
     *
     * @param listeners those of the network, which tell a layer of a {@code MultiLayerNetwork} from one of a graph
     * @param layerIndex the index of the layer
     * @throws DL4JInvalidConfigException if it does not
     */
    protected void requireFits(Collection<TrainingListener> listeners, int layerIndex) {
        DenseChecks.requireSizes(this);
    }

    @Override
    public final Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        requireFits(listeners, layerIndex);
        return LayerAssembly.assemble(
                implementation(conf, dataType, parametersView),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof AbstractFeedForwardLayer that
                && getClass() == that.getClass()
                && super.equals(that)
                && settings().equals(that.settings());
    }

    @Override
    public final int hashCode() {
        return 31 * super.hashCode() + settings().hashCode();
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "(" + super.toString() + ", " + settings() + ")";
    }
}
