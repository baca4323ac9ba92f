package io.github.dl4jae.dictionary;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Matching pursuit: k greedy steps, each of which explains as much of the residual as one atom can.
 *
 * <pre>
 * r_0 = x − b_dec
 * j_t = argmax_j ⟨r_{t−1}, d_j⟩        c_t = ⟨r_{t−1}, d_{j_t}⟩        r_t = r_{t−1} − c_t d_{j_t}
 * f_j = Σ_{t: j_t = j} c_t
 *
 * q_T = 0,  g = ∂L/∂x̂,  ∂c_t = ⟨g − q_t, d⟩,  ∂d_{j_t} += ∂c_t r_{t−1} + c_t (g − q_t),  q_{t−1} = q_t + ∂c_t d
 * </pre>
 *
 * <p>The decoder is the encoder: there is no W_enc and no bias. Decoder rows have length 1. A pursuit ends early where
 * no inner product is positive. The gradient is that of the unrolled steps, with the selection held constant.
 *
 * <p>It reconstructs better than the other encoders at the same L0, because later steps correct earlier ones, and finds
 * the true sources less reliably. Each step costs as much as the whole encoder of the others.
 *
 * @see <a href="https://arxiv.org/abs/2506.03093">Costa et al. 2025, From flat to hierarchical: Extracting sparse
 *     representations with matching pursuit</a>
 */
public final class MatchingPursuitEncoder extends CountEncoder {

    /**
     * Creates an encoder with a constant number of steps.
     *
     * @param k the number of steps, at least 1
     * @throws IllegalArgumentException if it is below 1
     */
    public MatchingPursuitEncoder(int k) {
        this(count("MatchingPursuitEncoder", k));
    }

    /**
     * Creates an encoder with a scheduled number of steps.
     *
     * @param k by iteration or epoch; values are rounded
     * @throws IllegalArgumentException if it is null
     */
    public MatchingPursuitEncoder(@JsonProperty("k") @Nullable ISchedule k) {
        super(k);
    }

    @Override
    boolean hasEncoderWeights() {
        return false;
    }

    @Override
    CodeRule rule(PassContext context) {
        throw new IllegalStateException("a pursuit has no rule for single units");
    }
}
