/**
 * A test kit for Deeplearning4j layers, activations and penalties: of this library, of Deeplearning4j and your own.
 *
 * <pre>{@code
 * LayerContract.verify(new MyLayer.Builder().nOut(4).build());
 * }</pre>
 *
 * <p>{@link io.github.dl4jae.testing.LayerContract} puts a layer between stock layers in small float64 networks and
 * checks every property that a network requires. Gradients are compared with central differences,
 *
 * <pre>
 * ∂score/∂w ≈ (score(w + ε) − score(w − ε)) / 2ε        ε = 1e-6
 * </pre>
 *
 * by Deeplearning4j's own {@code GradientCheckUtil}. Failures are reported by clause, with the numbers, as {@code
 * AssertionError}s. The kit works with any test framework and needs no assertion library.
 */
package io.github.dl4jae.testing;
