package io.github.dl4jae.penalty;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Charges the squared distance between the mean activation of every unit and a target rate.
 *
 * <pre>
 * ρ̂_j = mean over unmasked positions of a_ij
 * P = λ · Σ_j (ρ − ρ̂_j)²        ∂P/∂a_ij = 2λ/M · (ρ̂_j − ρ)
 * M = number of unmasked positions
 * </pre>
 *
 * Unlike {@link KLSparsityPenalty} it accepts any activations, and it stays finite when a unit dies.
 *
 * @param targetRate ρ, the mean activation that each unit should have; any finite number
 * @param weight λ, at least 0
 */
public record SquaredSparsityPenalty(double targetRate, double weight) implements ActivityPenalty {

    /**
     * Creates the penalty.
     *
     * @param targetRate ρ
     * @param weight λ
     * @throws IllegalArgumentException if the target rate is not finite, or the weight is negative, infinite or NaN
     */
    public SquaredSparsityPenalty {
        PenaltyChecks.requireFinite("SquaredSparsityPenalty", targetRate);
        PenaltyChecks.requireWeight("SquaredSparsityPenalty", weight);
    }

    @Override
    public double value(INDArray activations, INDArray mask, long examples) {
        MeanActivation mean = MeanActivation.of(activations, mask);
        if (mean.perUnit() == null) {
            return 0;
        }
        INDArray distance = mean.perUnit().sub(targetRate); // [1,n]
        return weight * distance.muli(distance).sumNumber().doubleValue();
    }

    @Override
    public INDArray gradient(INDArray activations, INDArray mask, long examples) {
        MeanActivation mean = MeanActivation.of(activations, mask);
        if (mean.perUnit() == null) {
            return mean.backward(null, activations, mask);
        }
        return mean.backward(mean.perUnit().sub(targetRate).muli(2 * weight), activations, mask);
    }
}
