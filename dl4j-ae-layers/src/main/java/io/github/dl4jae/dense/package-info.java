/**
 * Dense layers without Deeplearning4j's overhead: drop-in for its {@code DenseLayer} and {@code OutputLayer}.
 *
 * <pre>
 * z = x·W + b        a = act(z)                              [B,n]·[n,m] → [B,m]
 * δ = ε ⊙ act′(z)    ∂W = xᵀ·δ   ∂b = Σ_rows δ   ε⁻ = δ·Wᵀ
 * </pre>
 *
 * The mathematics, the parameters and their order in memory are those of the stock layers, so weights and checkpoints move both
 * ways. What differs is the work done for it:
 *
 * <ul>
 *   <li>Products take the path on which BLAS works on the memory as it is ({@link io.github.dl4jae.internal.kernel.Products}).
 *   <li>Nothing is computed twice: backprop uses what the forward pass kept, and the loss is evaluated once per step,
 *       value and gradient together. The stock layers run the product again in backprop, and the output layer a third time for
 *       the score.
 *   <li>Bias, activation, its derivative and the bias gradient are one pass over each row, for identity, ReLU, sigmoid and tanh in
 *       float32 on the CPU.
 *   <li>Where hardly any input or gradient differs from zero, as around a top-k activation, only those are multiplied.
 * </ul>
 *
 * {@link io.github.dl4jae.dense.FastLayers} converts configurations and trained networks.
 */
package io.github.dl4jae.dense;
