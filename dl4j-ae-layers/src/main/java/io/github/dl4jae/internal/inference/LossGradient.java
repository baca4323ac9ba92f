package io.github.dl4jae.internal.inference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The gradient of the loss of each example with respect to the value of a place, for a network at inference.
 *
 * <p>Layers backpropagate only as in training. Batch normalization therefore goes backward here, as the affine function
 * that it is at inference, and layers with noise are refused. Parameters stay as they are. The network's gradient
 * arrays are overwritten, as in every training step.
 */
public final class LossGradient {

    private final ForwardPass pass;
    private final int output;
    private final int start;

    /**
     * Prepares the gradient.
     *
     * @param pass the network
     * @param output the place of an output layer
     * @param start the place of the value
     * @throws IllegalArgumentException if a layer between them has dropout or weight noise, or is frozen
     */
    public LossGradient(ForwardPass pass, int output, int start) {
        this.pass = pass;
        this.output = output;
        this.start = start;
        for (int place : pass.leadingTo(output, Set.of(start))) {
            if (place != start && pass.layer(place) != null) {
                requireNoiseless(place);
            }
        }
    }

    private void requireNoiseless(int place) {
        var layer = Objects.requireNonNull(pass.layer(place)).conf().getLayer();
        String problem = null;
        if (!(layer instanceof DropoutLayer) && layer.getIDropout() != null) {
            problem = "dropout or noise on its input";
        } else if (layer instanceof BaseLayer base && base.getWeightNoise() != null) {
            problem = "weight noise";
        } else if (pass.layer(place) != pass.rawLayer(place)) {
            problem = "a wrapper, "
                    + Objects.requireNonNull(pass.rawLayer(place)).getClass().getSimpleName();
        }
        if (problem != null) {
            throw new IllegalArgumentException("VariationalModel: the decoder must be free of noise and not frozen to"
                    + " differentiate it, got the layer '" + pass.name(place) + "' with " + problem
                    + "; use a DropoutLayer instead of dropOut, and load the model unfrozen");
        }
    }

    /**
     * Losses of examples and their gradient.
     *
     * @param losses of each example, an array of the pass
     * @param gradient with respect to the value, in its shape, an array of the pass
     */
    public record Result(INDArray losses, INDArray gradient) {}

    /**
     * Computes losses and gradient.
     *
     * @param known values of places that the output depends on, with that of the start
     * @param labels the labels for the input of the output layer
     * @param mask of the labels, or null
     * @param workspaces for the arrays of the pass
     * @return the losses and their gradient; zero if the losses do not depend on the value
     */
    public Result compute(
            Map<Integer, INDArray> known,
            UnaryOperator<INDArray> labels,
            @Nullable INDArray mask,
            LayerWorkspaceMgr workspaces) {
        requireGradientArrays();
        INDArray value = Objects.requireNonNull(known.get(start));
        int examples = Math.toIntExact(value.size(0));
        Map<Integer, INDArray> values = new HashMap<>(known);
        pass.begin(known, null, examples);
        try {
            List<Integer> between = between(known.keySet());
            for (int place : between) {
                values.put(place, forward(place, values, examples, workspaces));
            }
            IOutputLayer layer = (IOutputLayer) Objects.requireNonNull(pass.layer(output));
            INDArray input = input(output, values, examples, workspaces);
            layer.setInput(input, workspaces);
            layer.setLabels(labels.apply(input));
            layer.setMaskArray(mask);
            INDArray losses = layer.computeScoreForExamples(0, workspaces);
            Map<Integer, INDArray> epsilons = new HashMap<>();
            INDArray epsilon = backward(output, null, examples, workspaces);
            add(epsilons, pass.sources(output).get(0), epsilon);
            Collections.reverse(between);
            for (int place : between) {
                INDArray of = epsilons.get(place);
                if (of != null) {
                    backward(place, of, examples, epsilons, workspaces);
                }
            }
            layer.setLabels(null);
            layer.setMaskArray(null);
            return new Result(losses, epsilons.getOrDefault(start, value.like()));
        } finally {
            pass.end();
        }
    }

    private void requireGradientArrays() {
        if (pass.network() instanceof MultiLayerNetwork stack && stack.getGradientsViewArray() == null) {
            stack.initGradientsView();
        } else if (pass.network() instanceof ComputationGraph graph && graph.getGradientsViewArray() == null) {
            graph.initGradientsView();
        }
    }

    /** Returns the places to run, in their order, without the output. */
    private List<Integer> between(Set<Integer> known) {
        Set<Integer> needed = pass.leadingTo(output, known);
        return new ArrayList<>(pass.order().stream()
                .filter(place -> place != output && needed.contains(place) && !known.contains(place))
                .toList());
    }

    /** Returns what enters a layer, after its preprocessor. */
    private INDArray input(int place, Map<Integer, INDArray> values, int examples, LayerWorkspaceMgr workspaces) {
        INDArray value =
                Objects.requireNonNull(values.get(pass.sources(place).get(0))).dup('c');
        InputPreProcessor preProcessor = pass.preProcessor(place);
        return preProcessor == null ? value : preProcessor.preProcess(value, examples, workspaces);
    }

    private INDArray forward(int place, Map<Integer, INDArray> values, int examples, LayerWorkspaceMgr workspaces) {
        Layer layer = pass.layer(place);
        if (layer == null) {
            INDArray[] inputs = pass.sources(place).stream()
                    .map(source -> Objects.requireNonNull(values.get(source)).dup('c'))
                    .toArray(INDArray[]::new);
            return pass.activate(place, inputs, examples, workspaces);
        }
        INDArray input = input(place, values, examples, workspaces);
        return layer.activate(input, !isAffineAtInference(layer), workspaces);
    }

    private static boolean isAffineAtInference(Layer layer) {
        return layer.conf().getLayer() instanceof BatchNormalization
                || layer.conf().getLayer() instanceof DropoutLayer;
    }

    private void backward(
            int place, INDArray epsilon, int examples, Map<Integer, INDArray> epsilons, LayerWorkspaceMgr workspaces) {
        List<Integer> sources = pass.sources(place);
        if (pass.layer(place) != null) {
            add(epsilons, sources.get(0), backward(place, epsilon, examples, workspaces));
            return;
        }
        INDArray[] ofSources = pass.backpropagate(place, epsilon, workspaces);
        for (int i = 0; i < sources.size(); i++) {
            add(epsilons, sources.get(i), ofSources[i]);
        }
    }

    private INDArray backward(int place, @Nullable INDArray epsilon, int examples, LayerWorkspaceMgr workspaces) {
        Layer layer = Objects.requireNonNull(pass.layer(place));
        INDArray before;
        if (epsilon != null && isAffineAtInference(layer)) {
            INDArray zeros = Nd4j.zeros(epsilon.dataType(), epsilon.shape());
            INDArray offset = layer.activate(zeros, false, workspaces).dup();
            INDArray ones = Nd4j.ones(epsilon.dataType(), epsilon.shape());
            before = layer.activate(ones, false, workspaces).sub(offset).muli(epsilon);
        } else {
            before = layer.backpropGradient(epsilon, workspaces).getSecond();
        }
        InputPreProcessor preProcessor = pass.preProcessor(place);
        return preProcessor == null ? before : preProcessor.backprop(before, examples, workspaces);
    }

    private static void add(Map<Integer, INDArray> sums, int place, INDArray epsilon) {
        sums.merge(place, epsilon.dup('c'), INDArray::add);
    }
}
