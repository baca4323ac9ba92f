package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Images of white shapes on black in every combination of five known factors, for measures of disentanglement. They
 * resemble dSprites.
 *
 * <pre>
 * shape     square, ellipse, heart
 * scale     from 0.5 to 1, in equal steps
 * rotation  a full turn, in equal steps (a square repeats after a quarter turn)
 * x, y      from border to border, in equal steps
 * </pre>
 *
 * <p>The images are drawn on demand, without files or network.
 *
 * <pre>{@code
 * Sprites sprites = Sprites.generate(4, 12, 8);      // 3 · 4 · 12 · 8 · 8 images of 32×32 pixels
 * INDArray images = sprites.images().features();
 * int[][] factors = sprites.factors();
 * }</pre>
 *
 * @see <a href="https://github.com/google-deepmind/dsprites-dataset">Matthey et al. 2017, dSprites</a>
 */
public final class Sprites {

    /** The names of the factors, in the order of their columns. */
    public static final List<String> FACTORS = List.of("shape", "scale", "rotation", "x", "y");

    private static final int SIDE = 32;
    /** Half the side of the largest square, in pixels. */
    private static final double LARGEST = 6;
    /** Least distance of a center from the border: the largest square fits at any rotation. */
    private static final double MARGIN = LARGEST * Math.sqrt(2) + 0.5;

    private final LabeledImages images;
    private final int[][] factors;

    private Sprites(LabeledImages images, int[][] factors) {
        this.images = images;
        this.factors = factors;
    }

    /**
     * Draws all combinations.
     *
     * @param scales the number of scales, at least 1
     * @param rotations the number of rotations, at least 1
     * @param positions the number of positions on each axis, at least 1
     * @return 3 · scales · rotations · positions² images
     * @throws IllegalArgumentException if a number is below 1, or there are more than a million images
     */
    public static Sprites generate(int scales, int rotations, int positions) {
        long count = 3L * scales * rotations * positions * positions;
        Require.that(
                scales >= 1 && rotations >= 1 && positions >= 1 && count <= 1_000_000,
                "Sprites",
                "scales, rotations and positions must be at least 1 and give at most a million images",
                scales + ", " + rotations + " and " + positions,
                "4, 12 and 8 give 9,216");
        int[] sizes = {3, scales, rotations, positions, positions};
        int[][] factors = new int[(int) count][];
        byte[] pixels = new byte[(int) count * SIDE * SIDE];
        byte[] labels = new byte[(int) count];
        IntStream.range(0, (int) count).parallel().forEach(i -> {
            factors[i] = digits(i, sizes);
            labels[i] = (byte) factors[i][0];
            System.arraycopy(draw(factors[i], sizes), 0, pixels, i * SIDE * SIDE, SIDE * SIDE);
        });
        return new Sprites(LabeledImages.sharing("sprites", pixels, labels, SIDE, SIDE, 3), factors);
    }

    /** Returns the digits of a number in the mixed base of the sizes; the last digit runs fastest. */
    private static int[] digits(int number, int[] sizes) {
        int[] digits = new int[sizes.length];
        int rest = number;
        for (int k = sizes.length - 1; k >= 0; k--) {
            digits[k] = rest % sizes[k];
            rest /= sizes[k];
        }
        return digits;
    }

    private static byte[] draw(int[] factors, int[] sizes) {
        double scale = LARGEST * (sizes[1] == 1 ? 1 : 0.5 + 0.5 * factors[1] / (sizes[1] - 1));
        AffineTransform place = new AffineTransform();
        place.translate(center(factors[3], sizes[3]), center(factors[4], sizes[4]));
        place.rotate(2 * Math.PI * factors[2] / sizes[2]);
        place.scale(scale, scale);
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
        graphics.fill(place.createTransformedShape(shape(factors[0])));
        graphics.dispose();
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }

    private static double center(int position, int positions) {
        return positions == 1 ? SIDE / 2.0 : MARGIN + (SIDE - 2 * MARGIN) * position / (positions - 1);
    }

    /** Returns a shape within the square from −1 to 1. */
    private static Shape shape(int which) {
        return switch (which) {
            case 0 -> new Rectangle2D.Double(-1, -1, 2, 2);
            case 1 -> new Ellipse2D.Double(-1, -0.5, 2, 1);
            default -> {
                Path2D heart = new Path2D.Double();
                heart.moveTo(0, 1);
                heart.curveTo(-1.6, -0.2, -0.9, -1.4, 0, -0.5);
                heart.curveTo(0.9, -1.4, 1.6, -0.2, 0, 1);
                heart.closePath();
                yield heart;
            }
        };
    }

    /**
     * Returns the images.
     *
     * @return all images, with the shape as the class
     */
    public LabeledImages images() {
        return images;
    }

    /**
     * Returns the factors of each image.
     *
     * @return {@code [N][5]}, the index of each factor's value, in the order of {@link #FACTORS}; a new array
     */
    public int[][] factors() {
        return Arrays.stream(factors).map(int[]::clone).toArray(int[][]::new);
    }
}
