/**
 * Convolutional layers, and the layers between them, with the numbers and parameters of Deeplearning4j's, several times
 * as fast on the CPU.
 *
 * <pre>
 * convolution              z = P(x)·W + b        ∂x = Pᵀ(δ·Wᵀ)    ∂W = P(x)ᵀ·δ
 * transposed convolution   z = Pᵀ(x·Wᵀ) + b      ∂x = P(δ)·W      ∂W = P(δ)ᵀ·x
 * </pre>
 *
 * P(x) has a row for each output pixel: the patch of the input that the kernel covers. The two kinds of layer share the
 * same three products. A sequence is an image of width 1.
 *
 * <p>All layers keep images and sequences with channels last in memory, and return permuted views of them. Pooling,
 * upsampling, batch normalization and activations therefore need no copy between convolutions.
 *
 * <p>{@link io.github.dl4jae.dense.FastLayers} converts configurations and trained networks.
 */
@NullMarked
package io.github.dl4jae.convolutional;

import org.jspecify.annotations.NullMarked;
