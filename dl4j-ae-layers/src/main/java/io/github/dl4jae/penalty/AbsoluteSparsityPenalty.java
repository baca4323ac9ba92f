package io.github.dl4jae.penalty;

import io.github.dl4jae.internal.layer.Require;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A penalty on the distance between the mean activation of every unit and a target rate.
 *
 * <pre>
 * ρ̂_j = mean over unmasked positions of a_ij
 * P = λ · Σ_j |ρ − ρ̂_j|        ∂P/∂a_ij = λ/M · sign(ρ̂_j − ρ)
 * M = number of unmasked positions
 * </pre>
 *
 * <p>The gradient does not grow with the distance from the target. It therefore tolerates a few units far from the
 * target better than {@link SquaredSparsityPenalty} does. The gradient at the target is 0. Any activations are
 * accepted.
 *
 * @param targetRate ρ, the desired mean activation of each unit; any finite number
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
        Require.finite("AbsoluteSparsityPenalty", "targetRate", targetRate, "");
        Require.nonNegative("AbsoluteSparsityPenalty", "weight", weight, "use 0 to switch it off");
    }

    @Override
    public double value(INDArray activations, @Nullable INDArray mask, long examples) {
        return MeanActivation.of(activations, mask)
                .value(mean -> weight
                        * Transforms.abs(mean.sub(targetRate), false)
                                .sumNumber()
                                .doubleValue());
    }

    @Override
    public INDArray gradient(INDArray activations, @Nullable INDArray mask, long examples) {
        return MeanActivation.of(activations, mask)
                .backward(mean -> Transforms.sign(mean.sub(targetRate), false).muli(weight), activations, mask);
    }
}
