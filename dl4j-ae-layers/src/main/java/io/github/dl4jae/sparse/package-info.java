/**
 * Sparse codes: only a few units of the code are active for any one example.
 *
 * <p>Two ways lead there. <b>By construction</b>: {@link io.github.dl4jae.sparse.ActivationTopK} and {@link
 * io.github.dl4jae.sparse.TopKLayer} keep the k largest of the pre-activations z and zero the others,
 *
 * <pre>
 * a_i = z_i if i ∈ top_k(z), else 0        ∂a_i/∂z_i = 1 if kept, else 0
 * </pre>
 *
 * so the number of active units, L0, is k exactly. <b>By persuasion</b>: {@link
 * io.github.dl4jae.sparse.ActivityRegularizationLayer} adds a penalty P(a) on the activations to the score,
 *
 * <pre>
 * score = reconstruction error + P(a)        ∂score/∂a = ε + ∂P/∂a
 * </pre>
 *
 * where ε is what comes back from the decoder. {@link io.github.dl4jae.sparse.SparsityReport} measures what came out: L0,
 * how often each unit is active, and which never are.
 */
package io.github.dl4jae.sparse;
