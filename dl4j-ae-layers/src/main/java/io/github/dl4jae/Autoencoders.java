package io.github.dl4jae;

import io.github.dl4jae.internal.inference.ForwardPass;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;

/**
 * Adapts a trained network to {@link Autoencoder}, given the layer whose output is the code.
 *
 * <pre>{@code
 * Autoencoder autoencoder = Autoencoders.of(network, "code");
 * INDArray codes = autoencoder.encode(images);
 * INDArray restored = autoencoder.decode(codes);
 * }</pre>
 *
 * <p>All kinds of layers are supported, stock ones and those of this library, with preprocessors. If a stock
 * {@code VariationalAutoencoder} or {@code AutoEncoder} is the whole network, its own decoder decodes, from the mean
 * code to the mean reconstruction. If other layers follow it, they are the decoder.
 *
 * <p>Inference only: dropout and noise are off, batch normalization uses its running statistics. Parameters, updater,
 * iteration and epoch counts and the state of recurrent layers stay as they are. The network is not copied: after
 * further training, the autoencoder uses the new parameters.
 *
 * <p>Threads: several threads can share an autoencoder.
 *
 * <ul>
 *   <li>Chains of this library's dense layers run on rows {@code [N, n]} without a lock, and leave the network
 *       untouched. Activation, dropout, top-k and loss layers can be part of the chain. They run at the same time as
 *       each other and as the network itself. While another thread trains the network or sets its parameters, a result
 *       can mix old and new parameters.
 *   <li>All other networks and inputs are run by Deeplearning4j. Such calls lock the network, as its own {@code output}
 *       does, so one runs at a time. They clear inputs and masks that were set on the network.
 * </ul>
 *
 * <p>If the code layer encodes each time step (a dense layer after a recurrent one), codes are sequences,
 * {@code [N, code, time]}.
 */
public final class Autoencoders {

    private Autoencoders() {}

    /**
     * Returns the autoencoder in a network of layers.
     *
     * @param network an initialized network
     * @param codeLayer the index of the layer whose output is the code, counted from 0
     * @return the encoder up to and including that layer, and the decoder after it
     * @throws IllegalArgumentException if there is no such layer, or no layer decodes
     */
    public static Autoencoder of(MultiLayerNetwork network, int codeLayer) {
        ForwardPass pass = ForwardPass.of(network);
        int count = network.getnLayers();
        if (codeLayer < 0 || codeLayer >= count) {
            throw new IllegalArgumentException("Autoencoders: codeLayer must be in [0, " + (count - 1)
                    + "] (the network has " + count + " layers), got " + codeLayer + "; network.summary() lists them");
        }
        return new NetworkAutoencoder(pass, codeLayer, pass.requireOutput(null));
    }

    /**
     * Returns the autoencoder in a network of layers.
     *
     * @param network an initialized network
     * @param codeLayer the name of the layer whose output is the code
     * @return the encoder up to and including that layer, and the decoder after it
     * @throws IllegalArgumentException if there is no such layer, or no layer decodes
     */
    public static Autoencoder of(MultiLayerNetwork network, String codeLayer) {
        ForwardPass pass = ForwardPass.of(network);
        Integer place = pass.find(codeLayer);
        if (place == null) {
            throw new IllegalArgumentException("Autoencoders: codeLayer must name a layer of the network, got '"
                    + codeLayer + "'; its layers are " + pass.names() + ", or give an index");
        }
        return new NetworkAutoencoder(pass, place, pass.requireOutput(null));
    }

    /**
     * Returns the autoencoder in a graph with one input and one output.
     *
     * @param graph an initialized graph
     * @param codeVertex the name of the vertex whose output is the code; every path from the input to the output must
     *     lead through it
     * @return the encoder up to and including that vertex, and the decoder after it
     * @throws IllegalArgumentException if there is no such vertex, a connection skips it (the message names it), or
     *     nothing decodes
     */
    public static Autoencoder of(ComputationGraph graph, String codeVertex) {
        return of(ForwardPass.of(graph), codeVertex, null);
    }

    /**
     * Returns the autoencoder in a graph with several outputs, such as a reconstruction beside a classifier.
     *
     * @param graph an initialized graph with one input
     * @param codeVertex the name of the vertex whose output is the code; every path from the input to the named output
     *     must lead through it
     * @param outputVertex the name of the output that reconstructs
     * @return the encoder up to and including that vertex, and the decoder after it
     * @throws IllegalArgumentException if there is no such output, or as for {@link #of(ComputationGraph, String)}
     */
    public static Autoencoder of(ComputationGraph graph, String codeVertex, String outputVertex) {
        if (outputVertex == null) {
            throw new IllegalArgumentException("Autoencoders: outputVertex must name an output of the graph, got null;"
                    + " leave it out for a graph with one output");
        }
        return of(ForwardPass.of(graph), codeVertex, outputVertex);
    }

    /**
     * Returns the autoencoder in a graph with one input and one output.
     *
     * @param graph an initialized graph
     * @param codeVertex the index of the vertex, as {@code graph.getVertices()} counts; see {@link
     *     #of(ComputationGraph, String)}
     * @return the encoder up to and including that vertex, and the decoder after it
     * @throws IllegalArgumentException as for {@link #of(ComputationGraph, String)}
     */
    public static Autoencoder of(ComputationGraph graph, int codeVertex) {
        ForwardPass pass = ForwardPass.of(graph);
        int count = graph.getVertices().length;
        if (codeVertex < 0 || codeVertex >= count) {
            throw new IllegalArgumentException("Autoencoders: codeVertex must be in [0, " + (count - 1)
                    + "] (the graph has " + count + " vertices), got " + codeVertex + "; graph.summary() lists them");
        }
        return new NetworkAutoencoder(pass, codeVertex, pass.requireOutput(null));
    }

    private static Autoencoder of(ForwardPass pass, String codeVertex, @Nullable String outputVertex) {
        Integer code = pass.find(codeVertex);
        if (code == null) {
            throw new IllegalArgumentException("Autoencoders: codeVertex must name a vertex of the graph, got '"
                    + codeVertex + "'; its vertices are " + pass.names());
        }
        return new NetworkAutoencoder(pass, code, pass.requireOutput(outputVertex));
    }
}
