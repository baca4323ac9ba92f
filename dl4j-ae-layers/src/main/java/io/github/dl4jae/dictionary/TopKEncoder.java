package io.github.dl4jae.dictionary;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The k largest pre-activations of each example.
 *
 * <pre>
 * f = relu(top_k(z))        ∂L/∂z_j = ∂L/∂f_j where f_j &gt; 0
 * </pre>
 *
 * <p>L0 is at most k, without a weight to tune and without shrinkage. Every example gets the same number of units,
 * simple or not: {@link BatchTopKEncoder} spends them where they help most. Units that are never among the k largest
 * die: see {@link AuxiliaryLoss}, or decrease k over the first steps by a schedule.
 *
 * @see <a href="https://arxiv.org/abs/2406.04093">Gao et al. 2024, Scaling and evaluating sparse autoencoders</a>
 */
public final class TopKEncoder extends CountEncoder {

    /**
     * Creates an encoder with a constant k.
     *
     * @param k the number of active units, at least 1
     * @throws IllegalArgumentException if it is below 1
     */
    public TopKEncoder(int k) {
        this(count("TopKEncoder", k));
    }

    /**
     * Creates an encoder with a scheduled k.
     *
     * @param k by iteration or epoch; values are rounded
     * @throws IllegalArgumentException if it is null
     */
    public TopKEncoder(@JsonProperty("k") @Nullable ISchedule k) {
        super(k);
    }

    @Override
    CodeRule rule(PassContext context) {
        return new LargestRule(Math.toIntExact(Math.round(context.sparsity())), false);
    }
}
