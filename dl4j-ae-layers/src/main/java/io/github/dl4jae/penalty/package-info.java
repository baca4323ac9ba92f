/**
 * Penalties on activations: what a network pays for a code that is not sparse, not small, or not used evenly.
 *
 * <p>With activations a of shape {@code [N, n]} (N positions that belong to B examples, n units, of which M positions
 * are unmasked) and ρ̂_j the mean of unit j over the unmasked positions:
 *
 * <pre>
 * L1Penalty                 λ/B · Σ |a_ij|
 * L2Penalty                 λ/B · Σ a_ij²
 * KLSparsityPenalty         λ · Σ_j KL(ρ‖ρ̂_j)
 * AbsoluteSparsityPenalty   λ · Σ_j |ρ − ρ̂_j|
 * SquaredSparsityPenalty    λ · Σ_j (ρ − ρ̂_j)²
 * </pre>
 *
 * The first two act on each activation: summed over units and positions, mean over examples, like a reconstruction
 * error. The others act on how often a unit is used: they are sums over units, and do not grow with the minibatch or
 * with the length of a sequence.
 *
 * <p>{@code ActivityRegularizationLayer} of the {@code sparse} package puts a penalty behind any layer of a network.
 * {@link io.github.dl4jae.penalty.ExampleCountPreProcessor} tells layers of a {@code ComputationGraph} how many examples
 * a mini-batch has.
 */
package io.github.dl4jae.penalty;
