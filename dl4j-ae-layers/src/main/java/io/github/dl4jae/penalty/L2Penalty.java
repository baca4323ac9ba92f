package io.github.dl4jae.penalty;

import io.github.dl4jae.internal.layer.Require;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A penalty on the square of activations, which keeps codes small without making them sparse.
 *
 * <pre>
 * P = λ/B · Σ_b Σ_j a_bj²        ∂P/∂a_bj = 2λ/B · a_bj
 * </pre>
 *
 * <p>It is summed over units and unmasked positions, and averaged over the B examples.
 *
 * @param weight λ, at least 0
 */
public record L2Penalty(double weight) implements ActivityPenalty {

    /**
     * Creates the penalty.
     *
     * @param weight λ
     * @throws IllegalArgumentException if the weight is negative, infinite or NaN
     */
    public L2Penalty {
        Require.nonNegative("L2Penalty", "weight", weight, "use 0 to switch it off");
    }

    @Override
    public double value(INDArray activations, @Nullable INDArray mask, long examples) {
        return weight / examples * Masked.sum(activations.mul(activations), mask);
    }

    @Override
    public INDArray gradient(INDArray activations, @Nullable INDArray mask, long examples) {
        return Masked.rows(activations.mul(2 * weight / examples), mask); // [N,n]
    }
}
