/**
 * Contractive autoencoders: codes that change little when the input does.
 *
 * <pre>
 * minimize L(x, x̂) + λ · ‖J(x)‖_F²,  J = ∂h/∂x
 *
 * one layer       J = diag(act′(z))·Wᵀ,   ‖J‖_F² = Σ_j act′(z_j)² ‖W_:j‖²                         exact
 * any encoder     ‖J‖_F² = E_v ‖J·v‖² ≈ ‖h(x + σv) − h(x)‖²/σ²,   v ~ N(0, I)                      estimated
 * CAE+H           + γ · E_ε ‖J(x) − J(x + ε)‖_F²
 * </pre>
 *
 * The reconstruction term keeps the directions in which examples differ, the penalty suppresses the others. The
 * remaining Jacobian at an example spans the tangent space of the data manifold.
 */
@NullMarked
package io.github.dl4jae.contractive;

import org.jspecify.annotations.NullMarked;
