package io.github.dl4jae.dictionary;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The k pre-activations of each example that are largest in magnitude, with their signs.
 *
 * <pre>
 * f_j = z_j where |z_j| is among the k largest, else 0        ∂L/∂z_j = ∂L/∂f_j where f_j ≠ 0
 * </pre>
 *
 * <p>One unit can describe a direction and its opposite, such as warm and cold. Codes are negative where the opposite
 * holds, so test for {@code ≠ 0}, not for {@code > 0}. Do not use it for sources that are never negative.
 *
 * @see <a href="https://arxiv.org/abs/2510.00404">Zhu et al. 2025, AbsTopK: Rethinking sparse autoencoders for
 *     bidirectional features</a>
 */
public final class AbsTopKEncoder extends CountEncoder {

    /**
     * Creates an encoder with a constant k.
     *
     * @param k the number of active units, at least 1
     * @throws IllegalArgumentException if it is below 1
     */
    public AbsTopKEncoder(int k) {
        this(count("AbsTopKEncoder", k));
    }

    /**
     * Creates an encoder with a scheduled k.
     *
     * @param k by iteration or epoch; values are rounded
     * @throws IllegalArgumentException if it is null
     */
    public AbsTopKEncoder(@JsonProperty("k") @Nullable ISchedule k) {
        super(k);
    }

    @Override
    CodeRule rule(PassContext context) {
        return new LargestRule(Math.toIntExact(Math.round(context.sparsity())), true);
    }
}
