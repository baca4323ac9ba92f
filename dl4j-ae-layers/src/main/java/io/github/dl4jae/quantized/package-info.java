/**
 * Discrete codes: vector quantization, residual and finite scalar quantization, and binary codes, with a prior over
 * their indices.
 *
 * <p>An encoder gives a vector z at each position: an example, a time step or a pixel of a feature map. A quantizer
 * replaces it by one of finitely many vectors, and the decoder sees nothing else. The indices of these vectors are the
 * code.
 *
 * <pre>
 * vector quantization     i = argmin_k ‖z − e_k‖        q = e_i        codebook e of K vectors
 * residual                z_1 = z,  z_{s+1} = z_s − q_s,  q = Σ_s q_s        a codebook for each of S stages
 * finite scalar           q_j = round(b_j(z_j)) / ⌊L_j/2⌋        L_j levels of each feature
 * binary                  q_j ∈ {0, 1}, with probability σ(z_j)
 * </pre>
 *
 * <p><b>Gradient.</b> A step function has the derivative 0. The straight-through gradient passes ∂L/∂q on to z as if
 * the quantizer were the identity, or the smooth function before the rounding. {@link
 * io.github.dl4jae.layer.StraightThrough} says exactly which function each layer differentiates.
 *
 * <p><b>Codebook.</b> Vectors of a codebook follow the encoder by moving averages, not by a gradient. With n_k and m_k,
 * the number and the sum of the vectors of a mini-batch that have index k:
 *
 * <pre>
 * N_k ← γ N_k + (1 − γ) n_k        M_k ← γ M_k + (1 − γ) m_k        e_k = M_k / N̂_k
 * N̂_k = (N_k + ε) / (N + K ε) · N        N = Σ_k N_k,  ε = 1e-5: Laplace smoothing
 * </pre>
 *
 * The encoder must not run away from the codebook, so the score contains the commitment
 *
 * <pre>
 * score += β · 1/B Σ ‖z − q‖²        ∂/∂z = 2β (z − q)        a sum over positions and stages
 * </pre>
 *
 * <p><b>Dead codes.</b> A code that is never nearest never moves. Codebooks therefore start at the k-means of the first
 * mini-batch, and codes that are rarely used move to random vectors of the mini-batch. Usage is the share of codes that
 * an epoch uses. Perplexity is exp of the entropy of the indices: the number of codes if all are equally frequent.
 *
 * <p><b>Prior.</b> Codes are sequences of integers, and an autoregressive network learns their distribution:
 *
 * <pre>
 * ln p(i) = Σ_t ln p(i_t | i_1 … i_{t−1})        sampled one by one, then decoded
 * </pre>
 *
 * @see <a href="https://arxiv.org/abs/1711.00937">van den Oord et al. 2017, Neural discrete representation learning</a>
 * @see <a href="https://arxiv.org/abs/2107.03312">Zeghidour et al. 2021, SoundStream: residual quantization, k-means
 *     start and expiry</a>
 * @see <a href="https://arxiv.org/abs/2309.15505">Mentzer et al. 2023, Finite scalar quantization</a>
 * @see <a href="https://arxiv.org/abs/1308.3432">Bengio et al. 2013, Estimating gradients through stochastic
 *     neurons</a>
 * @see <a href="https://arxiv.org/abs/1611.00712">Maddison et al. 2017, The concrete distribution</a>
 */
@NullMarked
package io.github.dl4jae.quantized;

import org.jspecify.annotations.NullMarked;
