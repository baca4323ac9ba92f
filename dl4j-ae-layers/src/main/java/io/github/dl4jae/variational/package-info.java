/**
 * Variational autoencoders: an encoder with a Gaussian posterior, a prior on the code, and a bound on the likelihood.
 *
 * <pre>
 * q(z|x) = N(μ(x), diag σ²(x))     z = μ + σ ⊙ ε, ε ~ N(0, I)     −ln p(x|z): the loss of the output layer
 *
 * ln p(x) ≥ E[ln 1/K Σ_k p(x|z_k) p(z_k)/q(z_k|x)]         importance-weighted bound, tighter with larger K
 *         ≥ E_q[ln p(x|z)] − KL(q(z|x)‖p(z))               evidence lower bound (ELBO), the case K = 1
 * </pre>
 *
 * <p>Training minimizes the mean over the mini-batch of one of these objectives:
 *
 * <pre>
 * ELBO      loss + KL                                GaussianLatentLayer
 * β-VAE     loss + β·KL                              .beta(β), or a schedule for a warm-up
 * free bits loss + β·Σ_j max(λ, KL_j)                .freeBits(λ), KL_j being the mean over the mini-batch
 * β-TC      loss + KL + (β − 1)·TC                   .regularizer(new TotalCorrelation(β, N))
 * InfoVAE   loss + (1 − α)·KL + (α + λ − 1)·MMD²     .beta(1 − α)
 *                                                    .regularizer(new MaximumMeanDiscrepancy(α + λ − 1))
 * DIP-VAE   loss + KL + λ_od Σ_{i≠j} C_ij² + λ_d Σ_i (C_ii − 1)²
 *                                                    .regularizer(new DisentangledInferredPrior(λ_od, λ_d, …))
 * IWAE      −ln 1/K Σ_k w_k                          .importanceSamples(K) and a MultiSampleLossLayer
 * </pre>
 *
 * <p>The KL divergence has a closed form for the standard normal prior. For a mixture prior ({@link
 * io.github.dl4jae.variational.LatentPrior}) the layer estimates it with the sample:
 *
 * <pre>
 * KL(q‖p) = ½ Σ_j (μ_j² + σ_j² − 1 − ln σ_j²)        p(z) = N(0, I)
 * KL(q‖p) ≈ ln q(z|x) − ln p(z)                      other priors, z ~ q(z|x)
 * </pre>
 *
 * <p>All figures are in nats, summed over features and latents, averaged over examples. {@link
 * io.github.dl4jae.variational.LatentListener} reports the KL divergence per latent dimension during training.
 */
@NullMarked
package io.github.dl4jae.variational;

import org.jspecify.annotations.NullMarked;
