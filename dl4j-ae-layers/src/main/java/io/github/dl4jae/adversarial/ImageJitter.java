package io.github.dl4jae.adversarial;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A corruption of images of one channel: a random affine map about the center, with bilinear interpolation, and
 * Gaussian noise.
 *
 * <pre>
 * x̃(p) = x(A·p + t) + σ·ε        A = [cos a · s₁, (h − sin a)·s₂; sin a · s₁, cos a · s₂]
 * </pre>
 *
 * <p>The angle a, the shear h, s₁ − 1, s₂ − 1 and both coordinates of t are uniform in ± the bounds. Coordinates run
 * from −1 to 1; outside the image x is 0.
 *
 * @param height of an image, in pixels
 * @param width of an image, in pixels
 * @param angle the largest |a|, in radians, at least 0
 * @param shear the largest |h|, at least 0
 * @param scale the largest |s − 1|, in [0, 1)
 * @param shift the largest |t|, in halves of a side, at least 0
 * @param noise σ, at least 0
 * @param seed of the random numbers
 */
public record ImageJitter(
        int height, int width, double angle, double shear, double scale, double shift, double noise, long seed)
        implements InputCorruption {

    private static final String SUBJECT = "ImageJitter";

    /**
     * Creates the corruption.
     *
     * @param height of an image, at least 1
     * @param width of an image, at least 1
     * @param angle the largest |a|, in radians
     * @param shear the largest |h|
     * @param scale the largest |s − 1|, below 1
     * @param shift the largest |t|
     * @param noise σ
     * @param seed of the random numbers
     * @throws IllegalArgumentException if a value is out of range
     */
    public ImageJitter {
        Require.atLeast(1, SUBJECT, "height", height, "");
        Require.atLeast(1, SUBJECT, "width", width, "");
        Require.nonNegative(SUBJECT, "angle", angle, "");
        Require.nonNegative(SUBJECT, "shear", shear, "");
        Require.that(scale >= 0 && scale < 1, SUBJECT, "scale must be in [0, 1)", scale, "");
        Require.nonNegative(SUBJECT, "shift", shift, "");
        Require.nonNegative(SUBJECT, "noise", noise, "");
    }

    @Override
    public INDArray corrupt(INDArray examples, int step) {
        int pixels = height * width;
        Require.that(
                examples.length() == examples.size(0) * pixels,
                SUBJECT,
                "examples must have " + pixels + " pixels",
                Arrays.toString(examples.shape()),
                "");
        float[][] images = examples.reshape('c', examples.size(0), pixels).toFloatMatrix();
        NoiseStream stream = NoiseStream.of(seed, SUBJECT);
        double[] uniform = new double[6];
        double[] normal = new double[pixels];
        for (int i = 0; i < images.length; i++) {
            stream.at(step, 0, 0).uniform(i, uniform, 0, uniform.length);
            images[i] = map(images[i], uniform);
            if (noise > 0) {
                stream.at(step, 0, 1).normal(i, normal, 0, pixels);
                for (int p = 0; p < pixels; p++) {
                    images[i][p] += (float) (noise * normal[p]);
                }
            }
        }
        return Nd4j.createFromArray(images).castTo(examples.dataType()).reshape('c', examples.shape());
    }

    private static double symmetric(double uniform, double bound) {
        return (2 * uniform - 1) * bound;
    }

    private float[] map(float[] image, double[] uniform) {
        double a = symmetric(uniform[0], angle);
        double h = symmetric(uniform[1], shear);
        double first = 1 + symmetric(uniform[2], scale);
        double second = 1 + symmetric(uniform[3], scale);
        double across = symmetric(uniform[4], shift);
        double down = symmetric(uniform[5], shift);
        float[] mapped = new float[image.length];
        for (int row = 0; row < height; row++) {
            double y = (2 * row + 1.0) / height - 1;
            for (int column = 0; column < width; column++) {
                double x = (2 * column + 1.0) / width - 1;
                double u = Math.cos(a) * first * x + (h - Math.sin(a)) * second * y + across;
                double v = Math.sin(a) * first * x + Math.cos(a) * second * y + down;
                mapped[row * width + column] =
                        (float) value(image, ((v + 1) * height - 1) / 2, ((u + 1) * width - 1) / 2);
            }
        }
        return mapped;
    }

    /** Interpolates between the four pixels around a place. */
    private double value(float[] image, double row, double column) {
        int top = (int) Math.floor(row);
        int left = (int) Math.floor(column);
        double down = row - top;
        double right = column - left;
        return (1 - down) * ((1 - right) * pixel(image, top, left) + right * pixel(image, top, left + 1))
                + down * ((1 - right) * pixel(image, top + 1, left) + right * pixel(image, top + 1, left + 1));
    }

    private double pixel(float[] image, int row, int column) {
        return row < 0 || row >= height || column < 0 || column >= width ? 0 : image[row * width + column];
    }
}
