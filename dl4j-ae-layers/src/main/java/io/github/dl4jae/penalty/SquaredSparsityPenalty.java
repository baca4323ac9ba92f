package io.github.dl4jae.penalty;

import io.github.dl4jae.internal.layer.Require;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A penalty on the squared distance between the mean activation of every unit and a target rate.
 *
 * <pre>
 * ρ̂_j = mean over unmasked positions of a_ij
 * P = λ · Σ_j (ρ − ρ̂_j)²        ∂P/∂a_ij = 2λ/M · (ρ̂_j − ρ)
 * M = number of unmasked positions
 * </pre>
 *
 * <p>Unlike {@link KLSparsityPenalty} it accepts any activations, and it stays finite when a unit dies.
 *
 * @param targetRate ρ, the desired mean activation of each unit; any finite number
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
        Require.finite("SquaredSparsityPenalty", "targetRate", targetRate, "");
        Require.nonNegative("SquaredSparsityPenalty", "weight", weight, "use 0 to switch it off");
    }

    @Override
    public double value(INDArray activations, @Nullable INDArray mask, long examples) {
        return MeanActivation.of(activations, mask).value(mean -> {
            INDArray distance = mean.sub(targetRate); // [1,n]
            return weight * distance.muli(distance).sumNumber().doubleValue();
        });
    }

    @Override
    public INDArray gradient(INDArray activations, @Nullable INDArray mask, long examples) {
        return MeanActivation.of(activations, mask)
                .backward(mean -> mean.sub(targetRate).muli(2 * weight), activations, mask);
    }
}
