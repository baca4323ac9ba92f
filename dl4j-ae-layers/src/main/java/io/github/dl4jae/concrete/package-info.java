/**
 * Feature selection by a network: the concrete autoencoder.
 *
 * <p>k selectors choose among d features. A choice has no derivative; the concrete (or Gumbel-softmax) distribution relaxes it. With Gumbel noise g, argmax_j (ℓ_j + g_j) is a sample of the
 * categorical distribution softmax(ℓ); the softmax in its place,
 *
 * <pre>
 * S_j = exp((ℓ_j + g_j)/T) / Σ_i exp((ℓ_i + g_i)/T)        g = −ln(−ln u),  u ~ U(0, 1)
 * </pre>
 *
 * is smooth in ℓ, and tends to that sample as the temperature T goes to 0. A decoder learns to reconstruct all features, or whatever it is for, from y = x·S; T is annealed, geometrically:
 *
 * <pre>
 * T(t) = T_0 (T_B / T_0)^(t/B)        from T_0 = 10 to T_B = 0.1 or 0.01
 * </pre>
 *
 * The derivative with respect to a logit has the factor S_j, which keeps down whatever is not passed on yet. The natural gradient (Amari 1998) measures steps by the Kullback–Leibler divergence of the distributions
 * instead of by logits: the Fisher information of a categorical distribution is diag(S) − SSᵀ, the derivative (diag(S) − SSᵀ)G/T, and so the direction is G up to a constant and a factor:
 *
 * <pre>
 * ∂ℓ_j = S_j (G_j − Σ_i S_i G_i) / T        natural: ∂̃ℓ_j = G_j − Σ_i S_i G_i        G = ∂L/∂S
 * </pre>
 *
 * At inference each selector copies the feature of its largest logit. {@link io.github.dl4jae.concrete.ConcreteSelectorLayer} is the layer, {@link
 * io.github.dl4jae.concrete.SelectorState} what it has chosen, {@link io.github.dl4jae.concrete.SelectionListener} watches it.
 *
 * @see <a href="https://proceedings.mlr.press/v97/balin19a.html">Balın, Abid and Zou 2019, Concrete autoencoders</a>
 */
package io.github.dl4jae.concrete;
