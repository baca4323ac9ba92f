package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.inference.ForwardPass;
import io.github.dl4jae.internal.layer.Require;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * A place in a network whose values are rows of activations: the output of a layer or vertex, or what enters a layer.
 *
 * @param pass the network
 * @param place the number of the layer or vertex
 * @param entering whether the values are those that enter the layer, after its preprocessor
 */
record NetworkPlace(ForwardPass pass, int place, boolean entering) {

    static NetworkPlace of(String subject, MultiLayerNetwork network, String layer) {
        Require.given(subject, "network", network, "train one, or load one");
        return find(subject, ForwardPass.of(network), layer);
    }

    static NetworkPlace of(String subject, ComputationGraph graph, String vertex) {
        Require.given(subject, "graph", graph, "train one, or load one");
        return find(subject, ForwardPass.of(graph), vertex);
    }

    static NetworkPlace of(String subject, MultiLayerNetwork network, int layer) {
        Require.given(subject, "network", network, "train one, or load one");
        Require.that(
                layer >= 0 && layer < network.getnLayers(),
                subject,
                "layer must be the index of a layer",
                layer,
                "the network has " + network.getnLayers() + " layers, from 0");
        return new NetworkPlace(ForwardPass.of(network), layer, false);
    }

    private static NetworkPlace find(String subject, ForwardPass pass, String name) {
        Integer place = pass.find(name);
        if (place == null) {
            throw new IllegalArgumentException(subject + ": " + pass.term() + " must be a name in the network, got '"
                    + name + "'; its names are " + pass.names());
        }
        List<String> names = pass.names();
        long same = pass.network() instanceof ComputationGraph
                ? 1
                : IntStream.range(0, names.size())
                        .filter(i -> names.get(i).equals(name))
                        .count();
        Require.that(
                same == 1,
                subject,
                "the name of the layer must be unique",
                "'" + name + "' of " + same + " layers",
                "pass the index of the layer");
        return new NetworkPlace(pass, place, false);
    }

    /** Returns a place of the same network. */
    NetworkPlace other(String subject, String name) {
        return find(subject, pass, name);
    }

    /** Returns the values that enter the layer. */
    NetworkPlace entering(String subject) {
        Require.that(
                pass.sources(place).size() == 1,
                subject,
                "a layer must have one input",
                "'" + name() + "' with " + pass.sources(place).size(),
                "name the vertex that is the input");
        return new NetworkPlace(pass, place, true);
    }

    String name() {
        return pass.name(place);
    }

    /** Returns the place with the values, before the preprocessor of a layer. */
    int source() {
        return entering ? pass.sources(place).get(0) : place;
    }

    @Override
    public String toString() {
        return (entering ? "input of " : "") + pass.term() + " '" + name() + "'";
    }
}
