/**
 * Updaters that Deeplearning4j has, faster.
 *
 * <pre>
 * FastAdam    m ← β₁m + (1 − β₁)g,   v ← β₂v + (1 − β₂)g²,   Δ = η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε)
 * </pre>
 */
package io.github.dl4jae.updater;
