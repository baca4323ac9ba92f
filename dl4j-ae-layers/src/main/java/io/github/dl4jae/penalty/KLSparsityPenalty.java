package io.github.dl4jae.penalty;

import io.github.dl4jae.internal.layer.Require;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A penalty on the KL divergence between a target rate and the mean activation of every unit, as in Andrew Ng's sparse
 * autoencoder.
 *
 * <pre>
 * ρ̂_j = mean over unmasked positions of a_ij
 * P = λ · Σ_j KL(ρ‖ρ̂_j) = λ · Σ_j [ρ log(ρ/ρ̂_j) + (1−ρ) log((1−ρ)/(1−ρ̂_j))]
 * ∂P/∂a_ij = λ/M · (−ρ/ρ̂_j + (1−ρ)/(1−ρ̂_j))        M = number of unmasked positions
 * </pre>
 *
 * <p>Activations must lie in [0, 1], like those of a sigmoid. ρ̂_j is clamped to [ε, 1−ε] because a float32 sigmoid is
 * exactly 1 from z ≈ 17. ε is 1e-7 in float32, 1e-4 in 16 bits and 1e-12 in float64. The gradient at the clamped value
 * is not 0, so units that are always off or always on can recover.
 *
 * <p>When not to use it: with unbounded activations such as ReLU (use {@link L1Penalty}), or with small mini-batches,
 * which estimate ρ̂_j poorly: at ρ = 0.05, 100 examples are few.
 *
 * @param targetRate ρ, strictly between 0 and 1
 * @param weight λ, at least 0 (β in the lecture notes)
 * @see <a href="https://web.stanford.edu/class/cs294a/sparseAutoencoder_2011new.pdf">Ng 2011, CS294A lecture notes</a>
 */
public record KLSparsityPenalty(double targetRate, double weight) implements ActivityPenalty {

    /**
     * Creates the penalty.
     *
     * @param targetRate ρ
     * @param weight λ
     * @throws IllegalArgumentException if the target rate is not strictly between 0 and 1, or the weight is negative,
     *     infinite or NaN
     */
    public KLSparsityPenalty {
        Require.that(
                targetRate > 0 && targetRate < 1,
                "KLSparsityPenalty",
                "targetRate must lie strictly between 0 and 1",
                targetRate,
                "0.05 is a usual value");
        Require.nonNegative("KLSparsityPenalty", "weight", weight, "use 0 to switch it off");
    }

    @Override
    public double value(INDArray activations, @Nullable INDArray mask, long examples) {
        requireUnitInterval(activations, mask);
        double epsilon = clamp(activations.dataType());
        return MeanActivation.of(activations, mask).value(mean -> {
            double kl = 0;
            for (double rate : mean.toDoubleVector()) {
                double clamped = Math.min(Math.max(rate, epsilon), 1 - epsilon);
                kl += targetRate * Math.log(targetRate / clamped)
                        + (1 - targetRate) * Math.log((1 - targetRate) / (1 - clamped));
            }
            return weight * kl;
        });
    }

    @Override
    public INDArray gradient(INDArray activations, @Nullable INDArray mask, long examples) {
        double epsilon = clamp(activations.dataType());
        return MeanActivation.of(activations, mask)
                .backward(
                        mean -> {
                            INDArray rate = Transforms.max(Transforms.min(mean, 1 - epsilon), epsilon); // [1,n]
                            INDArray off = rate.rdiv(-targetRate); //  −ρ/ρ̂
                            INDArray on = rate.rsub(1).rdivi(1 - targetRate); //  (1−ρ)/(1−ρ̂)
                            return off.addi(on).muli(weight);
                        },
                        activations,
                        mask);
    }

    /** Evaluates the activation for inputs from −6 to 6. */
    @Override
    public void requireActivation(String subject, IActivation activation) {
        INDArray a = activation.getActivation(
                Nd4j.linspace(DataType.DOUBLE, -6, 0.25, 49).reshape('c', 1, 49), false);
        Require.that(
                !(a.minNumber().doubleValue() < 0 || a.maxNumber().doubleValue() > 1),
                subject,
                "KLSparsityPenalty needs activations in [0, 1]",
                activation,
                "use SIGMOID, or L1Penalty for unbounded activations");
    }

    private static double clamp(DataType type) {
        return switch (type) {
            case DOUBLE -> 1e-12;
            case FLOAT -> 1e-7;
            default -> 1e-4; // 16 bits: the gradient must fit too
        };
    }

    private static void requireUnitInterval(INDArray activations, @Nullable INDArray mask) {
        INDArray counted = mask == null ? activations : activations.mulColumnVector(mask);
        double min = counted.minNumber().doubleValue();
        double max = counted.maxNumber().doubleValue();
        boolean nan = Double.isNaN(counted.sumNumber().doubleValue());
        Require.that(
                !nan && min >= 0 && max <= 1,
                "KLSparsityPenalty",
                "activations must lie in [0, 1]",
                nan ? "NaN" : "values from " + min + " to " + max,
                "put it after a sigmoid, or use L1Penalty for unbounded activations");
    }
}
