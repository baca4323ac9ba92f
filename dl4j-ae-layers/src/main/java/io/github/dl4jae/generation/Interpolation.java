package io.github.dl4jae.generation;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Ways from one code to another.
 *
 * <pre>
 * LINEAR     z(t) = (1 − t)·a + t·b
 * SPHERICAL  z(t) = sin((1 − t)ω)/sin ω · a + sin(tω)/sin ω · b        ω the angle between a and b
 * </pre>
 *
 * <p>Under a standard normal prior in many dimensions codes lie near a sphere, and a straight line leads through its empty inside: the
 * spherical way stays where the prior has its mass. With two or three latents, or between similar codes, there is little difference.
 *
 * <pre>{@code
 * INDArray images = model.decode(Interpolation.SPHERICAL.path(from, to, 12));
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1609.04468">White 2016, Sampling generative networks</a>
 */
public enum Interpolation {
    /** Along a straight line. */
    LINEAR {
        @Override
        double[] at(double[] a, double[] b, double t) {
            return combine(a, 1 - t, b, t);
        }
    },
    /** Along an arc around the origin; straight where the two codes point the same way, or opposite ways. */
    SPHERICAL {
        @Override
        double[] at(double[] a, double[] b, double t) {
            double cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
            double omega = Math.acos(Math.max(-1, Math.min(1, cosine)));
            double sine = Math.sin(omega);
            if (!(sine > 1e-6)) { // also for a code that is 0, which points nowhere
                return LINEAR.at(a, b, t);
            }
            return combine(a, Math.sin((1 - t) * omega) / sine, b, Math.sin(t * omega) / sine);
        }
    };

    abstract double[] at(double[] a, double[] b, double t);

    private static double[] combine(double[] a, double weightOfA, double[] b, double weightOfB) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, j -> weightOfA * a[j] + weightOfB * b[j]);
        return sum;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    /**
     * The way between two codes.
     *
     * @param from the first code, n values
     * @param to the last code, n values
     * @param steps how many codes, with both ends; at least 2
     * @return codes at equal distances of t, {@code [steps, n]}
     * @throws IllegalArgumentException if the codes have different lengths, or there are fewer than 2 steps
     */
    public INDArray path(INDArray from, INDArray to, int steps) {
        if (from.isEmpty() || to.isEmpty()) {
            throw new IllegalArgumentException("Interpolation: both codes must have at least one value, got shapes "
                    + Arrays.toString(from.shape()) + " and " + Arrays.toString(to.shape()));
        }
        if (from.length() != to.length()) {
            throw new IllegalArgumentException("Interpolation: both codes must have the same length, got "
                    + from.length() + " and " + to.length() + "; take two codes of one model");
        }
        if (steps < 2) {
            throw new IllegalArgumentException(
                    "Interpolation: steps must be at least 2, got " + steps + "; both ends are counted");
        }
        double[] a = values(from);
        double[] b = values(to);
        double[][] path = new double[steps][];
        Arrays.setAll(path, i -> at(a, b, (double) i / (steps - 1)));
        return Nd4j.createFromArray(path)
                .castTo(from.dataType().isFPType() ? from.dataType() : Nd4j.defaultFloatingPointType());
    }

    private static double[] values(INDArray code) {
        return code.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }
}
