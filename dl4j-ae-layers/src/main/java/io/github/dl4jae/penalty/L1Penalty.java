package io.github.dl4jae.penalty;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Penalizes the absolute value of activations, which drives many of them to exactly or nearly zero.
 *
 * <pre>
 * P = λ/B · Σ_b Σ_j |a_bj|        ∂P/∂a_bj = λ/B · sign(a_bj)
 * </pre>
 *
 * Summed over units and unmasked positions, mean over the B examples. The gradient at 0 is taken as 0.
 *
 * <p>When not to use it: with a decoder of unconstrained norm the penalty is evaded by shrinking the code and growing
 * the decoder's weights; limit those, or use {@link KLSparsityPenalty} or a top-k activation.
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
        PenaltyChecks.requireWeight("L1Penalty", weight);
    }

    @Override
    public double value(INDArray activations, INDArray mask, long examples) {
        INDArray magnitude = Transforms.abs(activations, true); // [N,n]
        if (mask != null) {
            magnitude.muliColumnVector(mask);
        }
        return weight / examples * magnitude.sumNumber().doubleValue();
    }

    @Override
    public INDArray gradient(INDArray activations, INDArray mask, long examples) {
        INDArray gradient = Transforms.sign(activations, true).muli(weight / examples); // [N,n]
        return mask == null ? gradient : gradient.muliColumnVector(mask);
    }
}
