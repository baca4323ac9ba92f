package io.github.dl4jae;

import io.github.dl4jae.variational.GaussianPosterior;
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
 * <p>Get one from a trained network with {@link Autoencoders#variational}. What {@link Autoencoder} says about shapes and
 * batches holds here too.
 *
 * <p>A conditional model, whose graph has inputs besides x, wants them bound first: {@link #given}.
 */
public interface VariationalModel extends Autoencoder {

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
