package io.github.dl4jae.training;

import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network of either kind, with what training has to read and write. */
abstract class NetworkAdapter {

    private NetworkAdapter() {}

    static NetworkAdapter of(Model network) {
        Require.given("Trainer", "network", network, "");
        if (network instanceof MultiLayerNetwork stack) {
            requireInitialized(stack.isInitCalled());
            return new Stack(stack);
        } else if (network instanceof ComputationGraph graph) {
            requireInitialized(graph.params() != null);
            return new Graph(graph);
        }
        throw new IllegalArgumentException(
                "Trainer: the network must be a MultiLayerNetwork or a ComputationGraph, got "
                        + network.getClass().getName());
    }

    private static void requireInitialized(boolean initialized) {
        Require.that(initialized, "Trainer", "the network must be initialized", "none", "call init() on it first");
    }

    abstract Model model();

    abstract String json();

    abstract int iterations();

    abstract int epochs();

    /** Sets the counts of the network itself. */
    abstract void setNetworkCounts(int iterations, int epochs);

    abstract void incrementEpochs();

    abstract @Nullable INDArray updaterState();

    abstract Collection<TrainingListener> listeners();

    abstract Layer[] layers();

    abstract long configuredSeed();

    /** Sets the learning rate of a layer, whose updater has another object after it. */
    abstract void setLearningRate(Layer layer, double rate);

    /** Runs forward in training mode, and returns the activations by the name of layer or vertex, in forward order. */
    abstract Map<String, INDArray> activations(MiniBatch minibatch);

    final void setCounts(int iterations, int epochs) {
        setNetworkCounts(iterations, epochs);
        for (Layer layer : layers()) { // MultiLayerNetwork does so only after its next step
            layer.setIterationCount(iterations);
            layer.setEpochCount(epochs);
        }
    }

    final INDArray params() {
        return model().params();
    }

    final void setListeners(Collection<TrainingListener> listeners) {
        model().setListeners(listeners);
    }

    private static final class Stack extends NetworkAdapter {
        private final MultiLayerNetwork network;

        Stack(MultiLayerNetwork network) {
            this.network = network;
        }

        @Override
        Model model() {
            return network;
        }

        @Override
        String json() {
            return network.getLayerWiseConfigurations().toJson();
        }

        @Override
        int iterations() {
            return network.getIterationCount();
        }

        @Override
        int epochs() {
            return network.getEpochCount();
        }

        @Override
        void setNetworkCounts(int iterations, int epochs) {
            network.setIterationCount(iterations);
            network.setEpochCount(epochs);
        }

        @Override
        void incrementEpochs() {
            network.incrementEpochCount();
        }

        @Override
        @Nullable
        INDArray updaterState() {
            return network.getUpdater().getStateViewArray();
        }

        @Override
        Collection<TrainingListener> listeners() {
            return new ArrayList<>(network.getListeners());
        }

        @Override
        Layer[] layers() {
            return network.getLayers();
        }

        @Override
        long configuredSeed() {
            return network.getDefaultConfiguration().getSeed();
        }

        @Override
        void setLearningRate(Layer layer, double rate) {
            for (int i = 0; i < network.getnLayers(); i++) {
                if (network.getLayer(i) == layer) {
                    network.setLearningRate(i, rate);
                }
            }
        }

        @Override
        Map<String, INDArray> activations(MiniBatch minibatch) {
            INDArray[] masks = minibatch.featureMasks();
            INDArray[] labelMasks = minibatch.labelMasks();
            network.setLayerMaskArrays(masks == null ? null : masks[0], labelMasks == null ? null : labelMasks[0]);
            try {
                List<INDArray> outputs = network.feedForward(minibatch.features()[0], true);
                return NamedActivations.of(network, outputs.subList(1, outputs.size()));
            } finally {
                network.clearLayerMaskArrays();
            }
        }
    }

    private static final class Graph extends NetworkAdapter {
        private final ComputationGraph network;

        Graph(ComputationGraph network) {
            this.network = network;
        }

        @Override
        Model model() {
            return network;
        }

        @Override
        String json() {
            return network.getConfiguration().toJson();
        }

        @Override
        int iterations() {
            return network.getConfiguration().getIterationCount();
        }

        @Override
        int epochs() {
            return network.getConfiguration().getEpochCount();
        }

        @Override
        void setNetworkCounts(int iterations, int epochs) {
            network.getConfiguration().setIterationCount(iterations);
            network.getConfiguration().setEpochCount(epochs);
        }

        @Override
        void incrementEpochs() {
            network.incrementEpochCount();
        }

        @Override
        @Nullable
        INDArray updaterState() {
            return network.getUpdater().getStateViewArray();
        }

        @Override
        Collection<TrainingListener> listeners() {
            return new ArrayList<>(network.getListeners());
        }

        @Override
        Layer[] layers() {
            return network.getLayers();
        }

        @Override
        long configuredSeed() {
            return network.getConfiguration().getDefaultConfiguration().getSeed();
        }

        @Override
        void setLearningRate(Layer layer, double rate) {
            network.setLearningRate(layer.conf().getLayer().getLayerName(), rate);
        }

        @Override
        Map<String, INDArray> activations(MiniBatch minibatch) {
            network.setLayerMaskArrays(minibatch.featureMasks(), minibatch.labelMasks());
            try {
                return NamedActivations.of(network, network.feedForward(minibatch.features(), true));
            } finally {
                network.clearLayerMaskArrays();
            }
        }
    }
}
