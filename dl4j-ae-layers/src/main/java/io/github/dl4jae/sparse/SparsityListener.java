package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.layer.NetworkLayers;
import io.github.dl4jae.internal.layer.UnitAxis;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how sparse a layer's activations are while the network trains.
 *
 * <p>Gathers the activations of every minibatch and hands out a {@link SparsityReport} of the last {@code every} of them;
 * a unit that the report calls dead was not active for a single example of those. Without a consumer, reports go to the log
 * at level info.
 *
 * <pre>{@code
 * network.setListeners(new SparsityListener("code", 100));
 * }</pre>
 *
 * <p>Masked time steps are left out, and the data format of the watched layer is heeded. Costs a pass over the layer's activations per minibatch. Not to be shared between networks.
 */
public final class SparsityListener extends BaseTrainingListener {

    private static final Logger log = LoggerFactory.getLogger(SparsityListener.class);

    private final String layer;
    private final int every;
    private final double threshold;
    private final Consumer<SparsityReport> consumer;
    private SparsityReport gathered;
    private int iterations;

    /**
     * Reports to the log; a unit is active when it is not exactly 0.
     *
     * @param layer the name of the layer or vertex to watch
     * @param every how many minibatches a report covers, at least 1
     */
    public SparsityListener(String layer, int every) {
        this(layer, every, 0, report -> log.info("{}: {}", layer, report));
    }

    /**
     * Reports to a consumer.
     *
     * @param layer the name of the layer or vertex to watch
     * @param every how many minibatches a report covers, at least 1
     * @param threshold a unit is active when its magnitude exceeds this
     * @param consumer gets the reports, on the training thread
     * @throws IllegalArgumentException if {@code every} is below 1
     * @throws NullPointerException if the consumer is null
     */
    public SparsityListener(String layer, int every, double threshold, Consumer<SparsityReport> consumer) {
        if (every < 1) {
            throw new IllegalArgumentException("SparsityListener: every must be at least 1, got " + every
                    + "; 100 minibatches make a stable report");
        }
        this.layer = layer;
        this.every = every;
        this.threshold = threshold;
        this.consumer = Objects.requireNonNull(
                consumer, "SparsityListener: a consumer must be given, got null; leave it out for the log");
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        int index = NetworkLayers.names(model).indexOf(layer);
        // entry 0 is the input of the network; that of the output layer is not computed in training
        if (index < 0 || index + 1 >= activations.size()) {
            throw unknownLayer(model);
        }
        gather(NetworkLayers.find(model, layer).orElseThrow(), activations.get(index + 1));
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        GraphVertex vertex = ((ComputationGraph) model).getVertex(layer);
        if (vertex == null || activations.get(layer) == null) {
            throw unknownLayer(model);
        }
        gather(NetworkLayers.unwrapped(vertex.getLayer()), activations.get(layer));
    }

    private IllegalArgumentException unknownLayer(Model model) {
        return new IllegalArgumentException(
                "SparsityListener: layer must name a layer of the network before its output, got '" + layer
                        + "'; its layers are " + NetworkLayers.names(model));
    }

    /** The layer tells where the units are and what is masked; a vertex without a layer has neither. */
    private void gather(Layer watched, INDArray activation) {
        UnitAxis axis =
                watched == null ? UnitAxis.FIRST : unitAxis(watched.conf().getLayer());
        INDArray mask = watched == null || watched.getMaskArray() == null
                ? null
                : axis.positionMask(watched.getMaskArray(), activation);
        SparsityReport report = SparsityReport.of(activation, threshold, axis, mask);
        gathered = gathered == null ? report : gathered.plus(report);
        if (++iterations % every == 0) {
            consumer.accept(gathered);
            gathered = null;
        }
    }

    /** The axis of a layer's activations, as far as its configuration tells. */
    private static UnitAxis unitAxis(org.deeplearning4j.nn.conf.layers.Layer layer) {
        if (layer instanceof TopKLayer topK) {
            return topK.unitAxis();
        } else if (layer instanceof ActivityRegularizationLayer regularization) {
            return regularization.unitAxis();
        }
        boolean last = (layer instanceof BaseRecurrentLayer recurrent && recurrent.getRnnDataFormat() == RNNFormat.NWC)
                || (layer instanceof ConvolutionLayer convolution
                        && convolution.getCnn2dDataFormat() == CNN2DFormat.NHWC);
        return last ? UnitAxis.LAST : UnitAxis.FIRST;
    }
}
