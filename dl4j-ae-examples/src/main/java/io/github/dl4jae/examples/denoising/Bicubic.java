package io.github.dl4jae.examples.denoising;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Enlarges images to twice their size by cubic convolution (Keys 1981, a = −½).
 *
 * <p>The center of a new pixel is a quarter of an old pixel away from the center of the old pixel around it.
 * {@code java.awt} would round values to bytes, and treats the border differently.
 */
final class Bicubic {

    /** Weights of the four neighbors at distances of 1.25, 0.25, 0.75 and 1.75. */
    private static final double[] WEIGHTS = {kernel(1.25), kernel(0.25), kernel(0.75), kernel(1.75)};

    private Bicubic() {}

    private static double kernel(double t) {
        return t <= 1 ? 1.5 * t * t * t - 2.5 * t * t + 1 : -0.5 * t * t * t + 2.5 * t * t - 4 * t + 2;
    }

    /** Enlarges images, one per row, with values in [0, 1]. Pixels beyond the border repeat the border. */
    static INDArray enlarge(INDArray images, int height, int width) {
        double[][] large = new double[(int) images.size(0)][];
        for (int i = 0; i < large.length; i++) {
            double[] wide = enlargeRows(images.getRow(i).toDoubleVector(), height, width);
            double[] turned = enlargeRows(transpose(wide, height, 2 * width), 2 * width, height);
            large[i] = transpose(turned, 2 * width, 2 * height);
            for (int j = 0; j < large[i].length; j++) {
                large[i][j] = Math.min(Math.max(large[i][j], 0), 1);
            }
        }
        return Nd4j.createFromArray(large).castTo(images.dataType());
    }

    private static double[] enlargeRows(double[] image, int height, int width) {
        double[] wide = new double[2 * image.length];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < 2 * width; column++) {
                int nearest = column / 2;
                int toward = column % 2 == 0 ? -1 : 1; // side of the next neighbor
                double sum = 0;
                for (int k = 0; k < 4; k++) {
                    int x = Math.min(Math.max(nearest + toward * (k - 1), 0), width - 1);
                    sum += WEIGHTS[k] * image[row * width + x];
                }
                wide[row * 2 * width + column] = sum;
            }
        }
        return wide;
    }

    private static double[] transpose(double[] image, int height, int width) {
        double[] transposed = new double[image.length];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                transposed[column * height + row] = image[row * width + column];
            }
        }
        return transposed;
    }
}
