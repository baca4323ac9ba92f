package io.github.dl4jae.penalty;

import io.github.dl4jae.internal.layer.Require;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A penalty on the absolute value of activations, which drives many of them to zero or close to it.
 *
 * <pre>
 * P = λ/B · Σ_b Σ_j |a_bj|        ∂P/∂a_bj = λ/B · sign(a_bj)
 * </pre>
 *
 * <p>It is summed over units and unmasked positions, and averaged over the B examples. The gradient at 0 is 0.
 *
 * <p>When not to use it: with a decoder of unconstrained norm. The network then evades the penalty by shrinking the
 * code and growing the decoder's weights. Constrain those weights, or use {@link KLSparsityPenalty} or a top-k
 * activation.
 *
 * @param weight λ, at least 0
 */
public record L1Penalty(double weight) implements ActivityPenalty {

    /**
     * Creates the penalty.
     *
     * @param weight λ
     * @throws IllegalArgumentException if the weight is negative, infinite or NaN
     */
    public L1Penalty {
        Require.nonNegative("L1Penalty", "weight", weight, "use 0 to switch it off");
    }

    @Override
    public double value(INDArray activations, @Nullable INDArray mask, long examples) {
        return weight / examples * Masked.sum(Transforms.abs(activations, true), mask);
    }

    @Override
    public INDArray gradient(INDArray activations, @Nullable INDArray mask, long examples) {
        return Masked.rows(Transforms.sign(activations, true).muli(weight / examples), mask); // [N,n]
    }
}
