/**
 * Penalties on activations: terms of the score that make codes sparse, small or evenly used.
 *
 * <p>Activations a have the shape {@code [N, n]}: N positions, which belong to B examples, and n units. M positions are
 * unmasked, and ρ̂_j is the mean of unit j over them.
 *
 * <pre>
 * L1Penalty                 λ/B · Σ |a_ij|
 * L2Penalty                 λ/B · Σ a_ij²
 * KLSparsityPenalty         λ · Σ_j KL(ρ‖ρ̂_j)
 * AbsoluteSparsityPenalty   λ · Σ_j |ρ − ρ̂_j|
 * SquaredSparsityPenalty    λ · Σ_j (ρ − ρ̂_j)²
 * </pre>
 *
 * <p>The first two penalize each activation. They are summed over units and positions and averaged over examples, like
 * a reconstruction error. The others penalize the mean activation of each unit. They are sums over units, and do not
 * grow with the mini-batch or with the length of a sequence.
 *
 * <p>{@code ActivityRegularizationLayer} of the {@code sparse} package adds a penalty after any layer of a network.
 * {@link io.github.dl4jae.penalty.ExampleCountPreProcessor} gives layers of a {@code ComputationGraph} the number of
 * examples in a mini-batch.
 */
@NullMarked
package io.github.dl4jae.penalty;

import org.jspecify.annotations.NullMarked;
