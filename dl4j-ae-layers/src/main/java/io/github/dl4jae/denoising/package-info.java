/**
 * Denoising: an autoencoder that sees corrupted examples and is to give back the clean ones.
 *
 * <pre>
 * minimize E_x E_x̃|x L(x, r(x̃))
 *
 * Gaussian          x̃ = x + σε
 * masking           x̃_i = 0 with probability ν, the others not rescaled
 * salt and pepper   x̃_i = smallest or largest value with probability ν/2 each
 * </pre>
 *
 * Corruptions are {@code IDropout}s: they go wherever Deeplearning4j takes one, act in training only, and the target, which is the label, stays clean.
 * What such a network learns is the direction from an example to likelier ones: with Gaussian noise and squared error,
 *
 * <pre>
 * r(x) = E[x | x̃]   and   (r(x̃) − x̃)/σ² = ∇ ln (p ∗ N(0, σ²I))(x̃)
 * </pre>
 *
 * by the formula of Tweedie, as Vincent 2011 and Alain and Bengio 2014 found: {@link io.github.dl4jae.denoising.DenoisingScore}, and
 * {@link io.github.dl4jae.denoising.LangevinSampler} to draw from it. For N(0, s²) it is −x̃/(s² + σ²).
 */
package io.github.dl4jae.denoising;
