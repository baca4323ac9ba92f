package io.github.dl4jae.variational;

import java.io.Serializable;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/** The prior p(z) of a {@link GaussianLatentLayer}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "@class")
public sealed interface LatentPrior extends Serializable {

    /**
     * N(0, I): the default, with a Kullback-Leibler term in closed form.
     *
     * <pre>
     * p(z) = N(0, I)
     * </pre>
     *
     * @see <a href="https://arxiv.org/abs/1312.6114">Kingma and Welling 2014</a>
     */
    record StandardNormal() implements LatentPrior {}

    /**
     * A mixture of Gaussians with diagonal covariances whose weights, means and variances are parameters of the layer, and
     * trained.
     *
     * <pre>
     * p(z) = Σ_k π_k N(m_k, diag s_k²)
     * </pre>
     *
     * <p>The Kullback-Leibler term is estimated at the sample. Means start as standard normal numbers.
     *
     * @param components K, at least 1
     * @see <a href="https://arxiv.org/abs/1611.05148">Jiang et al. 2017, Variational deep embedding</a>
     */
    record GaussianMixture(int components) implements LatentPrior {
        /**
         * Creates the prior.
         *
         * @param components K
         * @throws IllegalArgumentException if it is below 1
         */
        public GaussianMixture {
            requireComponents("GaussianMixture", components);
        }
    }

    /**
     * The VampPrior: a mixture of the posteriors of K learned pseudo-inputs u_k.
     *
     * <pre>
     * p(z) = 1/K Σ_k q(z|u_k)
     * </pre>
     *
     * <p>Needs a {@link PseudoInputLayer} with as many pseudo-inputs as the first layer: it sends them through the encoder
     * beside the minibatch, and this layer takes them off again.
     *
     * @param components K, at least 1
     * @see <a href="https://arxiv.org/abs/1705.07120">Tomczak and Welling 2018, VAE with a VampPrior</a>
     */
    record Vamp(int components) implements LatentPrior {
        /**
         * Creates the prior.
         *
         * @param components K
         * @throws IllegalArgumentException if it is below 1
         */
        public Vamp {
            requireComponents("Vamp", components);
        }
    }

    private static void requireComponents(String prior, int components) {
        if (components < 1) {
            throw new IllegalArgumentException(
                    "LatentPrior." + prior + ": components must be at least 1, got " + components + "; 50 is a start");
        }
    }
}
