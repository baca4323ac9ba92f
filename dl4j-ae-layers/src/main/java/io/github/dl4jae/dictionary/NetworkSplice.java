package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.inference.ForwardPass;
import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs a trained network with the activations of one layer replaced by a function of them, such as the reconstruction
 * of a dictionary.
 *
 * <pre>{@code
 * NetworkSplice splice = NetworkSplice.of(network, "conv2");
 * INDArray outputs = splice.outputs(images, dictionary::reconstruct);
 * SpliceReport report = splice.report(test, dictionary::reconstruct);
 * }</pre>
 *
 * <p>The function gets the activations as rows (see {@link ActivationRows}), those of padding left out, and returns as
 * many rows of the same width. Everything that reads the layer reads the replaced activations; connections of a graph
 * past the layer stay as they are. The network runs at inference. Calls lock the network.
 *
 * <p>Errors: {@code IllegalArgumentException} for unknown layers, for layers on which no output depends, and for rows
 * of another shape.
 */
public final class NetworkSplice {

    static final String SUBJECT = "NetworkSplice";

    private final ForwardPass pass;
    private final NetworkPlace replaced;
    private final NetworkPlace read;
    private final Ablation ablation;
    private final int output;

    private NetworkSplice(NetworkPlace replaced, NetworkPlace read, Ablation ablation, int output) {
        this.pass = replaced.pass();
        this.replaced = replaced;
        this.read = read;
        this.ablation = ablation;
        this.output = output;
    }

    static NetworkSplice of(NetworkPlace place) {
        ForwardPass pass = place.pass();
        for (int i = 0; i < pass.outputs().size(); i++) {
            if (pass.leadingTo(pass.outputs().get(i), Set.of()).contains(place.place())) {
                return new NetworkSplice(place, place, Ablation.ZERO, i);
            }
        }
        throw new IllegalArgumentException(SUBJECT + ": an output of the network must depend on the " + place
                + ", got outputs " + pass.outputs().stream().map(pass::name).toList()
                + " that do not; name a layer before one of them");
    }

    /**
     * Finds a layer by its name.
     *
     * @param network an initialized network
     * @param layer the name of the layer whose activations are replaced
     * @return the splice
     * @throws IllegalArgumentException if there is no such layer
     */
    public static NetworkSplice of(MultiLayerNetwork network, String layer) {
        return of(NetworkPlace.of(SUBJECT, network, layer));
    }

    /**
     * Finds a layer by its index.
     *
     * @param network an initialized network
     * @param layer the index, from 0
     * @return the splice
     * @throws IllegalArgumentException if there is no such layer
     */
    public static NetworkSplice of(MultiLayerNetwork network, int layer) {
        return of(NetworkPlace.of(SUBJECT, network, layer));
    }

    /**
     * Finds a vertex by its name.
     *
     * @param graph an initialized graph
     * @param vertex the name of the layer or other vertex whose activations are replaced
     * @return the splice
     * @throws IllegalArgumentException if there is no such vertex, or no output depends on it
     */
    public static NetworkSplice of(ComputationGraph graph, String vertex) {
        return of(NetworkPlace.of(SUBJECT, graph, vertex));
    }

    /**
     * Passes what enters the layer to the function, which replaces the output of the layer: for transcoders.
     *
     * @return a splice at the same layer
     * @throws IllegalArgumentException if the vertex has several inputs
     */
    public NetworkSplice ofItsInput() {
        return reading(replaced.entering(SUBJECT));
    }

    /** Returns a splice whose function gets the values of another place. */
    NetworkSplice reading(NetworkPlace place) {
        return new NetworkSplice(replaced, place, ablation, output);
    }

    /**
     * Sets what the activations are replaced by in a report, to compare with. Default: {@link Ablation#ZERO}.
     *
     * @param compared zero or mean
     * @return a splice at the same layer
     * @throws IllegalArgumentException if it is null
     */
    public NetworkSplice against(Ablation compared) {
        Require.given(SUBJECT, "ablation", compared, "pass ZERO or MEAN");
        return new NetworkSplice(replaced, read, compared, output);
    }

    /**
     * Sets the output of a graph that a report measures. Default: the first one that depends on the layer.
     *
     * @param name of an output of the graph
     * @return a splice at the same layer
     * @throws IllegalArgumentException if there is no such output, or it does not depend on the layer
     */
    public NetworkSplice measuring(String name) {
        int place = pass.requireOutput(Require.given(SUBJECT, "output", name, "name an output of the graph"));
        Require.that(
                pass.leadingTo(place, Set.of()).contains(replaced.place()),
                SUBJECT,
                "the output must depend on the " + replaced,
                "'" + name + "'",
                "name another output");
        return new NetworkSplice(replaced, read, ablation, pass.outputs().indexOf(place));
    }

    /**
     * Computes the outputs with replaced activations.
     *
     * @param examples {@code [N, …]}, for a network with one input
     * @param function of the rows
     * @return the output of the network; for a graph, that which a report would measure
     * @throws IllegalArgumentException if the function returns rows of another shape
     */
    public INDArray outputs(INDArray examples, UnaryOperator<INDArray> function) {
        List<INDArray> parts = new ArrayList<>();
        for (ExampleBatch batch : ExampleSource.of(SUBJECT, examples)) {
            parts.add(outputs(batch, function).get(output));
        }
        return parts.size() == 1 ? parts.get(0) : Nd4j.concat(0, parts.toArray(new INDArray[0]));
    }

    /**
     * Computes the outputs of padded sequences with replaced activations.
     *
     * @param examples {@code [N, features, T]}, for a network with one input
     * @param mask {@code [N, T]}: 1 for real time steps, 0 for padding; or null
     * @param function of the rows
     * @return the output of the network; for a graph, that which a report would measure
     * @throws IllegalArgumentException if the function returns rows of another shape
     */
    public INDArray outputs(INDArray examples, @Nullable INDArray mask, UnaryOperator<INDArray> function) {
        Batches.requireRows(SUBJECT, "examples", examples);
        return outputs(ExampleBatch.of(examples, mask), function).get(output);
    }

    /**
     * Computes all outputs of a graph with replaced activations.
     *
     * @param examples with features for all inputs; labels are ignored
     * @param function of the rows
     * @return the outputs in the order of the graph
     * @throws IllegalArgumentException if the function returns rows of another shape
     */
    public List<INDArray> outputs(MultiDataSet examples, UnaryOperator<INDArray> function) {
        return outputs(ExampleBatch.of(Require.given(SUBJECT, "examples", examples, "")), function);
    }

    private List<INDArray> outputs(ExampleBatch batch, UnaryOperator<INDArray> function) {
        Require.given(SUBJECT, "function", function, "pass the reconstruction of a dictionary");
        synchronized (pass.network()) {
            PlaceReader.Reading reading = read(batch);
            return PlaceReader.outputs(pass, pass.outputs(), reading.inputs(), known(reading, function)).stream()
                    .map(each -> each.dup('c'))
                    .toList();
        }
    }

    /** Reads the values for the function, then those to replace. */
    PlaceReader.Reading read(ExampleBatch batch) {
        return new PlaceReader(List.of(read, replaced)).read(batch);
    }

    /** Returns the values from which the network goes on. */
    Map<Integer, INDArray> known(PlaceReader.Reading reading, UnaryOperator<INDArray> function) {
        List<RowLayout> layouts = reading.layouts();
        ActivationStream.requireSameRows(List.of(read, replaced), layouts);
        INDArray rows = layouts.get(0).values();
        if (rows.isEmpty()) {
            return reading.known();
        }
        INDArray result = Require.given(SUBJECT, "result of the function", function.apply(rows), "");
        long[] expected = {rows.size(0), layouts.get(1).width()};
        if (!Arrays.equals(expected, result.shape())) {
            throw new IllegalArgumentException(SUBJECT + ": the function must return rows of shape "
                    + Arrays.toString(expected) + " for the " + replaced + ", got " + Arrays.toString(result.shape())
                    + "; is it the dictionary of another layer?");
        }
        return knownWith(reading, result);
    }

    Map<Integer, INDArray> knownWith(PlaceReader.Reading reading, INDArray rows) {
        Map<Integer, INDArray> known = new HashMap<>(reading.inputs().known());
        known.put(replaced.place(), reading.layouts().get(1).with(rows));
        return known;
    }

    /**
     * Measures what a replacement does to the outputs and the loss.
     *
     * @param examples with labels; is reset first
     * @param function of the rows
     * @return loss recovered, divergence and accuracy, in total and by class
     * @throws IllegalArgumentException if there are no examples or no labels, or the network has no loss
     */
    public SpliceReport report(DataSetIterator examples, UnaryOperator<INDArray> function) {
        return report(ExampleSource.of(SUBJECT, examples), function);
    }

    /**
     * Measures what a replacement does to the outputs and the loss, for graphs with several inputs or outputs.
     *
     * @param examples with labels; is reset first
     * @param function of the rows
     * @return loss recovered, divergence and accuracy, in total and by class
     * @throws IllegalArgumentException if there are no examples or no labels, or the network has no loss
     */
    public SpliceReport report(MultiDataSetIterator examples, UnaryOperator<INDArray> function) {
        return report(ExampleSource.of(SUBJECT, examples), function);
    }

    SpliceReport report(ExampleSource examples, UnaryOperator<INDArray> function) {
        Require.given(SUBJECT, "function", function, "pass the reconstruction of a dictionary");
        return reports(examples, List.of(function)).get(0);
    }

    /** Measures several replacements; the network runs once as it is and once ablated for all. */
    List<SpliceReport> reports(ExampleSource examples, List<UnaryOperator<INDArray>> functions) {
        return new SpliceMeasurement(this, functions).measure(examples);
    }

    ForwardPass pass() {
        return pass;
    }

    NetworkPlace replaced() {
        return replaced;
    }

    Ablation ablation() {
        return ablation;
    }

    /** Returns the number of the measured output, among the outputs. */
    int output() {
        return output;
    }

    /** Returns the place, as in {@code NetworkSplice(layer 'conv2')}. */
    @Override
    public String toString() {
        return SUBJECT + "(" + replaced + ")";
    }
}
