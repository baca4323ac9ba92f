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
import io.github.dl4jae.updater.FastAdam;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A converter of stock layers to their fast equivalents, and back.
 *
 * <pre>{@code
 * MultiLayerNetwork network = new MultiLayerNetwork(FastLayers.convert(configuration));   // or a trained network:
 * MultiLayerNetwork faster = FastLayers.convert(ModelSerializer.restoreMultiLayerNetwork(file));
 * ModelSerializer.writeModel(FastLayers.toStock(faster), other, true);   // to load without this library
 * }</pre>
 *
 * <p>These layers are replaced, also inside frozen and other wrapper layers:
 *
 * <ul>
 *   <li>{@code DenseLayer} by {@link FastDenseLayer}, {@code OutputLayer} by {@link FastOutputLayer}, {@code LossLayer}
 *       by {@link FastLossLayer}
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
 * <p>Everything else stays: other layers, losses, schedules, preprocessors, iteration and epoch counts. A trained
 * network keeps its parameters and its updater's state, and continues with the same numbers. The argument is not
 * changed, and the result shares no memory with it. Listeners and the state of recurrent layers between time steps are
 * not carried over.
 *
 * <p>{@code convert} keeps updaters. {@code toStock} replaces {@link FastAdam} by {@code Adam} in all layers, and drops
 * {@code inputGradient}, {@code sparseInput} and {@code rowMajorWeights}, which only save work. It turns {@code
 * Convolution1D}, an alias, into {@code Convolution1DLayer}. Other parts of this library stay:
 *
 * <ul>
 *   <li>layers without a stock equivalent, among them {@code FastGruLayer}, {@code FastDeconvolution1DLayer} and {@code
 *       TopKLayer}
 *   <li>a {@link FastDenseLayer} whose weights a {@link TransposedDenseLayer} shares
 *   <li>{@code AdamMini}, schedules, losses, activations, vertices
 * </ul>
 *
 * <p>A model without them can be loaded without this library.
 *
 * <p>Random numbers: fast layers store activations in another order than stock layers. With the same seed, dropout or
 * noise after such a layer therefore hits other units.
 *
 * <p>Where a stock layer is wrong, numbers change to the right ones: the gradient of a {@code ConvolutionLayer} with
 * softmax, and the rows of a {@code CnnLossLayer}, both with channels last; weight noise and dropout of a {@code
 * Convolution1DLayer}; and what {@link FastSubsamplingLayer}, {@link FastSubsampling1DLayer}, {@link
 * FastUpsampling1DLayer} and {@link FastBatchNormalizationLayer} list. After {@code toStock} training has these defects
 * again, and a {@code CnnLossLayer} refuses labels with fewer channels than its input, which {@code
 * LossGaussianLearnedVariance} needs. Outputs stay the same, because {@code toStock} refuses a layer whose outputs the
 * stock layer does not compute.
 *
 * <p>Errors: null, or a network that is not initialized; on the way back, sums in a {@code FastSubsamplingLayer}, and a
 * {@code FastBatchNormalizationLayer} with locked γ and β of which one differs from 1 and 0.
 */
public final class FastLayers {

    private FastLayers() {}

    /**
     * Converts a configuration to fast layers.
     *
     * @param configuration a configuration with any layers; not changed
     * @return a copy with fast layers
     * @throws IllegalArgumentException if it is null
     */
    public static MultiLayerConfiguration convert(MultiLayerConfiguration configuration) {
        return copy(configuration, LayerPair::fast);
    }

    /**
     * Converts a configuration to fast layers.
     *
     * @param configuration a configuration with any layers; not changed
     * @return a copy with fast layers
     * @throws IllegalArgumentException if it is null
     */
    public static ComputationGraphConfiguration convert(ComputationGraphConfiguration configuration) {
        return copy(configuration, LayerPair::fast);
    }

    /**
     * Converts a network to fast layers and keeps its state of training.
     *
     * @param network an initialized network; not changed
     * @return a network with copies of its parameters and its updater's state
     * @throws IllegalArgumentException if it is null or not initialized
     */
    public static MultiLayerNetwork convert(MultiLayerNetwork network) {
        return copy(network, LayerPair::fast);
    }

    /**
     * Converts a graph to fast layers and keeps its state of training.
     *
     * @param graph an initialized graph; not changed
     * @return a graph with copies of its parameters and its updater's state
     * @throws IllegalArgumentException if it is null or not initialized
     */
    public static ComputationGraph convert(ComputationGraph graph) {
        return copy(graph, LayerPair::fast);
    }

    /**
     * Converts a configuration to stock layers and {@code FastAdam} to {@code Adam}.
     *
     * @param configuration a configuration with any layers; not changed
     * @return a copy with stock layers
     * @throws IllegalArgumentException if it is null, or a stock layer would compute something else
     */
    public static MultiLayerConfiguration toStock(MultiLayerConfiguration configuration) {
        return copy(configuration, new StockLayers(layers(configuration)));
    }

    /**
     * Converts a configuration to stock layers and {@code FastAdam} to {@code Adam}.
     *
     * @param configuration a configuration with any layers; not changed
     * @return a copy with stock layers
     * @throws IllegalArgumentException if it is null, or a stock layer would compute something else
     */
    public static ComputationGraphConfiguration toStock(ComputationGraphConfiguration configuration) {
        return copy(configuration, new StockLayers(layers(configuration)));
    }

    /**
     * Converts a network to stock layers and {@code FastAdam} to {@code Adam}, and keeps its state of training.
     *
     * @param network an initialized network; not changed
     * @return a network with copies of its parameters and its updater's state
     * @throws IllegalArgumentException if it is null or not initialized, or a stock layer would compute something else
     */
    public static MultiLayerNetwork toStock(MultiLayerNetwork network) {
        requireGiven("network", network);
        return copy(network, new StockLayers(layers(network.getLayerWiseConfigurations())));
    }

    /**
     * Converts a graph to stock layers and {@code FastAdam} to {@code Adam}, and keeps its state of training.
     *
     * @param graph an initialized graph; not changed
     * @return a graph with copies of its parameters and its updater's state
     * @throws IllegalArgumentException if it is null or not initialized, or a stock layer would compute something else
     */
    public static ComputationGraph toStock(ComputationGraph graph) {
        requireGiven("graph", graph);
        return copy(graph, new StockLayers(layers(graph.getConfiguration())));
    }

    private static <V> V requireGiven(String name, V value) {
        return Require.given("FastLayers", name, value, "");
    }

    private static void requireInitialized(INDArray parameters) {
        Require.that(
                parameters.length() > 0,
                "FastLayers",
                "the network must be initialized",
                "one without parameters",
                "call init() first, or convert its configuration");
    }

    private static Stream<Layer> layers(MultiLayerConfiguration configuration) {
        return requireGiven("configuration", configuration).getConfs().stream().map(NeuralNetConfiguration::getLayer);
    }

    private static Stream<Layer> layers(ComputationGraphConfiguration configuration) {
        return requireGiven("configuration", configuration).getVertices().values().stream()
                .filter(LayerVertex.class::isInstance)
                .map(vertex -> ((LayerVertex) vertex).getLayerConf().getLayer());
    }

    private static MultiLayerConfiguration copy(MultiLayerConfiguration configuration, UnaryOperator<Layer> layers) {
        MultiLayerConfiguration copy =
                requireGiven("configuration", configuration).clone();
        copy.getConfs().forEach(each -> replace(each, layers));
        return copy;
    }

    private static ComputationGraphConfiguration copy(
            ComputationGraphConfiguration configuration, UnaryOperator<Layer> layers) {
        ComputationGraphConfiguration copy =
                requireGiven("configuration", configuration).clone();
        for (GraphVertex vertex : copy.getVertices().values()) {
            if (vertex instanceof LayerVertex layer) {
                replace(layer.getLayerConf(), layers);
            }
        }
        copy.setIterationCount(configuration.getIterationCount()); // clone() drops it
        copy.setEpochCount(configuration.getEpochCount());
        return copy;
    }

    private static MultiLayerNetwork copy(MultiLayerNetwork network, UnaryOperator<Layer> layers) {
        requireGiven("network", network);
        requireInitialized(network.params());
        MultiLayerNetwork copy = new MultiLayerNetwork(copy(network.getLayerWiseConfigurations(), layers));
        copy.init(network.params().dup(), false);
        network.paramTable().forEach((name, values) -> reorder(values, copy.getParam(name)));
        if (network.getUpdater(false) instanceof MultiLayerUpdater updater) {
            UpdaterState.copy(updater, (MultiLayerUpdater) copy.getUpdater());
        }
        return copy;
    }

    private static ComputationGraph copy(ComputationGraph graph, UnaryOperator<Layer> layers) {
        requireGiven("graph", graph);
        requireInitialized(graph.params());
        ComputationGraph copy = new ComputationGraph(copy(graph.getConfiguration(), layers));
        copy.init(graph.params().dup(), false);
        graph.paramTable().forEach((name, values) -> reorder(values, copy.getParam(name)));
        if (graph.getUpdater(false) != null) {
            UpdaterState.copy(graph.getUpdater(false), copy.getUpdater());
        }
        return copy;
    }

    /** Copies values whose order changes, such as row-major weights: a copy of the flat vector permutes them. */
    private static void reorder(INDArray from, INDArray to) {
        if (from.ordering() != to.ordering()) {
            to.assign(from);
        }
    }

    private static void replace(NeuralNetConfiguration configuration, UnaryOperator<Layer> layers) {
        configuration.setLayer(replace(configuration.getLayer(), layers));
    }

    /** Replaces a layer, or the layers that a wrapper holds. */
    static Layer replace(Layer layer, UnaryOperator<Layer> layers) {
        if (layer instanceof FrozenLayer frozen) {
            FrozenLayer copy = new FrozenLayer(replace(frozen.getLayer(), layers));
            copy.setLayerName(frozen.getLayerName());
            return copy;
        } else if (layer instanceof Bidirectional both) {
            both.setFwd(replace(both.getFwd().clone(), layers));
            both.setBwd(replace(both.getBwd().clone(), layers));
            return both;
        } else if (layer instanceof BaseWrapperLayer wrapper) {
            // TimeDistributed.clone() does not copy it
            wrapper.setUnderlying(replace(wrapper.getUnderlying().clone(), layers));
            return wrapper;
        }
        return layers.apply(layer);
    }
}
