package io.github.dl4jae;

import io.github.dl4jae.internal.inference.ForwardPass;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.impl.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.layers.feedforward.autoencoder.AutoEncoder;
import org.deeplearning4j.nn.layers.variational.VariationalAutoencoder;

/** Checks that the code is all that a decoder sees of an example. */
final class Bottleneck {

    private Bottleneck() {}

    /**
     * Refuses a code that is no bottleneck.
     *
     * @param pass the network
     * @param input the place of its input
     * @param code the place of the code
     * @param output the place of the reconstruction
     * @throws IllegalArgumentException if nothing decodes, or a connection skips the code
     */
    static void require(ForwardPass pass, int input, int code, int output) {
        Set<Integer> encoding = pass.leadingTo(code, Set.of());
        Set<Integer> decoding = pass.leadingTo(output, Set.of(code));
        if (code == input || !decoding.contains(code)) {
            throw new IllegalArgumentException("Autoencoders: " + subject(pass) + " must lie between the input '"
                    + pass.name(input) + "' and the output '" + pass.name(output) + "', got '" + pass.name(code)
                    + "'; name the " + pass.term() + " in the middle");
        }
        decoding.remove(code);
        if (decoding.isEmpty() && !isWholeModel(pass, input, code)) {
            throw new IllegalArgumentException("Autoencoders: " + subject(pass) + " must have "
                    + (pass.term().equals("layer") ? "layers" : "vertices") + " after it that decode, got "
                    + (pass.term().equals("layer") ? code : "'" + pass.name(code) + "'")
                    + ", the output of the network; name the " + pass.term() + " in the middle (a stock"
                    + " VariationalAutoencoder or AutoEncoder layer decodes by itself only as the whole network)");
        }
        for (int place : decoding) {
            for (int source : pass.sources(place)) {
                if (!encoding.contains(place) && encoding.contains(source) && source != code) {
                    throw new IllegalArgumentException("Autoencoders: every path from '" + pass.name(input) + "' to '"
                            + pass.name(output) + "' must lead through " + subject(pass) + " '" + pass.name(code)
                            + "', but the connection '" + pass.name(source) + "' -> '" + pass.name(place)
                            + "' skips it; name a vertex after it, or remove the connection");
                }
            }
            requireLengthFromCode(pass, code, place);
        }
    }

    private static String subject(ForwardPass pass) {
        return pass.term().equals("layer") ? "codeLayer" : "codeVertex";
    }

    /** Returns whether the network is one stock layer with a decoder of its own. */
    private static boolean isWholeModel(ForwardPass pass, int input, int code) {
        Layer layer = pass.layer(code);
        return pass.sources(code).equals(List.of(input))
                && (layer instanceof VariationalAutoencoder || layer instanceof AutoEncoder);
    }

    private static void requireLengthFromCode(ForwardPass pass, int code, int place) {
        if (pass.network() instanceof ComputationGraph graph
                && graph.getVertices()[place] instanceof DuplicateToTimeSeriesVertex) {
            throw new IllegalArgumentException("Autoencoders: the decoder must depend on the code alone, but vertex '"
                    + pass.name(place) + "' takes its length from the network's input, past '" + pass.name(code)
                    + "'; use a RepeatVector layer instead");
        }
    }
}
