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
 * and at inference each selector copies the feature of its largest logit. {@link io.github.dl4jae.concrete.ConcreteSelectorLayer} is the layer, {@link
 * io.github.dl4jae.concrete.Selection} what it has chosen, {@link io.github.dl4jae.concrete.SelectionListener} watches it.
 *
 * @see <a href="https://proceedings.mlr.press/v97/balin19a.html">Balın, Abid and Zou 2019, Concrete autoencoders</a>
 */
package io.github.dl4jae.concrete;
