package io.github.dl4jae.examples.support;

import io.github.dl4jae.data.ConditionalIterator;
import io.github.dl4jae.data.ImageIterator;
import java.io.File;
import java.io.IOException;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Adapts a network, of layers or a graph, to {@link Training}.
 *
 * @param <N> the type of network
 */
public abstract class Trainable<N extends Model> {

    private final N network;

    private Trainable(N network) {
        this.network = network;
    }

    /**
     * Adapts a network of layers.
     *
     * @param network an initialized network
     * @return the adapter
     */
    public static Trainable<MultiLayerNetwork> layers(MultiLayerNetwork network) {
        return new Layers(network);
    }

    /**
     * Adapts a graph.
     *
     * @param graph an initialized graph with one input
     * @return the adapter
     */
    public static Trainable<ComputationGraph> graph(ComputationGraph graph) {
        return new Graph(graph);
    }

    /**
     * Adapts a conditional graph.
     *
     * @param graph an initialized graph whose second input is the class of an image, one-hot
     * @return the adapter
     */
    public static Trainable<ComputationGraph> conditional(ComputationGraph graph) {
        return new ConditionalGraph(graph);
    }

    N network() {
        return network;
    }

    /** Trains for one epoch. */
    abstract void fit(ImageIterator minibatches);

    /** Returns the sum of the scores of all images. */
    double score(ImageIterator minibatches) {
        double sum = 0;
        while (minibatches.hasNext()) {
            DataSet minibatch = minibatches.next();
            sum += score(minibatch) * minibatch.numExamples();
        }
        return sum;
    }

    /** Returns the mean score of the images of a mini-batch. */
    abstract double score(DataSet minibatch);

    final void listen(TrainingListener... listeners) {
        network.setListeners(listeners);
    }

    /** Returns layers, objective, updater and seed as JSON, without the counters that change in training. */
    final String configuration() {
        return json().replaceAll("\"(iterationCount|epochCount|reachedIteration|reachedEpoch)\" : \\d+", "");
    }

    abstract String json();

    abstract int epochs();

    /** Returns an adapter of the network in a file. */
    abstract Trainable<N> load(File file) throws IOException;

    private static final class Layers extends Trainable<MultiLayerNetwork> {

        Layers(MultiLayerNetwork network) {
            super(network);
        }

        @Override
        void fit(ImageIterator minibatches) {
            network().fit(minibatches);
        }

        @Override
        double score(DataSet minibatch) {
            return network().score(minibatch);
        }

        @Override
        String json() {
            return network().getLayerWiseConfigurations().toJson();
        }

        @Override
        int epochs() {
            return network().getEpochCount();
        }

        @Override
        Trainable<MultiLayerNetwork> load(File file) throws IOException {
            return new Layers(ModelSerializer.restoreMultiLayerNetwork(file, true));
        }
    }

    private static class Graph extends Trainable<ComputationGraph> {

        Graph(ComputationGraph graph) {
            super(graph);
        }

        @Override
        void fit(ImageIterator minibatches) {
            network().fit(minibatches);
        }

        @Override
        double score(DataSet minibatch) {
            return network().score(minibatch);
        }

        @Override
        String json() {
            return network().getConfiguration().toJson();
        }

        @Override
        int epochs() {
            return network().getConfiguration().getEpochCount();
        }

        @Override
        Trainable<ComputationGraph> load(File file) throws IOException {
            return new Graph(ModelSerializer.restoreComputationGraph(file, true));
        }
    }

    private static final class ConditionalGraph extends Graph {

        ConditionalGraph(ComputationGraph graph) {
            super(graph);
        }

        @Override
        void fit(ImageIterator minibatches) {
            network().fit(new ConditionalIterator(minibatches));
        }

        @Override
        double score(ImageIterator minibatches) {
            ConditionalIterator conditional = new ConditionalIterator(minibatches);
            double sum = 0;
            while (conditional.hasNext()) {
                var minibatch = conditional.next();
                sum += network().score(minibatch) * minibatch.getFeatures(0).size(0);
            }
            return sum;
        }

        @Override
        Trainable<ComputationGraph> load(File file) throws IOException {
            return new ConditionalGraph(ModelSerializer.restoreComputationGraph(file, true));
        }
    }
}
