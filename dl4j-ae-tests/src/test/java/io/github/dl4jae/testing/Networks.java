package io.github.dl4jae.testing;

import org.deeplearning4j.nn.api.NeuralNetwork;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;

/** Networks and graphs: initialized, and trained on one mini-batch. */
public final class Networks {

    private Networks() {}

    /** Returns an initialized network. */
    public static MultiLayerNetwork initialized(MultiLayerConfiguration configuration) {
        return initialized(new MultiLayerNetwork(configuration));
    }

    /** Builds the configuration and returns an initialized network. */
    public static MultiLayerNetwork initialized(NeuralNetConfiguration.ListBuilder layers) {
        return initialized(layers.build());
    }

    /** Returns an initialized graph. */
    public static ComputationGraph initialized(ComputationGraphConfiguration configuration) {
        return initialized(new ComputationGraph(configuration));
    }

    /** Builds the configuration and returns an initialized graph. */
    public static ComputationGraph initialized(ComputationGraphConfiguration.GraphBuilder vertices) {
        return initialized(vertices.build());
    }

    /** Trains a network or graph on the same mini-batch this many times. */
    public static void fit(NeuralNetwork network, DataSet data, int iterations) {
        for (int i = 0; i < iterations; i++) {
            network.fit(data);
        }
    }

    private static <T extends NeuralNetwork> T initialized(T network) {
        network.init();
        return network;
    }
}
