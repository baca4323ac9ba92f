package io.github.dl4jae.pretraining;

import io.github.dl4jae.noise.NoiseStream;
import io.github.dl4jae.noise.NoisyRows;
import io.github.dl4jae.pretraining.RestrictedBoltzmannMachine.Unit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What units do with their total input z.
 *
 * <pre>
 *             mean             sample                       ∂mean/∂z
 * binary      σ(z)             [u < σ(z)]                   σ(z)(1 − σ(z))
 * Gaussian    z                z + ε                        1
 * rectified   ln(1 + e^z)      max(0, z + √σ(z)·ε)          σ(z)
 * </pre>
 */
final class BoltzmannUnits {

    private BoltzmannUnits() {}

    /** In a new array. */
    static INDArray mean(Unit unit, INDArray z) {
        return switch (unit) {
            case BINARY -> Transforms.sigmoid(z, true);
            case GAUSSIAN -> z.dup('c');
            case RECTIFIED -> softplus(z);
        };
    }

    /** In a new array. */
    static INDArray sample(Unit unit, INDArray z, NoiseStream noise) {
        INDArray sample = z.ulike();
        return switch (unit) {
            case BINARY -> NoisyRows.apply(z, sample, noise::uniform, (t, u) -> u < sigmoid(t) ? 1 : 0);
            case GAUSSIAN -> NoisyRows.apply(z, sample, noise::normal, Double::sum);
            case RECTIFIED ->
                NoisyRows.apply(
                        z, sample, noise::normal, (t, epsilon) -> Math.max(0, t + Math.sqrt(sigmoid(t)) * epsilon));
        };
    }

    /** Multiplies the gradient with respect to the mean by ∂mean/∂z, in place. */
    static INDArray backprop(Unit unit, INDArray z, INDArray mean, INDArray gradient) {
        return switch (unit) {
            case BINARY -> gradient.muli(mean).muli(mean.rsub(1));
            case GAUSSIAN -> gradient;
            case RECTIFIED -> gradient.muli(Transforms.sigmoid(z, true));
        };
    }

    /** ln(1 + e^z) without overflow, in a new array. */
    static INDArray softplus(INDArray z) {
        INDArray rest = Transforms.log(
                Transforms.exp(Transforms.abs(z, true).negi(), false).addi(1), false);
        return rest.addi(Transforms.max(z, 0, true));
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
