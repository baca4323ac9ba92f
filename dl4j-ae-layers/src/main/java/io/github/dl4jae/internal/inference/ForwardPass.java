package io.github.dl4jae.internal.inference;

import io.github.dl4jae.internal.layer.NetworkLayers;
import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs parts of a network at inference: from the values at some places to the value at another.
 *
 * <p>Places are numbers. In a {@code ComputationGraph} a place is a vertex, by its index. In a
 * {@code MultiLayerNetwork} it is a layer, by its index, or −1 for the network's input. Deeplearning4j runs networks
 * from their inputs only. This class therefore runs the layers of a part itself, in topological order and in the
 * workspaces that the caller passes.
 *
 * <p>Parameters, iteration counts and the state of recurrent layers stay as they are. Inputs and masks that were set on
 * the network are cleared, as by its own {@code output}.
 */
public abstract sealed class ForwardPass permits StackForwardPass, GraphForwardPass {

    private final Model network;
    private final DataType type;

    ForwardPass(Model network, DataType type) {
        this.network = network;
        this.type = type;
    }

    /**
     * Creates the forward pass of a stack of layers.
     *
     * @param network an initialized network
     * @return a view of the network
     * @throws IllegalArgumentException if the network has no parameters
     */
    public static ForwardPass of(MultiLayerNetwork network) {
        Require.given("Autoencoders", "network", network, "train one, or load one");
        requireInitialized(network.isInitCalled());
        return new StackForwardPass(network);
    }

    /**
     * Creates the forward pass of a graph.
     *
     * @param graph an initialized graph
     * @return a view of the graph
     * @throws IllegalArgumentException if the graph has no parameters
     */
    public static ForwardPass of(ComputationGraph graph) {
        Require.given("Autoencoders", "graph", graph, "train one, or load one");
        requireInitialized(graph.getVertices() != null && graph.params() != null);
        return new GraphForwardPass(graph);
    }

    private static void requireInitialized(boolean initialized) {
        if (!initialized) {
            throw new IllegalArgumentException("Autoencoders: the network must be initialized, got one without"
                    + " parameters; call init() on it, or load a trained one");
        }
    }

    /**
     * Returns the network, which callers lock while they run it.
     *
     * @return the network itself
     */
    public final Model network() {
        return network;
    }

    /**
     * Returns the type of the network's parameters.
     *
     * @return a floating-point type
     */
    public final DataType type() {
        return type;
    }

    /**
     * Returns the word for a place in messages.
     *
     * @return "layer" or "vertex"
     */
    public abstract String term();

    /**
     * Returns the places of the network's inputs.
     *
     * @return at least one
     */
    public abstract List<Integer> inputs();

    /**
     * Returns the places of the network's outputs.
     *
     * @return at least one
     */
    public abstract List<Integer> outputs();

    /**
     * Returns the places in an order in which they can be run, without inputs.
     *
     * @return each layer or vertex once
     */
    public abstract List<Integer> order();

    /**
     * Returns the name of a place.
     *
     * @param place a number
     * @return the name of a layer or vertex; {@code "null"} for an unnamed layer
     */
    public abstract String name(int place);

    /**
     * Returns the places whose values a place reads.
     *
     * @param place a number
     * @return none for inputs
     */
    public abstract List<Integer> sources(int place);

    /**
     * Returns the layer at a place, unwrapped.
     *
     * @param place a number
     * @return null for vertices without a layer, and for inputs
     */
    public final @Nullable Layer layer(int place) {
        return NetworkLayers.unwrapped(rawLayer(place));
    }

    abstract @Nullable Layer rawLayer(int place);

    /**
     * Returns the preprocessor in front of a layer.
     *
     * @param place a number
     * @return null if there is none
     */
    public abstract @Nullable InputPreProcessor preProcessor(int place);

    /**
     * Returns the names of all places but inputs.
     *
     * @return in the order of the places
     */
    public abstract List<String> names();

    /**
     * Finds a place by its name.
     *
     * @param name of a layer or vertex; may be null
     * @return null if there is no such place
     */
    public abstract @Nullable Integer find(String name);

    /**
     * Finds everything that a place depends on.
     *
     * @param place a number
     * @param stop places whose sources do not count
     * @return the places, with the place itself and with the stops that it reaches
     */
    public final Set<Integer> leadingTo(int place, Set<Integer> stop) {
        Set<Integer> seen = new TreeSet<>(Set.of(place));
        Deque<Integer> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            int next = open.pop();
            if (!stop.contains(next)) {
                sources(next).stream().filter(seen::add).forEach(open::push);
            }
        }
        return seen;
    }

    /**
     * Computes the output of a place.
     *
     * @param place a number
     * @param known values of places that the output depends on; not changed, except in a {@code MultiLayerNetwork},
     *     whose layers may work in place
     * @param mask of padded sequences at the network's input, {@code [examples, time]}, or null
     * @param examples of the mini-batch
     * @param workspaces for the arrays of the pass
     * @return an array of the pass
     */
    public final INDArray output(
            int place,
            Map<Integer, INDArray> known,
            @Nullable INDArray mask,
            int examples,
            LayerWorkspaceMgr workspaces) {
        INDArray[] masks = mask == null ? null : new INDArray[] {mask};
        return outputs(List.of(place), known, masks, examples, workspaces).get(0);
    }

    /**
     * Computes the outputs of several places in one pass.
     *
     * @param places numbers; in a {@code MultiLayerNetwork} one only, because later layers may work in place
     * @param known as for {@link #output}; values of inputs are also set on a graph, whose vertices can ask for their
     *     lengths
     * @param masks a mask or null for each input of the network; null without masks
     * @param examples of the mini-batch
     * @param workspaces for the arrays of the pass
     * @return arrays of the pass, in the order of the places
     */
    public final List<INDArray> outputs(
            List<Integer> places,
            Map<Integer, INDArray> known,
            @Nullable INDArray @Nullable [] masks,
            int examples,
            LayerWorkspaceMgr workspaces) {
        Map<Integer, INDArray> values = new HashMap<>(known);
        begin(known, masks, examples);
        try {
            for (int place : places) {
                run(leadingTo(place, known.keySet()), values, examples, workspaces);
            }
            return places.stream().map(place -> value(values, place)).toList();
        } finally {
            end();
        }
    }

    /**
     * Computes the loss of each example at an output layer, without regularization.
     *
     * @param place of an output layer
     * @param known values of places that the output depends on, as for {@link #outputs}
     * @param labels of the output
     * @param labelMask of the output, or null
     * @param masks as for {@link #outputs}
     * @param examples of the mini-batch
     * @param workspaces for the arrays of the pass
     * @return {@code [examples, 1]}
     */
    public final INDArray losses(
            int place,
            Map<Integer, INDArray> known,
            INDArray labels,
            @Nullable INDArray labelMask,
            @Nullable INDArray @Nullable [] masks,
            int examples,
            LayerWorkspaceMgr workspaces) {
        Map<Integer, INDArray> values = new HashMap<>(known);
        int source = sources(place).get(0);
        begin(known, masks, examples);
        try {
            run(leadingTo(source, known.keySet()), values, examples, workspaces);
            InputPreProcessor preProcessor = preProcessor(place);
            INDArray value = own(value(values, source));
            INDArray input = preProcessor == null ? value : preProcessor.preProcess(value, examples, workspaces);
            IOutputLayer layer = (IOutputLayer) Objects.requireNonNull(layer(place), () -> name(place));
            layer.setInput(input, workspaces);
            layer.setLabels(labels);
            if (labelMask != null) {
                layer.setMaskArray(labelMask);
            }
            INDArray losses = layer.computeScoreForExamples(0, workspaces);
            layer.setLabels(null);
            return losses;
        } finally {
            end();
        }
    }

    /**
     * Computes the mask of the output of a place: that of the inputs as the layers before the place change it.
     *
     * @param place a number
     * @param known values of the inputs
     * @param masks a mask or null for each input of the network
     * @param examples of the mini-batch
     * @return null if the place has no mask, as after the last time step was taken
     */
    public final @Nullable INDArray mask(
            int place, Map<Integer, INDArray> known, @Nullable INDArray[] masks, int examples) {
        Map<Integer, INDArray> values = new HashMap<>();
        Map<Integer, MaskState> states = new HashMap<>();
        for (int i = 0; i < masks.length; i++) {
            put(values, states, inputs().get(i), masks[i] == null ? null : new Pair<>(masks[i], MaskState.Active));
        }
        begin(known, masks, examples);
        try {
            for (int each : order()) {
                List<Integer> sources = sources(each);
                INDArray[] before = sources.stream().map(values::get).toArray(INDArray[]::new);
                MaskState state = sources.stream()
                        .filter(values::containsKey)
                        .map(states::get)
                        .findFirst()
                        .orElse(null);
                put(values, states, each, state == null ? null : maskAfter(each, before, state, examples));
            }
            return values.get(place);
        } finally {
            end();
        }
    }

    private static void put(
            Map<Integer, INDArray> values,
            Map<Integer, MaskState> states,
            int place,
            @Nullable Pair<INDArray, MaskState> mask) {
        if (mask != null && mask.getFirst() != null) {
            values.put(place, mask.getFirst());
            states.put(place, mask.getSecond());
        }
    }

    /**
     * Computes what enters the layer of a place, after its preprocessor.
     *
     * @param place a number
     * @param known as for {@link #output}
     * @param examples of the mini-batch
     * @param workspaces for the arrays of the pass
     * @return an array of the pass
     */
    public final INDArray input(int place, Map<Integer, INDArray> known, int examples, LayerWorkspaceMgr workspaces) {
        Map<Integer, INDArray> values = new HashMap<>(known);
        int source = sources(place).get(0);
        begin(known, null, examples);
        try {
            run(leadingTo(source, known.keySet()), values, examples, workspaces);
            InputPreProcessor preProcessor = preProcessor(place);
            INDArray value = value(values, source);
            return preProcessor == null ? value : preProcessor.preProcess(own(value), examples, workspaces);
        } finally {
            end();
        }
    }

    private INDArray value(Map<Integer, INDArray> values, int place) {
        return Objects.requireNonNull(values.get(place), () -> name(place));
    }

    private void run(Set<Integer> needed, Map<Integer, INDArray> values, int examples, LayerWorkspaceMgr workspaces) {
        for (int place : order()) {
            if (needed.contains(place) && !values.containsKey(place)) {
                INDArray[] inputs = sources(place).stream()
                        .map(source -> own(value(values, source)))
                        .toArray(INDArray[]::new);
                values.put(place, activate(place, inputs, examples, workspaces));
            }
        }
    }

    /** Prepares the network for a mini-batch. */
    abstract void begin(Map<Integer, INDArray> known, @Nullable INDArray @Nullable [] masks, int examples);

    /** Clears what a pass has set on the network. */
    abstract void end();

    /** Returns an array that a layer may change. */
    abstract INDArray own(INDArray value);

    abstract INDArray activate(int place, INDArray[] inputs, int examples, LayerWorkspaceMgr workspaces);

    /** Returns the mask of the output of a place. Those of its sources may be null. */
    abstract @Nullable Pair<INDArray, MaskState> maskAfter(
            int place, @Nullable INDArray[] masks, MaskState state, int examples);

    /** Returns the name of a layer's parameter in the network's table. */
    abstract String variable(int place, String parameter);

    /** Backpropagates through a vertex without a layer, after {@link #activate}. Returns a gradient per source. */
    abstract INDArray[] backpropagate(int place, INDArray epsilon, LayerWorkspaceMgr workspaces);

    /**
     * Finds the output that reconstructs.
     *
     * @param name of one of the network's outputs, or null for the only one
     * @return its place
     * @throws IllegalArgumentException if there is no such output, or there are several and none is named
     */
    public final int requireOutput(@Nullable String name) {
        List<String> outputs = outputs().stream().map(this::name).toList();
        if (name == null && outputs.size() != 1) {
            throw new IllegalArgumentException("Autoencoders: the output must be named where a graph has several, got "
                    + outputs + "; add the name of the one that reconstructs as the last argument");
        }
        if (name != null && !outputs.contains(name)) {
            throw new IllegalArgumentException("Autoencoders: outputVertex must name an output of the graph, got '"
                    + name + "'; its outputs are " + outputs);
        }
        return outputs().get(name == null ? 0 : outputs.indexOf(name));
    }
}
