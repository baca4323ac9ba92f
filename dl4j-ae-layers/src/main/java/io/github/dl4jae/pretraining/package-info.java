/**
 * Greedy layerwise pretraining: layers are trained one at a time, each to reconstruct the output of the layers below.
 *
 * <pre>
 * x_0 = x,   x_l = act(x_{l−1}·W_l + b_l),   x̂_{l−1} = act_v(x_l·W_lᵀ + vb_l)
 * for l = 1, 2, …:   W_l, b_l, vb_l = argmin E L(x_{l−1}, x̂_{l−1}) + …
 * </pre>
 *
 * Such layers are {@link io.github.dl4jae.pretraining.TiedAutoencoderLayer} (denoising, contractive or sparse) and
 * {@link io.github.dl4jae.pretraining.RestrictedBoltzmannLayer}.
 * {@link io.github.dl4jae.pretraining.GreedyLayerwisePretrainer} trains them, and
 * {@link io.github.dl4jae.pretraining.PretrainedStack} converts them to a deep autoencoder or a classifier, to be
 * fine-tuned as a whole.
 *
 * <p>A Boltzmann machine has the density
 *
 * <pre>
 * p(v) = e^−F(v) / Z      F(v) = −vb·v − Σ_j ln(1 + e^{z_j}),  z = v·W + b        (binary units)
 * ∂(−ln p)/∂θ = ∂F(v)/∂θ − E_p[∂F/∂θ]
 * </pre>
 *
 * Contrastive divergence estimates the second term of the gradient by a short Markov chain.
 */
@NullMarked
package io.github.dl4jae.pretraining;

import org.jspecify.annotations.NullMarked;
