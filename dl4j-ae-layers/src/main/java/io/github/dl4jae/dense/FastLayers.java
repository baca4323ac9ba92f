package io.github.dl4jae.dense;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Swaps fast layers into what stock layers were built with.
 *
 * <pre>{@code
 * MultiLayerNetwork network = new MultiLayerNetwork(FastLayers.convert(configuration));   // or a trained network:
 * MultiLayerNetwork faster = FastLayers.convert(ModelSerializer.restoreMultiLayerNetwork(file));
 * }</pre>
 *
 * Every {@code DenseLayer} becomes a {@link FastDenseLayer} and every {@code OutputLayer} a {@link FastOutputLayer}, also inside
 * frozen and other wrapping layers; all else stays: other layers, losses, updaters, schedules, preprocessors, counts of iterations and
 * epochs. A trained network keeps its parameters and the state of its updater, and continues with the same numbers. What is
 * given is not changed; results share no memory with it. Not carried over: listeners, and what recurrent layers remember
 * between time steps.
 *
 * <p>Random draws: activations lie in memory by rows, where stock layers have them by columns. Dropout or noise behind a dense layer
 * therefore falls on other units with the same seed, which is as good but not the same.
 *
 * <p>Errors: a network that was not initialized.
 */
public final class FastLayers {

    private FastLayers() {}

    /**
     * A configuration with fast layers.
     *
     * @param configuration with stock layers or any others; stays as it is
     * @return a copy with the layers swapped
     */
    public static MultiLayerConfiguration convert(MultiLayerConfiguration configuration) {
        MultiLayerConfiguration copy = configuration.clone();
        copy.getConfs().forEach(FastLayers::swap);
        return copy;
    }

    /**
     * A configuration with fast layers.
     *
     * @param configuration with stock layers or any others; stays as it is
     * @return a copy with the layers swapped
     */
    public static ComputationGraphConfiguration convert(ComputationGraphConfiguration configuration) {
        ComputationGraphConfiguration copy = configuration.clone();
        for (GraphVertex vertex : copy.getVertices().values()) {
            if (vertex instanceof LayerVertex layer) {
                swap(layer.getLayerConf());
            }
        }
        copy.setIterationCount(configuration.getIterationCount()); // clone() forgets them
        copy.setEpochCount(configuration.getEpochCount());
        return copy;
    }

    /**
     * A network with fast layers, in the same state of training.
     *
     * @param network initialized; stays as it is
     * @return a network with copies of its parameters and its updater's state
     */
    public static MultiLayerNetwork convert(MultiLayerNetwork network) {
        requireInitialized(network.params());
        MultiLayerNetwork copy = new MultiLayerNetwork(convert(network.getLayerWiseConfigurations()));
        copy.init(network.params().dup(), false);
        Updater updater = network.getUpdater(false);
        if (updater != null && updater.getStateViewArray() != null) {
            copy.getUpdater().setStateViewArray(copy, updater.getStateViewArray(), false);
        }
        return copy;
    }

    /**
     * A graph with fast layers, in the same state of training.
     *
     * @param graph initialized; stays as it is
     * @return a graph with copies of its parameters and its updater's state
     */
    public static ComputationGraph convert(ComputationGraph graph) {
        requireInitialized(graph.params());
        ComputationGraph copy = new ComputationGraph(convert(graph.getConfiguration()));
        copy.init(graph.params().dup(), false);
        INDArray state =
                graph.getUpdater(false) == null ? null : graph.getUpdater(false).getUpdaterStateViewArray();
        if (state != null) {
            copy.getUpdater().setStateViewArray(state);
        }
        return copy;
    }

    private static void requireInitialized(INDArray parameters) {
        if (parameters.length() == 0) {
            throw new IllegalArgumentException(
                    "FastLayers: the network must be initialized, got one without parameters;"
                            + " call init() first, or convert its configuration");
        }
    }

    private static void swap(NeuralNetConfiguration configuration) {
        configuration.setLayer(fast(configuration.getLayer()));
    }

    private static Layer fast(Layer layer) {
        if (layer.getClass() == DenseLayer.class) {
            DenseLayer dense = (DenseLayer) layer;
            return withFieldsOf(dense, DenseLayer.class, new FastDenseLayer(true, false));
        } else if (layer.getClass() == OutputLayer.class) {
            OutputLayer output = (OutputLayer) layer;
            FastOutputLayer fast =
                    withFieldsOf(output, FeedForwardLayer.class, new FastOutputLayer(output.hasBias(), false));
            fast.setLossFn(output.getLossFn());
            return fast;
        } else if (layer instanceof FrozenLayer frozen) {
            FrozenLayer fast = new FrozenLayer(fast(frozen.getLayer()));
            fast.setLayerName(frozen.getLayerName());
            return fast;
        } else if (layer instanceof BaseWrapperLayer wrapper) {
            wrapper.setUnderlying(fast(wrapper.getUnderlying().clone())); // TimeDistributed.clone() shares it
        }
        return layer;
    }

    /** Copies every field of a class and of those above it. */
    private static <L extends FeedForwardLayer> L withFieldsOf(
            FeedForwardLayer from, Class<? extends FeedForwardLayer> lowest, L to) {
        for (Class<?> type = lowest; type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    try {
                        field.setAccessible(true);
                        field.set(to, field.get(from));
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException("FastLayers: " + field + " cannot be copied", e);
                    }
                }
            }
        }
        return to;
    }
}
