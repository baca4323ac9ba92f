package io.github.dl4jae.internal.kernel;

import java.util.Arrays;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The first two derivatives of any elementwise activation.
 *
 * <pre>
 * identity   s = 1           s₂ = 0
 * ReLU       s = [z > 0]     s₂ = 0
 * sigmoid    s = a(1 − a)    s₂ = s(1 − 2a)
 * tanh       s = 1 − a²      s₂ = −2as
 * others     s as the activation's backprop gives it, s₂ from differences of s, in float64
 * </pre>
 *
 * Where s jumps, s₂ is the smaller of the one-sided differences in magnitude: 0 at the kink of a leaky ReLU.
 */
final class ElementwiseDerivatives {

    private static final double STEP = 1e-5;
    /** One-sided differences of a smooth s differ by about STEP. */
    private static final double JUMP = 1e-2;

    private ElementwiseDerivatives() {}

    /**
     * Looks at an activation.
     *
     * @throws IllegalArgumentException if a unit's activation depends on others or on chance, or its derivative is wrong
     */
    static void require(String subject, IActivation activation, long units) {
        if (ElementwiseActivation.of(activation).isEmpty()) {
            requireElementwise(subject, activation, Math.max(units, 2));
            requireRightDerivative(subject, activation);
        }
    }

    /** The lowest unit becomes the highest: nothing is to happen to the others. */
    private static void requireElementwise(String subject, IActivation activation, long units) {
        INDArray z = grid(units);
        INDArray changed = grid(units);
        changed.putScalar(0, 3.3);
        double[] before = activation.getActivation(z, true).toDoubleVector();
        double[] after = activation.getActivation(changed, true).toDoubleVector();
        if (Arrays.mismatch(before, 1, before.length, after, 1, after.length) >= 0) {
            throw new IllegalArgumentException(subject + ": the activation must be elementwise and without noise, got "
                    + activation + ", where a unit's activation changes with other units or by chance; use sigmoid,"
                    + " tanh, softplus or another elementwise one, or EncoderContraction, which takes any layer");
        }
    }

    private static void requireRightDerivative(String subject, IActivation activation) {
        INDArray z = grid(84);
        INDArray numeric = activation
                .getActivation(z.add(STEP), true)
                .sub(activation.getActivation(z.sub(STEP), true))
                .divi(2 * STEP);
        INDArray difference = Transforms.abs(numeric.sub(slope(activation, z)), true);
        if (difference.gt(1e-4).castTo(DataType.DOUBLE).sumNumber().intValue() > 3) { // there may be kinks
            throw new IllegalArgumentException(subject + ": the derivative of the activation must be right, got "
                    + activation + ", whose backprop differs from its difference quotient by up to "
                    + difference.maxNumber() + "; choose another activation");
        }
    }

    private static INDArray grid(long points) {
        return Nd4j.linspace(DataType.DOUBLE, -2.05, 4.15 / (points - 1), points)
                .reshape('c', 1, points);
    }

    /** s = act′(z), in float64. */
    static INDArray slope(IActivation activation, INDArray z) {
        INDArray wide = z.castTo(DataType.DOUBLE);
        return activation
                .backprop(wide == z ? z.dup() : wide, Nd4j.onesLike(wide)) // which may work in place
                .getFirst();
    }

    /** s₂ = act″(z), in float64. */
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
