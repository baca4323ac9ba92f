package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.Require;
import java.io.Serializable;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/** The prior p(z) of a {@link GaussianLatentLayer}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "@class")
public sealed interface LatentPrior extends Serializable {

    /**
     * The standard normal prior, for which the KL divergence has a closed form.
     *
     * <pre>
     * p(z) = N(0, I)
     * </pre>
     *
     * @see <a href="https://arxiv.org/abs/1312.6114">Kingma and Welling 2014, Auto-encoding variational Bayes</a>
     */
    record StandardNormal() implements LatentPrior {}

    /**
     * A mixture of Gaussians with diagonal covariances, whose weights, means and variances are trained with the layer.
     *
     * <pre>
     * p(z) = Σ_k π_k N(m_k, diag s_k²)
     * </pre>
     *
     * <p>Initial means are standard normal samples, initial variances 1, initial weights equal.
     *
     * @param components K, at least 1
     * @see <a href="https://arxiv.org/abs/1611.05148">Jiang et al. 2017, Variational deep embedding</a>
     */
    record GaussianMixture(int components) implements LatentPrior {
        /**
         * Creates the prior.
         *
         * @param components K, at least 1
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
     * <p>The first layer of the network must be a {@link PseudoInputLayer} with K pseudo-inputs. It sends them through
     * the encoder together with the mini-batch, and the latent layer removes them.
     *
     * @param components K, at least 1
     * @see <a href="https://arxiv.org/abs/1705.07120">Tomczak and Welling 2018, VAE with a VampPrior</a>
     */
    record Vamp(int components) implements LatentPrior {
        /**
         * Creates the prior.
         *
         * @param components K, at least 1
         * @throws IllegalArgumentException if it is below 1
         */
        public Vamp {
            requireComponents("Vamp", components);
        }
    }

    private static void requireComponents(String prior, int components) {
        Require.atLeast(1, "LatentPrior." + prior, "components", components, "start with 50");
    }
}
