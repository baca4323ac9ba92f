package io.github.dl4jae.generation;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Interpolation between two codes.
 *
 * <pre>
 * LINEAR     z(t) = (1 − t)·a + t·b
 * SPHERICAL  z(t) = sin((1 − t)ω)/sin ω · a + sin(tω)/sin ω · b        ω the angle between a and b
 * </pre>
 *
 * <p>Codes of a standard normal prior in many dimensions lie near a sphere, whose interior has almost no probability
 * mass. A straight line passes through the interior; the spherical path stays near the sphere. With two or three
 * latents, or between similar codes, the two differ little.
 *
 * <pre>{@code
 * INDArray images = model.decode(Interpolation.SPHERICAL.path(from, to, 12));
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1609.04468">White 2016, Sampling generative networks</a>
 */
public enum Interpolation {
    /** A straight line. */
    LINEAR {
        @Override
        double[] at(double[] a, double[] b, double t) {
            return combine(a, 1 - t, b, t);
        }
    },
    /** An arc around the origin; a straight line if the codes are parallel, or one of them is 0. */
    SPHERICAL {
        @Override
        double[] at(double[] a, double[] b, double t) {
            double cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
            double omega = Math.acos(Math.max(-1, Math.min(1, cosine)));
            double sine = Math.sin(omega);
            if (!(sine > 1e-6)) { // NaN for a code that is 0
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
     * Returns codes between two codes, at equally spaced t.
     *
     * @param from the first code, n values
     * @param to the last code, n values
     * @param steps the number of codes, including both ends; at least 2
     * @return the path, {@code [steps, n]}, a new array
     * @throws IllegalArgumentException if a code is empty, the codes have different lengths, or there are fewer than 2
     *     steps
     */
    public INDArray path(INDArray from, INDArray to, int steps) {
        Require.that(
                !from.isEmpty() && !to.isEmpty(),
                "Interpolation",
                "both codes must have at least one value",
                "shapes " + Arrays.toString(from.shape()) + " and " + Arrays.toString(to.shape()),
                "");
        Require.that(
                from.length() == to.length(),
                "Interpolation",
                "both codes must have the same length",
                from.length() + " and " + to.length(),
                "use two codes of the same model");
        Require.atLeast(2, "Interpolation", "steps", steps, "both ends are counted");
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
