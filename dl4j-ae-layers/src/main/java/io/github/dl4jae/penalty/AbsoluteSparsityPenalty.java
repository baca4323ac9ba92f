package io.github.dl4jae.penalty;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Charges the distance between the mean activation of every unit and a target rate.
 *
 * <pre>
 * ρ̂_j = mean over unmasked positions of a_ij
 * P = λ · Σ_j |ρ − ρ̂_j|        ∂P/∂a_ij = λ/M · sign(ρ̂_j − ρ)
 * M = number of unmasked positions
 * </pre>
 *
 * The pull is the same however far a unit is from its target, which units that are meant to be exceptions survive better
 * than under {@link SquaredSparsityPenalty}. The gradient at the target is taken as 0. Any activations are accepted.
 *
 * @param targetRate ρ, the mean activation that each unit should have; any finite number
 * @param weight λ, at least 0
 */
public record AbsoluteSparsityPenalty(double targetRate, double weight) implements ActivityPenalty {

    /**
     * Creates the penalty.
     *
     * @param targetRate ρ
     * @param weight λ
     * @throws IllegalArgumentException if the target rate is not finite, or the weight is negative, infinite or NaN
     */
    public AbsoluteSparsityPenalty {
        PenaltyChecks.requireFinite("AbsoluteSparsityPenalty", targetRate);
        PenaltyChecks.requireWeight("AbsoluteSparsityPenalty", weight);
    }

    @Override
    public double value(INDArray activations, INDArray mask, long examples) {
        MeanActivation mean = MeanActivation.of(activations, mask);
        if (mean.perUnit() == null) {
            return 0;
        }
        return weight
                * Transforms.abs(mean.perUnit().sub(targetRate), false)
                        .sumNumber()
                        .doubleValue();
    }

    @Override
    public INDArray gradient(INDArray activations, INDArray mask, long examples) {
        MeanActivation mean = MeanActivation.of(activations, mask);
        if (mean.perUnit() == null) {
            return mean.backward(null, activations, mask);
        }
        return mean.backward(
                Transforms.sign(mean.perUnit().sub(targetRate), false).muli(weight), activations, mask);
    }
}
