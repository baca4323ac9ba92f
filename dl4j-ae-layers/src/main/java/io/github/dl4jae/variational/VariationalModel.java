package io.github.dl4jae.variational;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.internal.inference.ForwardPass;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A trained variational autoencoder: an encoder q(z|x), a prior p(z) and a decoder p(x|z).
 *
 * <pre>
 * encode         x ↦ E_q[z] = μ(x)              decode        z ↦ E[x|z]
 * posterior      x ↦ q(z|x) = N(μ, diag σ²), and p(z)
 * logLikelihood  x, z ↦ ln p(x|z)               in nats, summed over features
 * </pre>
 *
 * <pre>{@code
 * VariationalModel model = VariationalModel.of(network, "latent");
 * INDArray images = model.decode(model.samplePrior(16, 42));
 * }</pre>
 *
 * <p>Shapes, batches, threads and what stays as it is in the network: as for {@link Autoencoder}. The side inputs of a
 * conditional model, whose graph has inputs besides x, must be bound first: {@link #given}.
 */
public interface VariationalModel extends Autoencoder {

    /**
     * Finds the variational autoencoder in a network of layers.
     *
     * @param network an initialized network whose last layer is an output layer; its loss must be −ln p(x|z)
     * @param latentLayer the name of its {@link GaussianLatentLayer}
     * @return the encoder, the prior and the decoder
     * @throws IllegalArgumentException if there is no such layer
     */
    static VariationalModel of(MultiLayerNetwork network, String latentLayer) {
        return NetworkVariationalModel.of(ForwardPass.of(network), latentLayer, null);
    }

    /**
     * Finds the variational autoencoder in a graph with one output, which may have inputs besides x.
     *
     * @param graph an initialized graph, whose first input is x and whose output is an output layer; its loss must be
     *     −ln p(x|z)
     * @param latentVertex the name of its {@link GaussianLatentLayer}
     * @return the encoder, the prior and the decoder; bind side inputs with {@link #given}
     * @throws IllegalArgumentException if there is no such layer, or the decoder depends on x
     */
    static VariationalModel of(ComputationGraph graph, String latentVertex) {
        return NetworkVariationalModel.of(ForwardPass.of(graph), latentVertex, null);
    }

    /**
     * Finds the variational autoencoder in a graph with several outputs, such as a reconstruction beside a classifier.
     *
     * @param graph an initialized graph, whose first input is x
     * @param latentVertex the name of its {@link GaussianLatentLayer}
     * @param outputVertex the name of the output layer that reconstructs; its loss must be −ln p(x|z)
     * @return the encoder, the prior and the decoder; bind side inputs with {@link #given}
     * @throws IllegalArgumentException if there is no such output, or as for {@link #of(ComputationGraph, String)}
     */
    static VariationalModel of(ComputationGraph graph, String latentVertex, String outputVertex) {
        if (outputVertex == null) {
            throw new IllegalArgumentException("VariationalModel: outputVertex must name an output of the graph, got"
                    + " null; leave it out for a graph with one output");
        }
        return NetworkVariationalModel.of(ForwardPass.of(graph), latentVertex, outputVertex);
    }

    /**
     * How many latents a code has.
     *
     * @return n
     */
    int latents();

    /**
     * What the encoder says about examples.
     *
     * @param examples x, {@code [N, …]}
     * @return q(z|x) of every example, and the prior
     */
    GaussianPosterior posterior(INDArray examples);

    /**
     * How likely examples are, given codes.
     *
     * @param examples x, {@code [N, …]}
     * @param codes z, {@code [S·N, n]}: a code for every example, then another for every example …
     * @return ln p(x|z) for every code, S·N values in nats
     * @throws IllegalArgumentException if the shapes do not fit together
     */
    double[] logLikelihood(INDArray examples, INDArray codes);

    /**
     * Codes drawn from the prior.
     *
     * @param count how many
     * @param seed decides which
     * @return z ~ p(z), {@code [count, n]}
     */
    INDArray samplePrior(int count, long seed);

    /**
     * The same model with its side inputs bound.
     *
     * @param conditions an array for every input of the graph besides the first, in their order: one row for all examples, or N rows, of which row i goes with
     *     row i, N + i, 2N + i … of what the model is given
     * @return a model that takes examples and codes alone
     * @throws IllegalArgumentException if their number is not that of the inputs
     */
    VariationalModel given(INDArray... conditions);
}
