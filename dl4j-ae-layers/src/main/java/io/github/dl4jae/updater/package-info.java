/**
 * Updaters: a faster Adam, and an Adam-mini, which Deeplearning4j does not have.
 *
 * <pre>
 * FastAdam    m ← β₁m + (1 − β₁)g,   v ← β₂v + (1 − β₂)g²,   Δ = η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε)
 * AdamMini    the same with one v per block of parameters, the mean of the block's g²
 * </pre>
 */
@NullMarked
package io.github.dl4jae.updater;

import org.jspecify.annotations.NullMarked;
