package io.github.dl4jae.generation;

import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.layer.Require;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Codes that differ in one or two latents. The decoded codes show what the latents represent.
 *
 * <pre>{@code
 * ImageGrid grid = ImageGrid.of(28, 28);
 * for (int j = 0; j < model.latents(); j++) {
 *     grid.row(model.decode(LatentTraversal.of(code, j, -3, 3, 11)));
 * }
 * }</pre>
 */
public final class LatentTraversal {

    private LatentTraversal() {}

    /**
     * Returns codes that differ in one latent.
     *
     * @param code the values of the other latents, n values
     * @param latent the index of the latent that varies
     * @param from its first value
     * @param to its last value
     * @param steps the number of values, at least 2
     * @return the codes, {@code [steps, n]}, a new array
     * @throws IllegalArgumentException if the index is out of range, or there are fewer than 2 steps
     */
    public static INDArray of(INDArray code, int latent, double from, double to, int steps) {
        requireLatent(code, latent);
        Require.atLeast(2, "LatentTraversal", "steps", steps, "both ends are counted");
        INDArray codes = repeated(code, steps);
        for (int i = 0; i < steps; i++) {
            codes.putScalar(i, latent, from + (to - from) * i / (steps - 1));
        }
        return codes;
    }

    /**
     * Returns codes on a square grid in two latents. Decoded and rendered with {@code side} columns, they show the
     * manifold that the decoder has learned. The first latent grows from left to right, the second from bottom to top.
     *
     * @param code the values of the other latents, n values
     * @param across the index of the first latent
     * @param up the index of the second latent
     * @param extent the largest value; both latents run from −extent to extent
     * @param side the number of values of each latent, at least 2
     * @return the codes, {@code [side², n]}, row by row from the top, a new array
     * @throws IllegalArgumentException if an index is out of range, or the side is below 2
     */
    public static INDArray grid(INDArray code, int across, int up, double extent, int side) {
        requireLatent(code, across);
        requireLatent(code, up);
        Require.atLeast(2, "LatentTraversal", "side", side, "20 is typical");
        INDArray codes = repeated(code, side * side);
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                codes.putScalar(row * side + column, across, extent * (2.0 * column / (side - 1) - 1));
                codes.putScalar(row * side + column, up, extent * (1 - 2.0 * row / (side - 1)));
            }
        }
        return codes;
    }

    private static INDArray repeated(INDArray latents, int times) {
        INDArray code = FloatingPoint.of(latents);
        INDArray codes = Nd4j.createUninitialized(code.dataType(), times, code.length());
        INDArray row = code.reshape(code.length());
        for (int i = 0; i < times; i++) {
            codes.putRow(i, row);
        }
        return codes;
    }

    private static void requireLatent(INDArray code, int latent) {
        Require.that(
                latent >= 0 && latent < code.length(),
                "LatentTraversal",
                "the latent must be in [0, " + (code.length() - 1) + "]",
                latent,
                "the code has " + code.length() + " latents");
    }
}
