package io.github.dl4jae.generation;

import io.github.dl4jae.internal.kernel.FloatingPoint;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Codes that differ in one latent, or in two: what a latent stands for shows when such codes are decoded.
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
     * Codes that differ in one latent.
     *
     * @param code what the others are held at, n values
     * @param latent the index of the one that moves
     * @param from its first value
     * @param to its last value
     * @param steps how many values, at least 2
     * @return {@code [steps, n]}
     * @throws IllegalArgumentException if there is no such latent, or there are fewer than 2 steps
     */
    public static INDArray of(INDArray code, int latent, double from, double to, int steps) {
        requireLatent(code, latent);
        if (steps < 2) {
            throw new IllegalArgumentException(
                    "LatentTraversal: steps must be at least 2, got " + steps + "; both ends are counted");
        }
        INDArray codes = repeated(code, steps);
        for (int i = 0; i < steps; i++) {
            codes.putScalar(i, latent, from + (to - from) * i / (steps - 1));
        }
        return codes;
    }

    /**
     * Codes on a square grid in two latents: decoded and drawn with {@code side} columns, they show the manifold that the decoder has learned. The first
     * latent grows from left to right, the second from bottom to top.
     *
     * @param code what the others are held at, n values
     * @param across the index of the first
     * @param up the index of the second
     * @param extent both run from −extent to extent
     * @param side how many values of each, at least 2
     * @return {@code [side², n]}, row by row from the top
     * @throws IllegalArgumentException if there is no such latent, or the side is below 2
     */
    public static INDArray grid(INDArray code, int across, int up, double extent, int side) {
        requireLatent(code, across);
        requireLatent(code, up);
        if (side < 2) {
            throw new IllegalArgumentException(
                    "LatentTraversal: side must be at least 2, got " + side + "; 20 makes a good picture");
        }
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
        if (latent < 0 || latent >= code.length()) {
            throw new IllegalArgumentException("LatentTraversal: the latent must be in [0, " + (code.length() - 1)
                    + "], got " + latent + "; the code has " + code.length() + " latents");
        }
    }
}
