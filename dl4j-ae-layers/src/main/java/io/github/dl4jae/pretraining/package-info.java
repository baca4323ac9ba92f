/**
 * Training layers one at a time, each to reconstruct what those below make of the examples.
 *
 * <pre>
 * x_0 = x,   x_l = act(x_{l−1}·W_l + b_l),   x̂_{l−1} = act_v(x_l·W_lᵀ + vb_l)
 * for l = 1, 2, …:   W_l, b_l, vb_l = argmin E L(x_{l−1}, x̂_{l−1}) + …
 * </pre>
 *
 * A layer that can be trained so is a {@link io.github.dl4jae.pretraining.TiedAutoencoderLayer}, which may be denoising, contractive or sparse, or a
 * {@link io.github.dl4jae.pretraining.RestrictedBoltzmannLayer}. {@link io.github.dl4jae.pretraining.GreedyLayerwisePretrainer} does it, and makes a deep
 * autoencoder or a classifier of the stack, to be fine-tuned as a whole.
 *
 * <p>A Boltzmann machine has the density
 *
 * <pre>
 * p(v) = e^−F(v) / Z      F(v) = −vb·v − Σ_j ln(1 + e^{z_j}),  z = v·W + b        (binary units)
 * ∂(−ln p)/∂θ = ∂F(v)/∂θ − E_p[∂F/∂θ]
 * </pre>
 *
 * whose second term contrastive divergence estimates by a short Markov chain.
 */
package io.github.dl4jae.pretraining;
