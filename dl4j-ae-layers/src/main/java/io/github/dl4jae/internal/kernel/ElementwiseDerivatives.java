package io.github.dl4jae.internal.kernel;

import java.util.Arrays;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The first two derivatives of an elementwise activation.
 *
 * <pre>
 * identity   s = 1           s₂ = 0
 * ReLU       s = [z > 0]     s₂ = 0
 * sigmoid    s = a(1 − a)    s₂ = s(1 − 2a)
 * tanh       s = 1 − a²      s₂ = −2as
 * others     s from the activation's backprop, s₂ from differences of s, in float64
 * </pre>
 *
 * <p>Where s jumps, s₂ is the one-sided difference of smaller magnitude, such as 0 at the kink of a leaky ReLU.
 */
final class ElementwiseDerivatives {

    private static final double STEP = 1e-5;
    /** The difference between one-sided differences that indicates a jump; for a smooth s it is about STEP. */
    private static final double JUMP = 1e-2;

    private ElementwiseDerivatives() {}

    /**
     * Requires an elementwise activation without noise and with a correct derivative.
     *
     * @throws IllegalArgumentException if the activation of a unit depends on other units or on random numbers, or the
     *     derivative is wrong
     */
    static void require(String subject, IActivation activation, long units) {
        if (ElementwiseActivation.of(activation).isEmpty()) {
            requireElementwise(subject, activation, Math.max(units, 2));
            requireRightDerivative(subject, activation);
        }
    }

    /** Makes the lowest unit the highest, which must not change the activations of the other units. */
    private static void requireElementwise(String subject, IActivation activation, long units) {
        INDArray z = grid(units);
        INDArray changed = grid(units);
        changed.putScalar(0, 3.3);
        double[] before = activation.getActivation(z, true).toDoubleVector();
        double[] after = activation.getActivation(changed, true).toDoubleVector();
        if (Arrays.mismatch(before, 1, before.length, after, 1, after.length) >= 0) {
            throw new IllegalArgumentException(subject + ": the activation must be elementwise and without noise, got "
                    + activation + ", where the activation of a unit depends on other units or on random numbers; use"
                    + " sigmoid, tanh, softplus or another elementwise activation, or EncoderContraction, which accepts"
                    + " any layer");
        }
    }

    private static void requireRightDerivative(String subject, IActivation activation) {
        INDArray z = grid(84);
        INDArray numeric = activation
                .getActivation(z.add(STEP), true)
                .sub(activation.getActivation(z.sub(STEP), true))
                .divi(2 * STEP);
        INDArray difference = Transforms.abs(numeric.sub(slope(activation, z)), true);
        if (difference.gt(1e-4).castTo(DataType.DOUBLE).sumNumber().intValue() > 3) { // allows kinks
            throw new IllegalArgumentException(subject + ": the derivative of the activation must be correct, got "
                    + activation + ", whose backprop differs from its difference quotient by up to "
                    + difference.maxNumber() + "; use another activation");
        }
    }

    private static INDArray grid(long points) {
        return Nd4j.linspace(DataType.DOUBLE, -2.05, 4.15 / (points - 1), points)
                .reshape('c', 1, points);
    }

    /** Returns s = act′(z), in float64. */
    static INDArray slope(IActivation activation, INDArray z) {
        INDArray wide = z.castTo(DataType.DOUBLE);
        return activation
                .backprop(wide == z ? z.dup() : wide, Nd4j.onesLike(wide)) // may work in place
                .getFirst();
    }

    /** Returns s₂ = act″(z), in float64. */
    static INDArray curvature(IActivation activation, INDArray z) {
        INDArray wide = z.castTo(DataType.DOUBLE);
        INDArray s = slope(activation, wide);
        INDArray right = slope(activation, wide.add(STEP)).subi(s).divi(STEP);
        INDArray left = slope(activation, wide.sub(STEP)).rsubi(s).divi(STEP);
        INDArray jumps = Transforms.abs(right.sub(left), true).gt(JUMP).castTo(DataType.DOUBLE);
        INDArray rightIsFlatter =
                Transforms.abs(right, true).lt(Transforms.abs(left, true)).castTo(DataType.DOUBLE);
        INDArray flatter = rightIsFlatter.mul(right).addi(rightIsFlatter.rsub(1).muli(left));
        INDArray mean = right.addi(left).divi(2);
        return flatter.subi(mean).muli(jumps).addi(mean);
    }
}
