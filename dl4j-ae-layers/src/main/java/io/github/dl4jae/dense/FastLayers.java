package io.github.dl4jae.dense;

import io.github.dl4jae.convolutional.FastActivationLayer;
import io.github.dl4jae.convolutional.FastBatchNormalizationLayer;
import io.github.dl4jae.convolutional.FastCnnLossLayer;
import io.github.dl4jae.convolutional.FastConvolution1DLayer;
import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.convolutional.FastDeconvolutionLayer;
import io.github.dl4jae.convolutional.FastSubsampling1DLayer;
import io.github.dl4jae.convolutional.FastSubsamplingLayer;
import io.github.dl4jae.convolutional.FastUpsampling1DLayer;
import io.github.dl4jae.convolutional.FastUpsamplingLayer;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.recurrent.FastLstmLayer;
import io.github.dl4jae.recurrent.FastRepeatVectorLayer;
import io.github.dl4jae.recurrent.FastRnnOutputLayer;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A converter of stock layers to their fast equivalents.
 *
 * <pre>{@code
 * MultiLayerNetwork network = new MultiLayerNetwork(FastLayers.convert(configuration));   // or a trained network:
 * MultiLayerNetwork faster = FastLayers.convert(ModelSerializer.restoreMultiLayerNetwork(file));
 * }</pre>
 *
 * <p>These layers are replaced, also inside frozen and other wrapper layers:
 *
 * <ul>
 *   <li>{@code DenseLayer} by {@link FastDenseLayer}, {@code OutputLayer} by {@link FastOutputLayer}
 *   <li>{@code ConvolutionLayer} by {@link FastConvolutionLayer}, {@code Deconvolution2D} by {@link
 *       FastDeconvolutionLayer}, {@code CnnLossLayer} by {@link FastCnnLossLayer}
 *   <li>{@code Convolution1DLayer} by {@link FastConvolution1DLayer}, {@code Subsampling1DLayer} by {@link
 *       FastSubsampling1DLayer}, {@code Upsampling1D} by {@link FastUpsampling1DLayer}
 *   <li>{@code SubsamplingLayer} by {@link FastSubsamplingLayer}, {@code Upsampling2D} by {@link FastUpsamplingLayer},
 *       {@code BatchNormalization} by {@link FastBatchNormalizationLayer}, {@code ActivationLayer} by {@link
 *       FastActivationLayer}
 *   <li>{@code LSTM} by {@link FastLstmLayer}, {@code RepeatVector} by {@link FastRepeatVectorLayer}, {@code
 *       RnnOutputLayer} by {@link FastRnnOutputLayer}
 * </ul>
 *
 * <p>Everything else stays: other layers, losses, updaters, schedules, preprocessors, iteration and epoch counts. A
 * trained network keeps its parameters and its updater's state, and continues with the same numbers. The argument is
 * not changed, and the result shares no memory with it. Listeners and the state of recurrent layers between time steps
 * are not carried over.
 *
 * <p>Random numbers: fast layers store activations in another order than stock layers. With the same seed, dropout or
 * noise after such a layer therefore hits other units.
 *
 * <p>Where a stock layer is wrong, numbers change to the right ones: the gradient of a {@code ConvolutionLayer} with
 * softmax, and the rows of a {@code CnnLossLayer}, both with channels last; weight noise and dropout of a {@code
 * Convolution1DLayer}; and what {@link FastSubsamplingLayer}, {@link FastSubsampling1DLayer}, {@link
 * FastUpsampling1DLayer} and {@link FastBatchNormalizationLayer} list.
 *
 * <p>Errors: null, or a network that is not initialized.
 */
public final class FastLayers {

    private FastLayers() {}

    /**
     * Converts a configuration.
     *
     * @param configuration a configuration with any layers; not changed
     * @return a copy with fast layers
     * @throws IllegalArgumentException if it is null
     */
    public static MultiLayerConfiguration convert(MultiLayerConfiguration configuration) {
        requireGiven("configuration", configuration);
        MultiLayerConfiguration copy = configuration.clone();
        copy.getConfs().forEach(FastLayers::swap);
        return copy;
    }

    /**
     * Converts a configuration.
     *
     * @param configuration a configuration with any layers; not changed
     * @return a copy with fast layers
     * @throws IllegalArgumentException if it is null
     */
    public static ComputationGraphConfiguration convert(ComputationGraphConfiguration configuration) {
        requireGiven("configuration", configuration);
        ComputationGraphConfiguration copy = configuration.clone();
        for (GraphVertex vertex : copy.getVertices().values()) {
            if (vertex instanceof LayerVertex layer) {
                swap(layer.getLayerConf());
            }
        }
        copy.setIterationCount(configuration.getIterationCount()); // clone() drops it
        copy.setEpochCount(configuration.getEpochCount());
        return copy;
    }

    /**
     * Converts a network and keeps its state of training.
     *
     * @param network an initialized network; not changed
     * @return a network with copies of its parameters and its updater's state
     * @throws IllegalArgumentException if it is null or not initialized
     */
    public static MultiLayerNetwork convert(MultiLayerNetwork network) {
        requireGiven("network", network);
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
     * Converts a graph and keeps its state of training.
     *
     * @param graph an initialized graph; not changed
     * @return a graph with copies of its parameters and its updater's state
     * @throws IllegalArgumentException if it is null or not initialized
     */
    public static ComputationGraph convert(ComputationGraph graph) {
        requireGiven("graph", graph);
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

    private static void requireGiven(String name, Object value) {
        Require.given("FastLayers", name, value, "");
    }

    private static void requireInitialized(INDArray parameters) {
        Require.that(
                parameters.length() > 0,
                "FastLayers",
                "the network must be initialized",
                "one without parameters",
                "call init() first, or convert its configuration");
    }

    private static void swap(NeuralNetConfiguration configuration) {
        configuration.setLayer(fast(configuration.getLayer()));
    }

    private static Layer fast(Layer layer) {
        if (layer.getClass() == DenseLayer.class) {
            DenseLayer dense = (DenseLayer) layer;
            return withFieldsOf(dense, DenseLayer.class, new FastDenseLayer(true, false, false));
        } else if (layer.getClass() == OutputLayer.class) {
            OutputLayer output = (OutputLayer) layer;
            FastOutputLayer fast =
                    withFieldsOf(output, FeedForwardLayer.class, new FastOutputLayer(output.hasBias(), false, false));
            fast.setLossFn(output.getLossFn());
            return fast;
        } else if (layer.getClass() == ConvolutionLayer.class) {
            return withFieldsOf(
                    (ConvolutionLayer) layer, ConvolutionLayer.class, new FastConvolutionLayer.Builder().build());
        } else if (layer.getClass() == Convolution1DLayer.class || layer.getClass() == Convolution1D.class) {
            return withFieldsOf(
                    (Convolution1DLayer) layer,
                    Convolution1DLayer.class,
                    new FastConvolution1DLayer.Builder(1).build());
        } else if (layer.getClass() == Deconvolution2D.class) {
            return withFieldsOf(
                    (Deconvolution2D) layer, Deconvolution2D.class, new FastDeconvolutionLayer.Builder().build());
        } else if (layer.getClass() == CnnLossLayer.class) {
            CnnLossLayer loss = (CnnLossLayer) layer;
            return withFieldsOf(loss, CnnLossLayer.class, new FastCnnLossLayer.Builder(loss.getLossFn()).build());
        } else if (layer.getClass() == SubsamplingLayer.class) {
            return withFieldsOf(layer, SubsamplingLayer.class, new FastSubsamplingLayer.Builder().build());
        } else if (layer.getClass() == Subsampling1DLayer.class) {
            return withFieldsOf(layer, Subsampling1DLayer.class, new FastSubsampling1DLayer.Builder().build());
        } else if (layer.getClass() == Upsampling2D.class) {
            return withFieldsOf(layer, Upsampling2D.class, new FastUpsamplingLayer.Builder(1).build());
        } else if (layer.getClass() == Upsampling1D.class) {
            return withFieldsOf(layer, Upsampling1D.class, new FastUpsampling1DLayer.Builder(1).build());
        } else if (layer.getClass() == BatchNormalization.class) {
            return withFieldsOf(layer, BatchNormalization.class, new FastBatchNormalizationLayer.Builder().build());
        } else if (layer.getClass() == ActivationLayer.class) {
            return withFieldsOf(layer, ActivationLayer.class, new FastActivationLayer.Builder().build());
        } else if (layer.getClass() == LSTM.class) {
            return withFieldsOf((LSTM) layer, LSTM.class, new FastLstmLayer.Builder().build());
        } else if (layer.getClass() == RepeatVector.class) {
            RepeatVector repeat = (RepeatVector) layer;
            return withFieldsOf(repeat, RepeatVector.class, new FastRepeatVectorLayer.Builder(repeat.getN()).build());
        } else if (layer.getClass() == RnnOutputLayer.class) {
            RnnOutputLayer output = (RnnOutputLayer) layer;
            return withFieldsOf(
                    output, RnnOutputLayer.class, new FastRnnOutputLayer.Builder(output.getLossFn()).build());
        } else if (layer instanceof FrozenLayer frozen) {
            FrozenLayer fast = new FrozenLayer(fast(frozen.getLayer()));
            fast.setLayerName(frozen.getLayerName());
            return fast;
        } else if (layer instanceof Bidirectional both) {
            both.setFwd(fast(both.getFwd().clone()));
            both.setBwd(fast(both.getBwd().clone()));
        } else if (layer instanceof BaseWrapperLayer wrapper) {
            wrapper.setUnderlying(fast(wrapper.getUnderlying().clone())); // TimeDistributed.clone() does not copy it
        }
        return layer;
    }

    /** Copies every field that a class and its superclasses declare. */
    private static <L extends Layer> L withFieldsOf(Layer from, Class<? extends Layer> lowest, L to) {
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
