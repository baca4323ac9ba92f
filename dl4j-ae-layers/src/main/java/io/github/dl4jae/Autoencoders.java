package io.github.dl4jae;

import io.github.dl4jae.kernel.NetworkLayers;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Sees a trained network as an {@link Autoencoder}, given the layer whose output is the code.
 *
 * <pre>{@code
 * Autoencoder autoencoder = Autoencoders.of(network, "code");
 * INDArray codes = autoencoder.encode(images);
 * INDArray images = autoencoder.decode(codes);
 * }</pre>
 *
 * <p>Any layers will do, stock ones and ours, with preprocessors. When the code is made by a stock {@code
 * VariationalAutoencoder} or {@code AutoEncoder} that is the whole network, decoding goes through that layer's own
 * decoder (a mean code to a mean reconstruction); when layers follow it, they are the decoder.
 *
 * <p>Inference only: dropout and noise are off, batch normalisation uses its running statistics. Parameters, updater,
 * iteration and epoch counts and the state of recurrent layers stay as they are; inputs and masks that were set on the
 * network are forgotten, as after its own {@code output}. The network is not copied: train it on
 * and the autoencoder follows. Calls lock the network, as its own {@code output} does, so that they may come from several
 * threads, one after the other.
 *
 * <p>When the code is that of each time step (a dense layer behind a recurrent one), codes are sequences,
 * {@code [N, code, time]}.
 */
public final class Autoencoders {

    private Autoencoders() {}

    /**
     * The autoencoder in a network of layers.
     *
     * @param network an initialised network
     * @param codeLayer the index of the layer whose output is the code, counted from 0
     * @return the encoder up to and including that layer, and the decoder after it
     * @throws IllegalArgumentException if there is no such layer, or nothing decodes
     */
    public static Autoencoder of(MultiLayerNetwork network, int codeLayer) {
        return new MultiLayerAutoencoder(network, codeLayer);
    }

    /**
     * The autoencoder in a network of layers.
     *
     * @param network an initialised network
     * @param codeLayer the name of the layer whose output is the code
     * @return the encoder up to and including that layer, and the decoder after it
     * @throws IllegalArgumentException if there is no such layer, or nothing decodes
     */
    public static Autoencoder of(MultiLayerNetwork network, String codeLayer) {
        List<String> names = NetworkLayers.names(network);
        int index = names.indexOf(codeLayer);
        if (index < 0) {
            throw new IllegalArgumentException("Autoencoders: codeLayer must name a layer of the network, got '"
                    + codeLayer + "'; its layers are " + names + ", or give an index");
        }
        return of(network, index);
    }

    /**
     * The autoencoder in a graph with one input and one output.
     *
     * @param graph an initialised graph
     * @param codeVertex the name of the vertex whose output is the code; every path from the input to the output must lead
     *     through it
     * @return the encoder up to and including that vertex, and the decoder after it
     * @throws IllegalArgumentException if there is no such vertex, a connection skips it (the message names it), or nothing
     *     decodes
     */
    public static Autoencoder of(ComputationGraph graph, String codeVertex) {
        return new GraphAutoencoder(graph, codeVertex, null);
    }

    /**
     * The autoencoder in a graph with several outputs, such as a reconstruction beside a classifier.
     *
     * @param graph an initialised graph with one input
     * @param codeVertex the name of the vertex whose output is the code; every path from the input to the named output
     *     must lead
     *     through it
     * @param outputVertex the name of the output that reconstructs
     * @return the encoder up to and including that vertex, and the decoder after it
     * @throws IllegalArgumentException if there is no such output, or as for {@link #of(ComputationGraph, String)}
     */
    public static Autoencoder of(ComputationGraph graph, String codeVertex, String outputVertex) {
        return new GraphAutoencoder(graph, codeVertex, Objects.requireNonNull(outputVertex, "outputVertex"));
    }

    /**
     * The autoencoder in a graph with one input and one output.
     *
     * @param graph an initialised graph
     * @param codeVertex the index of the vertex, as {@code graph.getVertices()} counts; see {@link
     *     #of(ComputationGraph, String)}
     * @return the encoder up to and including that vertex, and the decoder after it
     * @throws IllegalArgumentException as for {@link #of(ComputationGraph, String)}
     */
    public static Autoencoder of(ComputationGraph graph, int codeVertex) {
        NetworkAutoencoder.requireInitialised(graph.getVertices() != null);
        int count = graph.getVertices().length;
        if (codeVertex < 0 || codeVertex >= count) {
            throw new IllegalArgumentException("Autoencoders: codeVertex must be in [0, " + (count - 1)
                    + "] (the graph has " + count + " vertices), got " + codeVertex + "; graph.summary() lists them");
        }
        return of(graph, graph.getVertices()[codeVertex].getVertexName());
    }

    /**
     * The variational autoencoder in a network of layers.
     *
     * @param network an initialised network whose last layer is an output layer; its loss is taken as −ln p(x|z)
     * @param latentLayer the name of its {@link io.github.dl4jae.variational.GaussianLatentLayer}
     * @return the encoder, the prior and the decoder
     * @throws IllegalArgumentException if there is no such layer
     */
    public static VariationalModel variational(MultiLayerNetwork network, String latentLayer) {
        NetworkAutoencoder.requireInitialised(network.isInitCalled());
        int index = NetworkLayers.names(network).indexOf(latentLayer);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "Autoencoders: the layer must be a GaussianLatentLayer of the network, got '" + latentLayer
                            + "'; its layers are " + NetworkLayers.names(network));
        }
        return new MultiLayerVariationalModel(network, index);
    }

    /**
     * The variational autoencoder in a graph with one output, which may have inputs besides x.
     *
     * @param graph an initialised graph, whose first input is x and whose output is an output layer; its loss is taken as −ln p(x|z)
     * @param latentVertex the name of its {@link io.github.dl4jae.variational.GaussianLatentLayer}
     * @return the encoder, the prior and the decoder; side inputs are to be bound with {@link VariationalModel#given}
     * @throws IllegalArgumentException if there is no such layer, or the decoder reads x past it
     */
    public static VariationalModel variational(ComputationGraph graph, String latentVertex) {
        NetworkAutoencoder.requireInitialised(graph.getVertices() != null && graph.params() != null);
        return new GraphVariationalModel(graph, latentVertex, null);
    }

    /**
     * The variational autoencoder in a graph with several outputs, such as a reconstruction beside a classifier.
     *
     * @param graph an initialised graph, whose first input is x
     * @param latentVertex the name of its {@link io.github.dl4jae.variational.GaussianLatentLayer}
     * @param outputVertex the name of the output layer that reconstructs; its loss is taken as −ln p(x|z)
     * @return the encoder, the prior and the decoder; side inputs are to be bound with {@link VariationalModel#given}
     * @throws IllegalArgumentException if there is no such output, or as for
     *     {@link #variational(ComputationGraph, String)}
     */
    public static VariationalModel variational(ComputationGraph graph, String latentVertex, String outputVertex) {
        NetworkAutoencoder.requireInitialised(graph.getVertices() != null && graph.params() != null);
        return new GraphVariationalModel(graph, latentVertex, Objects.requireNonNull(outputVertex, "outputVertex"));
    }
}
