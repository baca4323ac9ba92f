package io.github.dl4jae.internal.inference;

import io.github.dl4jae.internal.layer.NetworkLayers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Training steps of a network with one input and one output whose gradient comes from outside, or goes on to another
 * network.
 *
 * <pre>
 * forward(x), backward(∂L/∂output)   returns ∂L/∂x
 * loss(x, labels)                    runs an output layer with its own loss; returns ∂L/∂x
 * update()                           applies the updater to the gradients of the last backward pass
 * </pre>
 *
 * <p>Gradients are sums over examples, as layers of Deeplearning4j expect them. Between {@code forward} and {@code
 * backward} of a network, no other pass may use it. Masks are not supported.
 */
public final class TrainingPass {

    private final ForwardPass pass;
    private final LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
    private final int input;
    private final int output;
    private final Set<Integer> needed;
    private int examples;
    private double score = Double.NaN;
    private @Nullable Gradient gradient;

    private TrainingPass(ForwardPass pass) {
        this.pass = pass;
        this.input = pass.inputs().get(0);
        this.output = pass.outputs().get(0);
        this.needed = pass.leadingTo(output, Set.of(input));
        needed.remove(input);
    }

    /**
     * Creates the steps of a stack of layers.
     *
     * @param network an initialized network
     * @return steps that train the network itself
     */
    public static TrainingPass of(MultiLayerNetwork network) {
        TrainingPass steps = new TrainingPass(ForwardPass.of(network));
        if (network.getGradientsViewArray() == null) {
            network.initGradientsView();
        }
        return steps;
    }

    /**
     * Creates the steps of a graph.
     *
     * @param graph an initialized graph with one input and one output
     * @return steps that train the graph itself
     */
    public static TrainingPass of(ComputationGraph graph) {
        TrainingPass steps = new TrainingPass(ForwardPass.of(graph));
        if (graph.getGradientsViewArray() == null) {
            graph.initGradientsView();
        }
        return steps;
    }

    /**
     * Runs forward in training mode.
     *
     * @param value of the input, {@code [examples, …]}; not changed
     * @return the output, an array that later passes leave alone
     */
    public INDArray forward(INDArray value) {
        Map<Integer, INDArray> values = begin(value);
        run(values);
        run(output, values);
        return Objects.requireNonNull(values.get(output)).dup('c');
    }

    /**
     * Runs backward after {@link #forward}.
     *
     * @param epsilon the gradient with respect to the output, a sum over examples; not changed
     * @return the gradient with respect to the input
     */
    public INDArray backward(INDArray epsilon) {
        INDArray before = backpropagate(epsilon.dup('c'));
        pass.end();
        return before;
    }

    /**
     * Runs forward and backward with the loss of the output layer.
     *
     * @param value of the input, {@code [examples, …]}; not changed
     * @param labels of the output layer
     * @return the gradient with respect to the input, a sum over examples
     */
    public INDArray loss(INDArray value, INDArray labels) {
        Map<Integer, INDArray> values = begin(value);
        run(values);
        IOutputLayer layer = (IOutputLayer) Objects.requireNonNull(pass.layer(output));
        layer.setInput(inputOf(output, values), workspaces);
        layer.setLabels(labels);
        INDArray before = backpropagate(null);
        score = layer.computeScore(0, true, workspaces);
        layer.setLabels(null);
        pass.end();
        return before;
    }

    /**
     * Returns the score of the last {@link #loss}, without regularization.
     *
     * @return the mean over examples, if the network averages
     */
    public double score() {
        return score;
    }

    private Map<Integer, INDArray> begin(INDArray value) {
        examples = Math.toIntExact(value.size(0));
        Map<Integer, INDArray> values = new HashMap<>();
        values.put(input, value.castTo(pass.type()).dup('c'));
        pass.begin(values, null, examples);
        gradient = null;
        return values;
    }

    private INDArray inputOf(int place, Map<Integer, INDArray> values) {
        INDArray value =
                pass.own(Objects.requireNonNull(values.get(pass.sources(place).get(0))));
        InputPreProcessor preProcessor = pass.preProcessor(place);
        return preProcessor == null ? value : preProcessor.preProcess(value, examples, workspaces);
    }

    /** Runs everything in front of the output. */
    private void run(Map<Integer, INDArray> values) {
        pass.order().stream()
                .filter(place -> place != output && needed.contains(place))
                .forEach(place -> run(place, values));
    }

    private void run(int place, Map<Integer, INDArray> values) {
        Layer layer = pass.rawLayer(place);
        if (layer != null) {
            layer.setInputMiniBatchSize(examples);
            values.put(place, layer.activate(inputOf(place, values), true, workspaces));
            return;
        }
        INDArray[] inputs = pass.sources(place).stream()
                .map(source -> pass.own(Objects.requireNonNull(values.get(source))))
                .toArray(INDArray[]::new);
        values.put(place, pass.activate(place, inputs, examples, workspaces));
    }

    private INDArray backpropagate(@Nullable INDArray epsilon) {
        Gradient gradients = new DefaultGradient(gradientsView());
        Map<Integer, INDArray> epsilons = new HashMap<>();
        List<Integer> backward =
                new ArrayList<>(pass.order().stream().filter(needed::contains).toList());
        Collections.reverse(backward);
        for (int place : backward) {
            INDArray of = place == output ? epsilon : epsilons.remove(place);
            if (place == output || of != null) {
                backward(place, of, epsilons, gradients);
            }
        }
        gradient = gradients;
        return Objects.requireNonNull(epsilons.get(input)).dup('c');
    }

    private void backward(int place, @Nullable INDArray epsilon, Map<Integer, INDArray> epsilons, Gradient gradients) {
        List<Integer> sources = pass.sources(place);
        Layer layer = pass.rawLayer(place);
        if (layer == null) {
            INDArray[] before = pass.backpropagate(place, Objects.requireNonNull(epsilon), workspaces);
            for (int i = 0; i < sources.size(); i++) {
                add(epsilons, sources.get(i), before[i]);
            }
            return;
        }
        Pair<Gradient, INDArray> result = layer.backpropGradient(epsilon, workspaces);
        Gradient own = result.getFirst();
        own.gradientForVariable()
                .forEach((name, array) -> gradients.setGradientFor(
                        pass.variable(place, name), array, own.flatteningOrderForVariable(name)));
        INDArray before = result.getSecond();
        InputPreProcessor preProcessor = pass.preProcessor(place);
        if (before != null) {
            add(
                    epsilons,
                    sources.get(0),
                    preProcessor == null ? before : preProcessor.backprop(before, examples, workspaces));
        }
    }

    private static void add(Map<Integer, INDArray> sums, int place, INDArray epsilon) {
        sums.merge(place, epsilon, INDArray::add);
    }

    private INDArray gradientsView() {
        return pass.network() instanceof MultiLayerNetwork stack
                ? stack.getGradientsViewArray()
                : ((ComputationGraph) pass.network()).getGradientsViewArray();
    }

    /** Applies the network's updater to the gradients of the last backward pass, and counts an iteration. */
    public void update() {
        Gradient of = Objects.requireNonNull(gradient, "no backward pass");
        if (pass.network() instanceof MultiLayerNetwork stack) {
            int iteration = stack.getIterationCount();
            Updater updater = stack.getUpdater();
            updater.update(stack, of, iteration, stack.getEpochCount(), examples, workspaces);
            stack.params().subi(of.gradient());
            stack.applyConstraints(iteration, stack.getEpochCount());
        } else if (pass.network() instanceof ComputationGraph graph) {
            int iteration = graph.getConfiguration().getIterationCount();
            ComputationGraphUpdater updater = graph.getUpdater();
            updater.update(of, iteration, graph.getConfiguration().getEpochCount(), examples, workspaces);
            graph.params().subi(of.gradient());
            graph.applyConstraints(iteration, graph.getConfiguration().getEpochCount());
        }
        setCounts(iterations() + 1, epochs());
        gradient = null;
    }

    /**
     * Returns the network's count of updates.
     *
     * @return the count
     */
    public int iterations() {
        return pass.network() instanceof MultiLayerNetwork stack
                ? stack.getIterationCount()
                : ((ComputationGraph) pass.network()).getIterationCount();
    }

    /**
     * Returns the network's count of epochs.
     *
     * @return the count
     */
    public int epochs() {
        return pass.network() instanceof MultiLayerNetwork stack
                ? stack.getEpochCount()
                : ((ComputationGraph) pass.network()).getEpochCount();
    }

    /**
     * Sets the counts of the network and its layers, from which their schedules read the time.
     *
     * @param iterations the count of updates
     * @param epochs the count of epochs
     */
    public void setCounts(int iterations, int epochs) {
        if (pass.network() instanceof MultiLayerNetwork stack) {
            stack.setIterationCount(iterations);
            stack.setEpochCount(epochs);
        } else if (pass.network() instanceof ComputationGraph graph) {
            graph.getConfiguration().setIterationCount(iterations);
            graph.getConfiguration().setEpochCount(epochs);
        }
        NetworkLayers.of(pass.network()).forEach(layer -> {
            layer.setIterationCount(iterations);
            layer.setEpochCount(epochs);
        });
    }

    /**
     * Returns the state of the network's updater.
     *
     * @return the state itself; null if the updater has none
     */
    public @Nullable INDArray updaterState() {
        return pass.network() instanceof MultiLayerNetwork stack
                ? stack.getUpdater().getStateViewArray()
                : ((ComputationGraph) pass.network()).getUpdater().getStateViewArray();
    }
}
