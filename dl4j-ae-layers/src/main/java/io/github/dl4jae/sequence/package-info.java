/**
 * Autoencoders of variable-length sequences, and translation of sequences into sequences.
 *
 * <pre>
 * encoder      h_t = cell(x_t, h_{t−1}), in one or both directions, stacked
 * code         z = W·pool(h_1 … h_L) + b                        pool: last state, mean, or attention
 *              z ~ N(μ, diag σ²)                                variational
 * decoder      s_t = cell([y_{t−1}, z], s_{t−1})                conditioned: y_{t−1} is the previous step
 *              s_t = cell(z, s_{t−1})                           unconditioned
 * likelihood   ln p(x|z) = Σ_{t ≤ L} ln p(x_t | s_t)            padding is no part of it
 * </pre>
 *
 * <p>In training a conditioned decoder reads the true previous step (teacher forcing). With scheduled sampling it reads
 * its own sample instead with probability 1 − ε(i) in iteration i, as it will at inference. Samples are drawn step by
 * step, and no gradient passes through them.
 *
 * <p>At inference sequences of equal length are processed together, without their padding, in mini-batches of one size.
 * A result is therefore the same, bit for bit, for any padding and any other sequences beside it.
 *
 * @see <a href="https://arxiv.org/abs/1406.1078">Cho et al. 2014, for a code that every step of the decoder reads</a>
 * @see <a href="https://arxiv.org/abs/1502.04681">Srivastava et al. 2015, for conditioned and unconditioned decoders</a>
 * @see <a href="https://arxiv.org/abs/1506.03099">Bengio et al. 2015, Scheduled sampling</a>
 * @see <a href="https://arxiv.org/abs/1511.06349">Bowman et al. 2016, for the variational model</a>
 */
@NullMarked
package io.github.dl4jae.sequence;

import org.jspecify.annotations.NullMarked;
