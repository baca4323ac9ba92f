package io.github.dl4jae.variational;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.internal.inference.ForwardPass;
import io.github.dl4jae.internal.layer.Require;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A trained variational autoencoder: an encoder q(z|x), a prior p(z) and a decoder p(x|z).
 *
 * <pre>
 * encode         x ↦ E_q[z] = μ(x)              decode        z ↦ E[x|z]
 * sample         z ↦ x ~ p(x|z)
 * posterior      x ↦ q(z|x) = N(μ, diag σ²), and p(z)
 * logLikelihood  x, z ↦ ln p(x|z)               in nats, summed over features
 * </pre>
 *
 * <pre>{@code
 * VariationalModel model = VariationalModel.of(network, "latent");
 * INDArray images = model.decode(model.samplePrior(16, 42));
 * }</pre>
 *
 * <p>Shapes and batches are those of {@link Autoencoder}. A conditional model has a graph with inputs besides x; bind
 * these side inputs with {@link #given} before any other call.
 */
public interface VariationalModel extends Autoencoder {

    /**
     * Finds the variational autoencoder in a network of layers.
     *
     * @param network an initialized network whose last layer is an output layer; its loss must be −ln p(x|z)
     * @param latentLayer the name of its {@link GaussianLatentLayer}
     * @return the encoder, the prior and the decoder
     * @throws IllegalArgumentException if there is no such layer, or an argument is null
     */
    static VariationalModel of(MultiLayerNetwork network, String latentLayer) {
        Require.given("VariationalModel", "network", network, "");
        return NetworkVariationalModel.of(ForwardPass.of(network), latentLayer, null);
    }

    /**
     * Finds the variational autoencoder in a graph with one output, which may have inputs besides x.
     *
     * @param graph an initialized graph, whose first input is x and whose output is an output layer; its loss must be
     *     −ln p(x|z)
     * @param latentVertex the name of its {@link GaussianLatentLayer}
     * @return the encoder, the prior and the decoder; bind side inputs with {@link #given}
     * @throws IllegalArgumentException if there is no such layer, the decoder depends on x, or an argument is null
     */
    static VariationalModel of(ComputationGraph graph, String latentVertex) {
        Require.given("VariationalModel", "graph", graph, "");
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
        Require.given("VariationalModel", "graph", graph, "");
        Require.given("VariationalModel", "outputVertex", outputVertex, "omit it for a graph with one output");
        return NetworkVariationalModel.of(ForwardPass.of(graph), latentVertex, outputVertex);
    }

    /**
     * Returns the number of latents of a code.
     *
     * @return n
     */
    int latents();

    /**
     * Returns the posteriors of examples.
     *
     * @param examples x, {@code [N, …]}
     * @return q(z|x) of every example, and the prior
     */
    GaussianPosterior posterior(INDArray examples);

    /**
     * Returns the log-likelihood of examples given codes.
     *
     * @param examples x, {@code [N, …]}
     * @param codes z, {@code [S·N, n]}: the first code of all examples, then the second …
     * @return ln p(x|z) for every code, S·N values in nats, a new array
     * @throws IllegalArgumentException if the number of codes is not a multiple of N, their width is not n, or the loss
     *     is not a likelihood
     */
    double[] logLikelihood(INDArray examples, INDArray codes);

    /**
     * Returns the log-likelihood of the values that are present, for examples with missing values.
     *
     * @param examples x, {@code [N, …]}, with any finite values in place of the missing ones
     * @param present 1 for values that are present, 0 for missing ones, in the shape of a mask for the labels of the
     *     network: {@code [N, 1]} or {@code [N, d]}; null if all are
     * @param codes z, {@code [S·N, n]}
     * @return ln p(x|z) of the present values for every code, S·N values in nats, a new array
     * @throws IllegalArgumentException as for {@link #logLikelihood(INDArray, INDArray)}, or if the mask has other rows
     */
    double[] logLikelihood(INDArray examples, @Nullable INDArray present, INDArray codes);

    /**
     * Returns the log-likelihood of examples given codes, and its gradient with respect to the codes. Layers work as at
     * inference: batch normalization uses its running statistics.
     *
     * @param examples x, {@code [N, …]}
     * @param codes z, {@code [S·N, n]}: the first code of all examples, then the second …
     * @param gradient receives ∂ln p(x|z)/∂z, S·N·n values, row by row
     * @return ln p(x|z) for every code, S·N values in nats, a new array
     * @throws IllegalArgumentException as for {@link #logLikelihood(INDArray, INDArray)}, if the gradient has another
     *     length, if a layer of the decoder has dropout or weight noise or is frozen, or if the latent layer has
     *     several importance samples
     */
    default double[] logLikelihood(INDArray examples, INDArray codes, double[] gradient) {
        return logLikelihood(examples, null, codes, gradient);
    }

    /**
     * Returns the log-likelihood of the values that are present, and its gradient with respect to the codes.
     *
     * @param examples x, {@code [N, …]}, with any finite values in place of the missing ones
     * @param present as for {@link #logLikelihood(INDArray, INDArray, INDArray)}
     * @param codes z, {@code [S·N, n]}
     * @param gradient receives ∂ln p(x|z)/∂z, S·N·n values, row by row
     * @return ln p(x|z) of the present values for every code, S·N values in nats, a new array
     * @throws IllegalArgumentException as for {@link #logLikelihood(INDArray, INDArray, double[])}, or if the mask has
     *     other rows
     */
    double[] logLikelihood(INDArray examples, @Nullable INDArray present, INDArray codes, double[] gradient);

    /**
     * Samples codes from the prior.
     *
     * @param count number of codes, at least 1
     * @param seed seed of the samples
     * @return z ~ p(z), {@code [count, n]}, a new array
     * @throws IllegalArgumentException if the count is below 1
     */
    INDArray samplePrior(int count, long seed);

    /**
     * Draws an example from p(x|z) for each code, with the noise that {@link #decode} averages out: one-hot classes
     * instead of probabilities, counts instead of rates.
     *
     * @param codes codes {@code [N, n]}
     * @param seed seed of the samples
     * @return x ~ p(x|z), one row for each code, a new array
     * @throws IllegalArgumentException if the codes have another shape, or the loss of the output layer is not a {@link
     *     io.github.dl4jae.likelihood.SampledOutput}
     */
    INDArray sample(INDArray codes, long seed);

    /**
     * Returns the distribution of a discrete likelihood, which an entropy coder needs.
     *
     * @param codes codes {@code [N, n]}
     * @return the probabilities of all K levels of every feature, row by row, N·d·K values
     * @throws IllegalArgumentException if the codes have another shape, or the loss of the output layer is not a {@link
     *     io.github.dl4jae.likelihood.DiscreteOutput}
     */
    double[] levelProbabilities(INDArray codes);

    /**
     * Returns the number of levels of a discrete likelihood.
     *
     * @return K, such as 2 for black and white and 256 for bytes
     * @throws IllegalArgumentException if the loss of the output layer is not a {@link
     *     io.github.dl4jae.likelihood.DiscreteOutput}
     */
    int levels();

    /**
     * Returns this model with its side inputs bound.
     *
     * @param conditions an array for every input of the graph after the first, in their order: one row for all
     *     examples, or N rows of which row i belongs to rows i, N + i, 2N + i … of examples and codes
     * @return a model of examples and codes only
     * @throws IllegalArgumentException if their number is not that of the side inputs
     */
    VariationalModel given(INDArray... conditions);

    /**
     * Returns the model of one example: of conditions that have a row for each example, it keeps one.
     *
     * @param row index of the example
     * @return a model for that example; this model, if its conditions are the same for all
     * @throws IllegalArgumentException if there is no such row
     */
    VariationalModel ofExample(long row);
}
