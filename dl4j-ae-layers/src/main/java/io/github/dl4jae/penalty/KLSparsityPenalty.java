package io.github.dl4jae.penalty;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Drives the mean activation of every unit to a target rate, as in Andrew Ng's sparse autoencoder.
 *
 * <pre>
 * ρ̂_j = mean over unmasked positions of a_ij
 * P = λ · Σ_j KL(ρ‖ρ̂_j) = λ · Σ_j [ρ log(ρ/ρ̂_j) + (1−ρ) log((1−ρ)/(1−ρ̂_j))]
 * ∂P/∂a_ij = λ/M · (−ρ/ρ̂_j + (1−ρ)/(1−ρ̂_j))        M = number of unmasked positions
 * </pre>
 *
 * <p>Activations must lie in [0, 1], as those of a sigmoid do. ρ̂_j is clamped to [ε, 1−ε], ε = 1e-7 in float32 (1e-4 in 16 bits) and 1e-12
 * in float64, because a float32 sigmoid is exactly 1 from z ≈ 17; the gradient is taken at the clamped value and never
 * set to 0, so that units which are always off, or always on, find their way back.
 *
 * <p>When not to use it: with unbounded activations such as ReLU (use {@link L1Penalty}), or with minibatches so small
 * that a unit's mean over them says little: at ρ = 0.05, 100 examples are few.
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
        if (!(targetRate > 0 && targetRate < 1)) {
            throw new IllegalArgumentException("KLSparsityPenalty: targetRate must lie strictly between 0 and 1, got "
                    + targetRate + "; 0.05 is a usual value");
        }
        PenaltyChecks.requireWeight("KLSparsityPenalty", weight);
    }

    @Override
    public double value(INDArray activations, INDArray mask, long examples) {
        requireUnitInterval(activations, mask);
        MeanActivation mean = MeanActivation.of(activations, mask);
        if (mean.perUnit() == null) {
            return 0;
        }
        double kl = 0;
        double epsilon = clamp(activations.dataType());
        for (double rate : mean.perUnit().toDoubleVector()) {
            double clamped = Math.min(Math.max(rate, epsilon), 1 - epsilon);
            kl += targetRate * Math.log(targetRate / clamped)
                    + (1 - targetRate) * Math.log((1 - targetRate) / (1 - clamped));
        }
        return weight * kl;
    }

    @Override
    public INDArray gradient(INDArray activations, INDArray mask, long examples) {
        MeanActivation mean = MeanActivation.of(activations, mask);
        if (mean.perUnit() == null) {
            return mean.backward(null, activations, mask);
        }
        double epsilon = clamp(activations.dataType());
        INDArray rate = Transforms.max(Transforms.min(mean.perUnit(), 1 - epsilon), epsilon); // [1,n]
        INDArray off = rate.rdiv(-targetRate); //  −ρ/ρ̂
        INDArray on = rate.rsub(1).rdivi(1 - targetRate); //  (1−ρ)/(1−ρ̂)
        return mean.backward(off.addi(on).muli(weight), activations, mask);
    }

    /** Looks at the activation's values for inputs from −6 to 6. */
    @Override
    public void requireActivation(String subject, IActivation activation) {
        INDArray a = activation.getActivation(
                Nd4j.linspace(DataType.DOUBLE, -6, 0.25, 49).reshape('c', 1, 49), false);
        if (a.minNumber().doubleValue() < 0 || a.maxNumber().doubleValue() > 1) {
            throw new IllegalArgumentException(subject + ": KLSparsityPenalty needs activations in [0, 1], got "
                    + activation + "; use SIGMOID, or L1Penalty for unbounded activations");
        }
    }

    private static double clamp(DataType type) {
        return switch (type) {
            case DOUBLE -> 1e-12;
            case FLOAT -> 1e-7;
            default -> 1e-4; // 16 bits: the gradient must fit too
        };
    }

    private static void requireUnitInterval(INDArray activations, INDArray mask) {
        INDArray counted = mask == null ? activations : activations.mulColumnVector(mask);
        double min = counted.minNumber().doubleValue();
        double max = counted.maxNumber().doubleValue();
        boolean nan = Double.isNaN(counted.sumNumber().doubleValue());
        if (nan || !(min >= 0 && max <= 1)) {
            throw new IllegalArgumentException("KLSparsityPenalty: activations must lie in [0, 1], got "
                    + (nan ? "NaN" : "values from " + min + " to " + max)
                    + "; put it after a sigmoid, or use L1Penalty for unbounded activations");
        }
    }
}
