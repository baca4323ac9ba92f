/**
 * Lossy image compression by an autoencoder whose codes are integers under a learned prior.
 *
 * <p>An encoder maps an image x to a code y, which is rounded to integers ŷ and written with an entropy coder. A
 * decoder maps ŷ back to an image. Training minimizes the expected length of the code and the distortion together:
 *
 * <pre>
 * min  D(x, decode(ŷ)) + w · R        R = −Σ_i log₂ p(ŷ_i) bits per image
 * </pre>
 *
 * The literature writes λD + R; here w = 1/λ multiplies the rate. Each w gives one point of the rate–distortion curve.
 *
 * <p><b>Quantization.</b> Rounding has no useful derivative. Training replaces it by noise that is uniform in [−½, ½]
 * (Ballé), or rounds and lets the gradient pass (Theis):
 *
 * <pre>
 * noise              ỹ = y + u,  u ~ U(−½, ½)         ∂ỹ/∂y = 1
 * straight-through   ỹ = round(y)                     ∂ỹ/∂y := 1        a declared surrogate
 * </pre>
 *
 * <p><b>Factorized prior.</b> Each channel c has a cumulative distribution, the logistic function of a small monotone
 * network f_c from one number to one number. Its density, convolved with the noise, gives the probability of a code:
 *
 * <pre>
 * p_c(ỹ) = σ(f_c(ỹ + ½)) − σ(f_c(ỹ − ½))
 * f = g_5 ∘ g_4 ∘ … ∘ g_1        g_k(h) = z + tanh(a_k) ⊙ tanh(z),  z = softplus(H_k)·h + b_k        g_5(h) = z
 * units: 1 → 3 → 3 → 3 → 3 → 1
 * </pre>
 *
 * At an integer ŷ, p is the probability that the noisy relaxation assigns to it, so that R is both the objective of
 * training and the length of the stream. p has a floor of 10⁻⁹, where its gradient is that of p without the floor: a
 * declared surrogate too, which lets a code return from the tail.
 *
 * <p>{@link io.github.dl4jae.compression.FactorizedPriorLayer} is the layer between encoder and decoder, and {@link
 * io.github.dl4jae.compression.FactorizedPrior} the prior of a trained network.
 *
 * @see <a href="https://openreview.net/forum?id=rJxdQ3jeg">Ballé, Laparra and Simoncelli 2017, End-to-end optimized
 *     image compression</a>
 * @see <a href="https://openreview.net/forum?id=rJiNwv9gg">Theis, Shi, Cunningham and Huszár 2017, Lossy image
 *     compression with compressive autoencoders</a>
 * @see <a href="https://openreview.net/forum?id=rkcQFMZRb">Ballé et al. 2018, for the factorized prior (appendix
 *     6.1)</a>
 */
@NullMarked
package io.github.dl4jae.compression;

import org.jspecify.annotations.NullMarked;
