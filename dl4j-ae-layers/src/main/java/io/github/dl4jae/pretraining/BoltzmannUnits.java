package io.github.dl4jae.pretraining;

import io.github.dl4jae.internal.kernel.NoisyRows;
import io.github.dl4jae.noise.NoiseStream;
import io.github.dl4jae.pretraining.RestrictedBoltzmannLayer.Unit;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Mean, sample and derivative of the units of a Boltzmann machine, as functions of their pre-activation z.
 *
 * <pre>
 *             mean             sample                       ∂mean/∂z
 * binary      σ(z)             [u < σ(z)]                   σ(z)(1 − σ(z))
 * Gaussian    z                z + ε                        1
 * rectified   ln(1 + e^z)      max(0, z + √σ(z)·ε)          σ(z)
 * </pre>
 *
 * <p>The sample of a rectified unit is the approximation of Nair and Hinton (NReLU), used in training. {@link
 * #exactSample} samples the model's own distribution.
 */
final class BoltzmannUnits {

    /** 1/(1 − e^−k) for k from 1; equal to 1 in float64 from k = 37. */
    private static final double[] RATIOS =
            IntStream.rangeClosed(0, 40).mapToDouble(k -> -1 / Math.expm1(-k)).toArray();

    private static final double INVERSE_E = Math.exp(-1);
    private static final int REACH = 8;

    private BoltzmannUnits() {}

    /** Returns a sample of the distribution of the free energy, a new array. */
    static INDArray exactSample(Unit unit, INDArray z, NoiseStream noise) {
        return unit == Unit.RECTIFIED
                ? NoisyRows.apply(z, z.ulike(), noise::uniform, BoltzmannUnits::stepped)
                : sample(unit, z, noise);
    }

    /** Returns the means, a new array. */
    static INDArray mean(Unit unit, INDArray z) {
        return switch (unit) {
            case BINARY -> Transforms.sigmoid(z, true);
            case GAUSSIAN -> z.dup('c');
            case RECTIFIED -> softplus(z);
        };
    }

    /** Returns the sample that contrastive divergence uses, a new array. */
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

    /** Returns ln(1 + e^z) without overflow, a new array. */
    static INDArray softplus(INDArray z) {
        INDArray rest = Transforms.log(
                Transforms.exp(Transforms.abs(z, true).negi(), false).addi(1), false);
        return rest.addi(Transforms.max(z, 0, true));
    }

    /**
     * Returns an exact sample of a rectified unit: the sum of infinitely many binary copies with biases shifted by −½,
     * −1½, ….
     *
     * <pre>
     * h = Σ_i [u_i &lt; σ(z − i + ½)]        P(h = k) ∝ e^{kz − k²/2} / Π_{j≤k} (1 − e^−j)
     * </pre>
     *
     * <p>It inverts the cumulative distribution over the 17 values around z, which hold all but 5e-15 of the
     * probability.
     */
    static double stepped(double z, double u) {
        double first = Math.max(0, Math.ceil(z) - REACH);
        double total = 1;
        double weight = 1; // P(first + k) / P(first)
        double step = Math.exp(z - first - 0.5);
        for (int k = 1; k <= 2 * REACH; k++, step *= INVERSE_E) {
            weight *= step * RATIOS[(int) Math.min(first + k, RATIOS.length - 1)];
            total += weight;
        }
        double rest = u * total - 1;
        int k = 0;
        weight = 1;
        step = Math.exp(z - first - 0.5);
        for (; rest > 0 && k < 2 * REACH; step *= INVERSE_E) {
            k++;
            weight *= step * RATIOS[(int) Math.min(first + k, RATIOS.length - 1)];
            rest -= weight;
        }
        return first + k;
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
