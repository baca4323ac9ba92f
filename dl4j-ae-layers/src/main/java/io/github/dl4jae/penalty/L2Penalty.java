package io.github.dl4jae.penalty;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Penalizes the square of activations: keeps codes small without making them sparse.
 *
 * <pre>
 * P = λ/B · Σ_b Σ_j a_bj²        ∂P/∂a_bj = 2λ/B · a_bj
 * </pre>
 *
 * Summed over units and unmasked positions, mean over the B examples.
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
        PenaltyChecks.requireWeight("L2Penalty", weight);
    }

    @Override
    public double value(INDArray activations, INDArray mask, long examples) {
        INDArray square = activations.mul(activations); // [N,n]
        if (mask != null) {
            square.muliColumnVector(mask);
        }
        return weight / examples * square.sumNumber().doubleValue();
    }

    @Override
    public INDArray gradient(INDArray activations, INDArray mask, long examples) {
        INDArray gradient = activations.mul(2 * weight / examples); // [N,n]
        return mask == null ? gradient : gradient.muliColumnVector(mask);
    }
}
