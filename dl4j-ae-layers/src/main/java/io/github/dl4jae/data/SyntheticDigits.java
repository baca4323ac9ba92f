package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.RandomStreams;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Synthetic digits that look handwritten, drawn from stroke skeletons with random points, slant, size, place and pen.
 *
 * <pre>{@code
 * LabeledImages train = SyntheticDigits.generate(10_000, 1);
 * LabeledImages test = SyntheticDigits.generate(2_000, 2);
 * }</pre>
 *
 * <p>They need no files, fonts or display, so examples and tests run anywhere. The images have 28×28 pixels, like those
 * of MNIST. Image i depends only on the seed and i, on every machine, and its class is i mod 10.
 *
 * <p>Each digit is a few Catmull-Rom curves through control points in the unit square. The points are jittered, and the
 * curves are sheared, rotated, scaled and shifted. A pixel is inked by its distance from the curve, with a soft edge of
 * one pixel.
 *
 * <p>When not to use it: to report results. The digits are <b>not</b> MNIST and vary less, and figures measured on them
 * do not transfer to real images.
 */
public final class SyntheticDigits {

    private static final int SIDE = 28;
    private static final int PIECES_PER_SPAN = 6;

    /** Curves of each digit as x, y pairs in the unit square, y downwards; a doubled point makes a corner. */
    private static final double[][][] SKELETONS = {
        {{.5, .08, .3, .2, .22, .5, .3, .8, .5, .92, .7, .8, .78, .5, .7, .2, .5, .08}},
        {{.34, .28, .54, .1, .54, .1, .52, .5, .5, .92}},
        {{.25, .3, .34, .14, .55, .08, .72, .2, .7, .4, .5, .64, .26, .88, .26, .88, .5, .87, .78, .88}},
        {{.26, .18, .46, .08, .68, .16, .68, .36, .44, .47, .44, .47, .7, .55, .76, .74, .56, .91, .26, .84}},
        {{.58, .08, .4, .36, .2, .64, .2, .64, .5, .63, .84, .62}, {.64, .38, .62, .64, .6, .93}},
        {{.74, .1, .36, .1, .36, .1, .3, .44, .3, .44, .52, .38, .74, .54, .7, .8, .48, .92, .24, .86}},
        {{.66, .08, .44, .24, .28, .5, .28, .76, .48, .92, .7, .8, .7, .6, .5, .5, .3, .66}},
        {{.22, .12, .5, .12, .78, .11, .78, .11, .6, .42, .44, .92}},
        {
            {
                .52, .48, .3, .34, .34, .14, .54, .08, .7, .18, .66, .36, .5, .48, .28, .66, .3, .86, .52, .93, .74,
                .84, .72, .64, .52, .48
            }
        },
        {{.7, .28, .54, .1, .34, .16, .28, .36, .44, .5, .64, .42, .7, .28, .7, .28, .68, .58, .58, .92}},
    };

    private SyntheticDigits() {}

    /**
     * Draws digits.
     *
     * @param count the number of images, at least 1; their classes are 0, 1, …, 9, 0, 1, …
     * @param seed the seed of the variations; use different seeds for training and testing
     * @return the images, with the name {@code digits}
     * @throws IllegalArgumentException if the count is below 1 or the images do not fit into one array
     */
    public static LabeledImages generate(int count, long seed) {
        int most = Integer.MAX_VALUE / (SIDE * SIDE);
        Require.that(
                count >= 1 && count <= most,
                "SyntheticDigits",
                "count must be in [1, " + most + "]",
                count,
                count < 1 ? "" : "draw them in several parts");
        byte[] pixels = new byte[count * SIDE * SIDE];
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) (i % 10);
            draw(labels[i], RandomStreams.of(seed, i), pixels, i * SIDE * SIDE);
        }
        return LabeledImages.sharing("digits", pixels, labels, SIDE, SIDE, SKELETONS.length);
    }

    private static void draw(int digit, SplittableRandom random, byte[] pixels, int offset) {
        Hand hand = new Hand(random);
        for (double[] skeleton : SKELETONS[digit]) {
            double[] previous = null;
            for (double[] point : curve(hand.jitter(skeleton))) {
                double[] placed = hand.place(point);
                if (previous != null) {
                    hand.ink(previous, placed, pixels, offset);
                }
                previous = placed;
            }
        }
    }

    /** Returns points along the Catmull-Rom curve through control points. */
    private static List<double[]> curve(double[][] points) {
        List<double[]> curve = new ArrayList<>();
        for (int i = 0; i + 1 < points.length; i++) {
            double[] before = points[Math.max(i - 1, 0)];
            double[] after = points[Math.min(i + 2, points.length - 1)];
            for (int piece = 0; piece < PIECES_PER_SPAN; piece++) {
                double t = (double) piece / PIECES_PER_SPAN;
                curve.add(new double[] {
                    catmullRom(before[0], points[i][0], points[i + 1][0], after[0], t),
                    catmullRom(before[1], points[i][1], points[i + 1][1], after[1], t)
                });
            }
        }
        curve.add(points[points.length - 1]);
        return curve;
    }

    private static double catmullRom(double a, double b, double c, double d, double t) {
        return b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }

    /** The handwriting of one digit: slant, rotation, size, place and pen. */
    private static final class Hand {
        private final SplittableRandom random;
        private final double shear;
        private final double sine;
        private final double cosine;
        private final double width;
        private final double height;
        private final double centerX;
        private final double centerY;
        private final double radius;
        private final double pressure;

        Hand(SplittableRandom random) {
            this.random = random;
            shear = between(-.1, .4);
            double turn = between(-.16, .16);
            sine = StrictMath.sin(turn); // the same on every processor
            cosine = StrictMath.cos(turn);
            width = between(13, 21);
            height = between(18, 22);
            centerX = SIDE / 2.0 + between(-1.2, 1.2);
            centerY = SIDE / 2.0 + between(-1.2, 1.2);
            radius = between(.7, 1.5);
            pressure = between(215, 255);
        }

        private double between(double low, double high) {
            return low + (high - low) * random.nextDouble();
        }

        /** Returns jittered control points; a doubled point stays doubled. */
        double[][] jitter(double[] skeleton) {
            double[][] points = new double[skeleton.length / 2][];
            for (int i = 0; i < points.length; i++) {
                double x = skeleton[2 * i];
                double y = skeleton[2 * i + 1];
                boolean doubled = i > 0 && x == skeleton[2 * i - 2] && y == skeleton[2 * i - 1];
                points[i] = doubled ? points[i - 1] : new double[] {x + between(-.045, .045), y + between(-.045, .045)};
            }
            return points;
        }

        /** Maps a point of the unit square to pixels. */
        double[] place(double[] point) {
            double y = (point[1] - .5) * height;
            double x = (point[0] - .5) * width - shear * y;
            return new double[] {centerX + cosine * x - sine * y, centerY + sine * x + cosine * y};
        }

        /** Inks the pixels near the segment from a to b. */
        void ink(double[] a, double[] b, byte[] pixels, int offset) {
            double reach = radius + 1;
            int top = clamp(Math.min(a[1], b[1]) - reach);
            int bottom = clamp(Math.max(a[1], b[1]) + reach);
            int left = clamp(Math.min(a[0], b[0]) - reach);
            int right = clamp(Math.max(a[0], b[0]) + reach);
            for (int row = top; row <= bottom; row++) {
                for (int column = left; column <= right; column++) {
                    double cover = radius + .5 - distance(column + .5, row + .5, a, b);
                    int ink = (int) Math.round(pressure * Math.min(Math.max(cover, 0), 1));
                    int at = offset + row * SIDE + column;
                    pixels[at] = (byte) Math.max(pixels[at] & 0xff, ink);
                }
            }
        }

        private static int clamp(double pixel) {
            return (int) Math.min(Math.max(pixel, 0), SIDE - 1);
        }

        private static double distance(double x, double y, double[] a, double[] b) {
            double dx = b[0] - a[0];
            double dy = b[1] - a[1];
            double squared = dx * dx + dy * dy;
            double along = squared == 0 ? 0 : ((x - a[0]) * dx + (y - a[1]) * dy) / squared;
            double t = Math.min(Math.max(along, 0), 1);
            double ex = x - a[0] - t * dx;
            double ey = y - a[1] - t * dy;
            return Math.sqrt(ex * ex + ey * ey);
        }
    }
}
