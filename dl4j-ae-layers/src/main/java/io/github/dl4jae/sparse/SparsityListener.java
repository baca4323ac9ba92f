package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.layer.NetworkLayers;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.UnitAxis;
import java.util.List;
import java.util.Map;
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
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A training listener that reports the sparsity of a layer's activations.
 *
 * <p>It passes a {@link SparsityReport} of the last {@code every} mini-batches to a consumer. A unit is dead in the
 * report if no example of these mini-batches activated it. Without a consumer, the listener logs the reports at level
 * info.
 *
 * <pre>{@code
 * network.setListeners(new SparsityListener("code", 100));
 * }</pre>
 *
 * <p>It ignores masked time steps and supports the data formats of the layer. Cost: one pass over the layer's
 * activations per mini-batch. Use one listener per network.
 */
public final class SparsityListener extends BaseTrainingListener {

    private static final Logger log = LoggerFactory.getLogger(SparsityListener.class);

    private static final String SUBJECT = "SparsityListener";

    private final String layer;
    private final int every;
    private final double threshold;
    private final Consumer<SparsityReport> consumer;
    private @Nullable SparsityReport gathered;
    private int iterations;

    /**
     * Creates a listener that logs its reports. A unit is active if it is not exactly 0.
     *
     * @param layer the name of the layer or vertex
     * @param every the number of mini-batches in a report, at least 1
     * @throws IllegalArgumentException if the layer is null, or {@code every} is below 1
     */
    public SparsityListener(String layer, int every) {
        this(layer, every, 0, report -> log.info("{}: {}", layer, report));
    }

    /**
     * Creates a listener that passes its reports to a consumer.
     *
     * @param layer the name of the layer or vertex
     * @param every the number of mini-batches in a report, at least 1
     * @param threshold the magnitude above which a unit is active, at least 0
     * @param consumer receives the reports, on the training thread
     * @throws IllegalArgumentException if the layer or the consumer is null, {@code every} is below 1, or the threshold
     *     is negative or NaN
     */
    public SparsityListener(String layer, int every, double threshold, Consumer<SparsityReport> consumer) {
        this.layer = Require.given(SUBJECT, "layer", layer, "name the layer or vertex");
        this.every = Require.atLeast(1, SUBJECT, "every", every, "100 mini-batches give a stable report");
        Require.that(threshold >= 0, SUBJECT, "threshold must be at least 0", threshold, "");
        this.threshold = threshold;
        this.consumer = Require.given(SUBJECT, "consumer", consumer, "omit the argument to log the reports");
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        int index = NetworkLayers.names(model).indexOf(layer);
        // entry 0 is the network's input; training computes no entry for the output layer
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

    /** Adds the activations of a mini-batch; the layer is null for a vertex without one. */
    private void gather(@Nullable Layer watched, INDArray activation) {
        UnitAxis axis =
                watched == null ? UnitAxis.FIRST : unitAxis(watched.conf().getLayer());
        INDArray mask = watched == null || watched.getMaskArray() == null
                ? null
                : axis.positionMask(watched.getMaskArray(), activation);
        SparsityReport report = SparsityReport.compute(activation, threshold, axis, mask);
        gathered = gathered == null ? report : gathered.plus(report);
        if (++iterations % every == 0) {
            consumer.accept(gathered);
            gathered = null;
        }
    }

    /** Returns the unit axis of a layer's activations, where its configuration states it; else axis 1. */
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
