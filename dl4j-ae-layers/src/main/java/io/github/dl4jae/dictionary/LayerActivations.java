package io.github.dl4jae.dictionary;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * The activations of a layer of a trained network, as rows for a dictionary.
 *
 * <pre>{@code
 * LayerActivations.of(network, "conv2").forEach(iterator, rows -> …);
 * INDArray all = LayerActivations.of(network, 3).rows(images).values();
 * }</pre>
 *
 * <p>A row has all units at one position: one row per example for dense layers, per time step for recurrent layers, and
 * per pixel for convolutional layers, of either data format (see {@link ActivationRows}). Masked time steps are left
 * out. The network runs at inference, as in its own {@code feedForward}, and only up to the layer.
 *
 * <p>Networks can be imported from Keras, or frozen. Inputs and masks that were set on the network are cleared. Calls
 * lock the network.
 *
 * <p>Errors: {@code IllegalArgumentException} for unknown layers, with the names of all, for missing inputs and for
 * empty data; {@code IllegalStateException} for activations that are not finite, with the number of the mini-batch.
 */
public final class LayerActivations {

    private static final String SUBJECT = "LayerActivations";

    private final NetworkPlace place;

    LayerActivations(NetworkPlace place) {
        this.place = place;
    }

    /**
     * Finds a layer by its name.
     *
     * @param network an initialized network
     * @param layer the name of a layer
     * @return its activations
     * @throws IllegalArgumentException if there is no such layer
     */
    public static LayerActivations of(MultiLayerNetwork network, String layer) {
        return new LayerActivations(NetworkPlace.of(SUBJECT, network, layer));
    }

    /**
     * Finds a layer by its index.
     *
     * @param network an initialized network
     * @param layer the index, from 0
     * @return its activations
     * @throws IllegalArgumentException if there is no such layer
     */
    public static LayerActivations of(MultiLayerNetwork network, int layer) {
        return new LayerActivations(NetworkPlace.of(SUBJECT, network, layer));
    }

    /**
     * Finds a vertex by its name.
     *
     * @param graph an initialized graph
     * @param vertex the name of a layer or another vertex
     * @return its activations
     * @throws IllegalArgumentException if there is no such vertex
     */
    public static LayerActivations of(ComputationGraph graph, String vertex) {
        return new LayerActivations(NetworkPlace.of(SUBJECT, graph, vertex));
    }

    /**
     * Returns the activations that enter the layer, after its preprocessor.
     *
     * @return a view of the same network
     * @throws IllegalArgumentException if the vertex has several inputs
     */
    public LayerActivations entering() {
        return new LayerActivations(place.entering(SUBJECT));
    }

    /**
     * Computes the activations of examples.
     *
     * @param examples {@code [N, …]}
     * @return their rows
     * @throws IllegalArgumentException if there are none
     */
    public ActivationRows rows(INDArray examples) {
        return all(ExampleSource.of(SUBJECT, examples));
    }

    /**
     * Computes the activations of padded sequences.
     *
     * @param examples {@code [N, features, T]}
     * @param mask {@code [N, T]}: 1 for real time steps, 0 for padding; or null
     * @return their rows, without those of the padding
     * @throws IllegalArgumentException if there are none
     */
    public ActivationRows rows(INDArray examples, @Nullable INDArray mask) {
        ExampleBatch batch = ExampleBatch.of(examples, mask);
        return all(() -> List.of(batch).iterator());
    }

    private ActivationRows all(ExampleSource source) {
        List<ActivationRows> parts = new ArrayList<>();
        stream(source).forEachRemaining(rows -> parts.add(rows.rows()));
        requireSome(!parts.isEmpty());
        if (parts.size() == 1) {
            return parts.get(0);
        }
        return ActivationRows.join(parts);
    }

    /**
     * Passes the activations of all examples of an iterator to a consumer, mini-batch by mini-batch.
     *
     * @param examples is reset first
     * @param consumer receives the rows of a mini-batch
     * @throws IllegalArgumentException if there are no examples
     */
    public void forEach(DataSetIterator examples, Consumer<ActivationRows> consumer) {
        forEach(ExampleSource.of(SUBJECT, examples), consumer);
    }

    /**
     * Passes the activations of all examples of an iterator to a consumer, for graphs with several inputs.
     *
     * @param examples is reset first
     * @param consumer receives the rows of a mini-batch
     * @throws IllegalArgumentException if there are no examples
     */
    public void forEach(MultiDataSetIterator examples, Consumer<ActivationRows> consumer) {
        forEach(ExampleSource.of(SUBJECT, examples), consumer);
    }

    private void forEach(ExampleSource source, Consumer<ActivationRows> consumer) {
        Iterator<ActivationStream.Rows> stream = stream(source);
        requireSome(stream.hasNext());
        stream.forEachRemaining(rows -> consumer.accept(rows.rows()));
    }

    private ActivationStream stream(ExampleSource source) {
        return new ActivationStream(List.of(place), source);
    }

    static void requireSome(boolean some) {
        if (!some) {
            throw new IllegalArgumentException(SUBJECT + ": examples must have at least one row that is not masked, got"
                    + " none; is the data set empty, or filtered to nothing?");
        }
    }

    /** Returns the place, as in {@code LayerActivations(layer 'conv2')}. */
    @Override
    public String toString() {
        return SUBJECT + "(" + place + ")";
    }
}
