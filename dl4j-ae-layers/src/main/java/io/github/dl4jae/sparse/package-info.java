/**
 * Sparse codes, in which each example activates only a few units.
 *
 * <p><b>Top-k activation</b>: {@link io.github.dl4jae.sparse.ActivationTopK} and {@link
 * io.github.dl4jae.sparse.TopKLayer} keep the k largest pre-activations z and set the others to 0:
 *
 * <pre>
 * a_i = z_i if i ∈ top_k(z), else 0        ∂a_i/∂z_i = 1 if kept, else 0
 * </pre>
 *
 * <p>The number of active units, L0, is then exactly k. In sequences and images a {@link
 * io.github.dl4jae.sparse.SparsityAxis} says among which values k are kept.
 *
 * <p><b>Winner-take-all</b>: in a {@link io.github.dl4jae.sparse.WinnerTakeAllLayer} the positions of a feature map
 * compete, and for each unit the examples of a mini-batch.
 *
 * <p><b>Activity penalties</b>: {@link io.github.dl4jae.sparse.ActivityRegularizationLayer} adds a penalty P(a) on the
 * activations to the score:
 *
 * <pre>
 * score = reconstruction error + P(a)        ∂score/∂a = ε + ∂P/∂a
 * </pre>
 *
 * <p>ε is the gradient that the decoder backpropagates. {@link io.github.dl4jae.sparse.KerasActivityPenalties} adds the
 * penalties of an imported Keras model.
 *
 * <p>{@link io.github.dl4jae.sparse.SparsityReport} measures the result: L0, the activation frequency of each unit, and
 * the dead units.
 */
@NullMarked
package io.github.dl4jae.sparse;

import org.jspecify.annotations.NullMarked;
