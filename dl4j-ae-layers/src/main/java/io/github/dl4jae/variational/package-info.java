/**
 * Variational autoencoders: a code with a prior, and a bound on the likelihood to train by.
 *
 * <pre>
 * q(z|x) = N(μ(x), diag σ²(x))     z = μ + σ ⊙ ε, ε ~ N(0, I)     p(x|z): the negative of the output layer's loss
 *
 * ln p(x) ≥ E_q[ln p(x|z)] − KL(q(z|x)‖p(z))                                    evidence lower bound
 *         ≥ with K samples: E[ln 1/K Σ_k p(x|z_k) p(z_k)/q(z_k|x)]              importance-weighted bound, larger with K
 * </pre>
 *
 * <p>What is minimized, per example and averaged over a minibatch:
 *
 * <pre>
 * ELBO      loss + KL                                        GaussianLatentLayer
 * β-VAE     loss + β·KL                                      .beta(β), or a schedule that warms it up
 * free bits loss + β·Σ_j max(λ, KL_j)                        .freeBits(λ)
 * β-TC      loss + KL + (β − 1)·TC                           .regularizer(new TotalCorrelation(β, N))
 * InfoVAE   loss + (1 − α)·KL + (α + λ − 1)·MMD²             .beta(1 − α).regularizer(new MaximumMeanDiscrepancy(α + λ − 1))
 * DIP-VAE   loss + KL + λ_od Σ_{i≠j} C_ij² + λ_d Σ_i (C_ii − 1)²   .regularizer(new DisentangledInferredPrior(…))
 * IWAE      −ln 1/K Σ_k w_k                                  .importanceSamples(K) and a MultiSampleLossLayer
 * </pre>
 *
 * <p>Priors ({@link io.github.dl4jae.variational.LatentPrior}): standard normal, with KL in closed form; a learned mixture of Gaussians; the VampPrior, a mixture of the posteriors of
 * learned pseudo-inputs ({@link io.github.dl4jae.variational.PseudoInputLayer}). With a mixture KL is estimated at the sample.
 *
 * <p>All in nats, summed over features and latents, averaged over examples. {@link io.github.dl4jae.variational.LatentListener} watches what each latent carries, and warns of
 * losses that do not go with these terms.
 */
package io.github.dl4jae.variational;
