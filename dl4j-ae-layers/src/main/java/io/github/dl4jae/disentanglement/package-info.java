/**
 * Disentanglement scores: how well single latents of a code match the known factors of the examples.
 *
 * <pre>
 * MutualInformationGap              1/K Σ_k (I(z_j1; v_k) − I(z_j2; v_k))/H(v_k)
 * SeparatedAttributePredictability  1/K Σ_k S_j1,k − S_j2,k                       S: prediction from one latent
 * Dci                               entropies of the importance matrix R_jk, and R²
 * FactorVaeScore                    accuracy of argmin_j Var(z_j | v_k fixed)/Var(z_j) ↦ k
 * BetaVaeScore                      accuracy of a linear map from mean |z_1 − z_2| to k
 * </pre>
 *
 * <p>The scores measure different properties and rank models differently, so report several. All take codes and {@link
 * io.github.dl4jae.disentanglement.Factors}. {@code Sprites} in the package {@code data} generates examples with
 * factors.
 *
 * @see <a href="https://arxiv.org/abs/1811.12359">Locatello et al. 2019, Challenging common assumptions in the
 *     unsupervised learning of disentangled representations</a>
 */
@NullMarked
package io.github.dl4jae.disentanglement;

import org.jspecify.annotations.NullMarked;
