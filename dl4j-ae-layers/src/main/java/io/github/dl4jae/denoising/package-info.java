/**
 * Denoising autoencoders: networks that reconstruct the clean example x from a corrupted copy x̃.
 *
 * <pre>
 * minimize E_x E_x̃|x L(x, r(x̃))
 *
 * Gaussian          x̃ = x + σε
 * masking           x̃_i = 0 with probability ν, the others not rescaled
 * salt and pepper   x̃_i = smallest or largest value with probability ν/2 each
 * </pre>
 *
 * <p>Corruptions implement {@code IDropout}, so every Deeplearning4j layer accepts them. They act in training only. The
 * target stays clean, because it is the label.
 *
 * <p>With Gaussian noise and squared error, the optimal r is the posterior mean, and its residual is proportional to
 * the score of the noised density (Tweedie's formula; Vincent 2011):
 *
 * <pre>
 * r(x̃) = E[x | x̃]        (r(x̃) − x̃)/σ² = ∇ ln (p ∗ N(0, σ²I))(x̃)
 * </pre>
 *
 * <p>This holds at every point x̃ and for every σ. As σ → 0 it becomes r(x) − x ≈ σ²·∇ ln p(x) at a point x of the
 * clean density (Alain and Bengio 2014). Example: for p = N(0, s²) the score of the noised density is −x̃/(s² + σ²),
 * which tends to −x̃/s². {@link io.github.dl4jae.denoising.DenoisingScore} computes the score, {@link
 * io.github.dl4jae.denoising.LangevinSampler} samples with it.
 */
@NullMarked
package io.github.dl4jae.denoising;

import org.jspecify.annotations.NullMarked;
