/**
 * Predictive sparse decomposition: sparse coding with an encoder that predicts the codes.
 *
 * <pre>
 * sparse coding       z* = argmin_z ‖x − z·D‖² + λ‖z‖₁                          slow, for each example
 * with a predictor    z* = argmin_z ‖x − z·D‖² + λ‖z‖₁ + α‖z − h(x)‖²,   h(x) = g ⊙ tanh(x·W + b)
 * </pre>
 *
 * Training alternates between codes ({@link io.github.dl4jae.sparsecoding.SparseInference}) and parameters
 * ({@link io.github.dl4jae.sparsecoding.PredictiveSparseLayer}). After training, the encoder alone gives approximate
 * codes at the cost of a dense layer.
 */
@NullMarked
package io.github.dl4jae.sparsecoding;

import org.jspecify.annotations.NullMarked;
