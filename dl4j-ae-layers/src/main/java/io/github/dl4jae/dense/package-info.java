/**
 * Dense and output layers equivalent to Deeplearning4j's {@code DenseLayer} and {@code OutputLayer}, but several times
 * as fast.
 *
 * <pre>
 * z = x·W + b        a = act(z)                              [B,n]·[n,m] → [B,m]
 * δ = ε ⊙ act′(z)    ∂W = xᵀ·δ   ∂b = Σ_rows δ   ∂x = δ·Wᵀ
 * </pre>
 *
 * The mathematics, the parameters and their order in memory are those of the stock layers, so weights and checkpoints
 * move both ways. The layers differ in the work they do:
 *
 * <ul>
 *   <li>Products take the path on which BLAS works on the memory without a copy.
 *   <li>Nothing is computed twice. Backprop uses arrays that the forward pass kept, and the loss is evaluated once per
 *       step, value and gradient together. The stock layers repeat the product in backprop, and the stock output layer
 *       computes it a third time for the score.
 *   <li>Bias, activation, derivative and bias gradient take one pass over each row. This holds for identity, ReLU,
 *       sigmoid and tanh in float32 on the CPU.
 *   <li>Where few inputs or gradients differ from zero, as around a top-k activation, only those are multiplied.
 * </ul>
 *
 * <p>{@link io.github.dl4jae.dense.FastLayers} converts configurations and trained networks to fast layers and back.
 * {@link io.github.dl4jae.dense.TransposedDenseLayer} ties the weights of a decoder to those of its encoder.
 */
@NullMarked
package io.github.dl4jae.dense;

import org.jspecify.annotations.NullMarked;
