/**
 * A test kit for Deeplearning4j layers, activations and penalties: ours, stock ones, and yours.
 *
 * <pre>{@code
 * LayerContract.verify(new MyLayer.Builder().nOut(4).build());
 * }</pre>
 *
 * <p>{@link io.github.dl4jae.testing.LayerContract} puts a layer between stock layers in small float64 networks and checks
 * all that a network relies on. Gradients are compared with central differences,
 *
 * <pre>
 * ∂score/∂w ≈ (score(w + ε) − score(w − ε)) / 2ε        ε = 1e-6
 * </pre>
 *
 * by Deeplearning4j's own {@code GradientCheckUtil}. What fails is reported by clause, with the numbers. No assertion
 * library is needed: failures are {@code AssertionError}s. Works with any test framework.
 */
package io.github.dl4jae.testing;
