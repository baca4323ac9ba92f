/**
 * Feature selection by a network: the concrete autoencoder.
 *
 * <p>k selectors choose among d features. A choice has no derivative, so the concrete (Gumbel-softmax) distribution
 * relaxes it. With Gumbel noise g, argmax_j (ℓ_j + g_j) is a sample of the categorical distribution softmax(ℓ). The
 * relaxation replaces the argmax by a softmax:
 *
 * <pre>
 * S_j = exp((ℓ_j + g_j)/T) / Σ_i exp((ℓ_i + g_i)/T)        g = −ln(−ln u),  u ~ U(0, 1)
 * </pre>
 *
 * S is smooth in ℓ and tends to that sample as the temperature T goes to 0. A decoder reconstructs all features, or
 * solves another task, from y = x·S. At inference each selector copies the feature of its largest logit.
 *
 * <p><b>Temperature.</b> T falls geometrically during training, from T_0 = 10 to T_B = 0.1 or 0.01:
 *
 * <pre>
 * T(t) = T_0 (T_B / T_0)^(t/B)
 * </pre>
 *
 * <p><b>Gradient.</b> The derivative with respect to a logit has the factor S_j. Features with a low probability
 * therefore cannot gain, and Adam, which scales each logit separately, raises weak and strong features equally fast.
 * The natural gradient (Amari 1998) is steepest descent in the space of distributions, measured by the KL divergence.
 * The Fisher information of a categorical distribution is diag(S) − SSᵀ and the derivative is (diag(S) − SSᵀ)G/T. The
 * direction is therefore G, up to a constant and a factor:
 *
 * <pre>
 * ∂ℓ_j = S_j (G_j − Σ_i S_i G_i) / T        natural: ∂̃ℓ_j = G_j − Σ_i S_i G_i        G = ∂L/∂S
 * </pre>
 *
 * The natural gradient has no factor S_j. Use it with {@link io.github.dl4jae.updater.AdamMini}, whose one scale per
 * selector preserves the ratio between features. The pair finds far better features where there are thousands of them,
 * or where the decoder has hidden units, and about equally good ones otherwise. Selectors stay undecided between
 * equally useful features. Freeze them at the end and train the decoder a little longer.
 *
 * <p><b>Learning rate.</b> To settle on one of d features, a logit must rise by ln d + 6 above the others. Adam moves
 * it by at most the learning rate per step. Give the selector an updater of its own with a rate of 10 to 30 · ln d /
 * steps, some ten to fifty times the rate of the decoder. The same rates suit {@code AdamMini}. Weight decay pulls
 * logits back toward no choice, so set it on the layers of the decoder and not on the network.
 *
 * <p><b>Duplicates.</b> Two selectors can pick the same feature. A penalty makes duplicates expensive (Strypsteen and
 * Bertrand 2021):
 *
 * <pre>
 * score += λ Σ_j max(0, Σ_m p_jm − τ)        p = softmax(ℓ)
 * </pre>
 *
 * With the natural gradient, the gradient of the penalty is the natural one for p. Tune λ anew when you switch.
 *
 * <p>{@link io.github.dl4jae.concrete.ConcreteSelectorLayer} is the layer, {@link
 * io.github.dl4jae.concrete.SelectorState} a snapshot of its selection, and {@link
 * io.github.dl4jae.concrete.SelectionListener} reports the selection during training.
 *
 * @see <a href="https://proceedings.mlr.press/v97/balin19a.html">Balın, Abid and Zou 2019, Concrete autoencoders</a>
 * @see <a href="https://arxiv.org/abs/1611.00712">Maddison, Mnih and Teh 2017, The concrete distribution</a>
 * @see <a href="https://doi.org/10.1162/089976698300017746">Amari 1998, Natural gradient works efficiently
 *     in learning</a>
 * @see <a href="https://arxiv.org/abs/2102.09050">Strypsteen and Bertrand 2021, for the penalty</a>
 */
@NullMarked
package io.github.dl4jae.concrete;

import org.jspecify.annotations.NullMarked;
