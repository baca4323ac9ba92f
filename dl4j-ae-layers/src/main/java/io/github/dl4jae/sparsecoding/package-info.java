/**
 * Predictive sparse decomposition: sparse coding with an encoder that foretells the codes.
 *
 * <pre>
 * sparse coding       z* = argmin_z ‖x − z·D‖² + λ‖z‖₁                                        slow, for each example
 * and a predictor     z* = argmin_z ‖x − z·D‖² + λ‖z‖₁ + α‖z − h(x)‖²,   h(x) = g ⊙ tanh(x·W + b)
 * </pre>
 *
 * Training alternates between codes ({@link io.github.dl4jae.sparsecoding.SparseInference}) and parameters ({@link io.github.dl4jae.sparsecoding.PredictiveSparseLayer}); after
 * that the encoder alone gives approximate codes at the price of a dense layer.
 */
package io.github.dl4jae.sparsecoding;
