package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.inference.SteppedVertex;
import io.github.dl4jae.likelihood.DistributionOutput;
import io.github.dl4jae.likelihood.SampledOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The decoder of a graph, run step by step with the states of its recurrent layers. What was in those states before
 * comes back with {@link #close}. The caller holds the lock of the graph.
 */
final class DecoderSteps implements AutoCloseable {

    static final String RECURRENT = "decoder";
    static final String OUTPUT = "out";

    private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    private final @Nullable SteppedVertex attention;
    private final List<RecurrentLayer> layers = new ArrayList<>();
    private final List<Map<String, INDArray>> before = new ArrayList<>();
    private final org.deeplearning4j.nn.api.Layer output;
    private final ILossFunction loss;
    private final IActivation activation;

    DecoderSteps(ComputationGraph graph) {
        this.attention = graph.getVertex(RECURRENT + 0) instanceof SteppedVertex stepped ? stepped : null;
        for (int i = attention == null ? 0 : 1; graph.getVertex(RECURRENT + i) != null; i++) {
            RecurrentLayer layer = (RecurrentLayer) graph.getLayer(RECURRENT + i);
            layers.add(layer);
            before.add(layer.rnnGetPreviousState());
            layer.rnnClearPreviousState();
        }
        this.output = graph.getLayer(OUTPUT);
        BaseOutputLayer configuration = (BaseOutputLayer) output.conf().getLayer();
        this.loss = configuration.getLossFn();
        this.activation = configuration.getActivationFn();
    }

    /** Gives the states of the encoder to a decoder with attention. */
    void attendTo(INDArray states, @Nullable INDArray mask) {
        if (attention != null) {
            attention.begin(states, mask);
        }
    }

    /** Returns the weights {@code [N, T]} of the last step; null without attention. */
    @Nullable
    INDArray weights() {
        return attention == null ? null : attention.weights();
    }

    /** Computes the output {@code [N, outputs]} of a step from the input {@code [N, n]} of the decoder. */
    INDArray step(INDArray input) {
        INDArray a = attention == null ? input : attention.step(input);
        for (RecurrentLayer layer : layers) {
            a = layer.rnnTimeStep(a, NO_WORKSPACES);
            a = a.rank() == 3 ? a.reshape('c', a.size(0), a.size(1)) : a;
        }
        output.setInput(a.reshape('c', a.size(0), a.size(1), 1), NO_WORKSPACES);
        INDArray y = output.activate(false, NO_WORKSPACES);
        return y.dup('c').reshape('c', y.size(0), y.size(1));
    }

    /** Replaces the states of each row by those of another. */
    void select(int[] rows) {
        if (attention != null) {
            attention.select(rows);
        }
        for (RecurrentLayer layer : layers) {
            Map<String, INDArray> states = layer.rnnGetPreviousState();
            states.replaceAll((name, state) -> Nd4j.pullRows(state, 1, rows, 'c'));
            layer.rnnSetPreviousState(states);
        }
    }

    /** Returns the expectation of a step. */
    INDArray mean(INDArray outputs) {
        return loss instanceof DistributionOutput distribution ? distribution.mean(outputs, activation) : outputs;
    }

    /** Draws a step; its expectation, if the loss is no likelihood. */
    INDArray sample(INDArray outputs, long seed) {
        return loss instanceof SampledOutput distribution
                ? distribution.sample(outputs, activation, seed)
                : mean(outputs);
    }

    ILossFunction loss() {
        return loss;
    }

    @Override
    public void close() {
        if (attention != null) {
            attention.end();
        }
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).rnnClearPreviousState();
            layers.get(i).rnnSetPreviousState(before.get(i));
            layers.get(i).clear();
        }
        output.clear();
    }
}
