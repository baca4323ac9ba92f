package io.github.dl4jae.data;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures of the similarity of images: peak signal-to-noise ratio and structural similarity.
 *
 * <pre>
 * PSNR = 10·log₁₀(1 / mean (x − y)²)        in decibels, ∞ for equal images
 *
 * SSIM = mean over windows of (2μ_xμ_y + C₁)(2σ_xy + C₂) / ((μ_x² + μ_y² + C₁)(σ_x² + σ_y² + C₂))
 *        in [−1, 1], 1 for equal images
 * </pre>
 *
 * <p>The windows have 11×11 pixels, weighted by a Gaussian with a standard deviation of 1.5, and lie at all positions
 * within the image. C₁ = 0.01², C₂ = 0.03².
 *
 * <p>Shapes: gray images with values in [0, 1], as rows {@code [N, height·width]}.
 *
 * @see <a href="https://doi.org/10.1109/TIP.2003.819861">Wang, Bovik, Sheikh and Simoncelli 2004, Image quality
 *     assessment</a>
 */
public final class ImageQuality {

    private static final int WINDOW = 11;
    private static final double DEVIATION = 1.5;
    private static final double C1 = 1e-4;
    private static final double C2 = 9e-4;
    private static final double[] WEIGHTS = weights();

    private ImageQuality() {}

    private static double[] weights() {
        double[] weights = new double[WINDOW];
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
            double distance = (i - WINDOW / 2) / DEVIATION;
            weights[i] = Math.exp(-distance * distance / 2);
            sum += weights[i];
        }
        double total = sum;
        return Arrays.stream(weights).map(weight -> weight / total).toArray();
    }

    /**
     * Returns the peak signal-to-noise ratio of each image.
     *
     * @param originals {@code [N, n]}
     * @param images {@code [N, n]}
     * @return decibels, one per image
     * @throws IllegalArgumentException if the shapes differ
     */
    public static double[] psnr(INDArray originals, INDArray images) {
        requireRows(originals, images);
        INDArray difference = originals.sub(images);
        return Arrays.stream(difference.muli(difference).mean(1).toDoubleVector())
                .map(error -> -10 * Math.log10(error))
                .toArray();
    }

    /**
     * Returns the structural similarity of each image.
     *
     * @param originals {@code [N, height·width]}
     * @param images {@code [N, height·width]}
     * @param height the height of an image in pixels, at least 11
     * @param width the width of an image in pixels, at least 11
     * @return one value per image
     * @throws IllegalArgumentException if the shapes differ or do not match height and width, or the images are smaller
     *     than a window
     */
    public static double[] ssim(INDArray originals, INDArray images, int height, int width) {
        requireRows(originals, images);
        if (height < WINDOW || width < WINDOW || (long) height * width != originals.size(1)) {
            throw new IllegalArgumentException("ImageQuality: images must have at least " + WINDOW + "×" + WINDOW
                    + " pixels, and rows one value per pixel, got " + height + "×" + width + " and "
                    + originals.size(1) + " values; use psnr for smaller images");
        }
        double[] similarity = new double[(int) originals.size(0)];
        for (int i = 0; i < similarity.length; i++) {
            similarity[i] =
                    ssim(originals.getRow(i).toDoubleVector(), images.getRow(i).toDoubleVector(), height, width);
        }
        return similarity;
    }

    private static double ssim(double[] x, double[] y, int height, int width) {
        double[] meanX = smooth(x, height, width);
        double[] meanY = smooth(y, height, width);
        double[] meanXX = smooth(product(x, x), height, width);
        double[] meanYY = smooth(product(y, y), height, width);
        double[] meanXY = smooth(product(x, y), height, width);
        double sum = 0;
        for (int i = 0; i < meanX.length; i++) {
            double covariance = meanXY[i] - meanX[i] * meanY[i];
            double variances = meanXX[i] - meanX[i] * meanX[i] + meanYY[i] - meanY[i] * meanY[i];
            sum += (2 * meanX[i] * meanY[i] + C1)
                    * (2 * covariance + C2)
                    / ((meanX[i] * meanX[i] + meanY[i] * meanY[i] + C1) * (variances + C2));
        }
        return sum / meanX.length;
    }

    private static double[] product(double[] x, double[] y) {
        double[] product = new double[x.length];
        Arrays.setAll(product, i -> x[i] * y[i]);
        return product;
    }

    /** Returns weighted means over windows, computed along the rows and then along the columns. */
    private static double[] smooth(double[] image, int height, int width) {
        int columns = width - WINDOW + 1;
        int rows = height - WINDOW + 1;
        double[] along = new double[height * columns];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < columns; column++) {
                double sum = 0;
                for (int k = 0; k < WINDOW; k++) {
                    sum += WEIGHTS[k] * image[row * width + column + k];
                }
                along[row * columns + column] = sum;
            }
        }
        double[] smooth = new double[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                double sum = 0;
                for (int k = 0; k < WINDOW; k++) {
                    sum += WEIGHTS[k] * along[(row + k) * columns + column];
                }
                smooth[row * columns + column] = sum;
            }
        }
        return smooth;
    }

    private static void requireRows(INDArray originals, INDArray images) {
        if (originals.rank() != 2 || !Arrays.equals(originals.shape(), images.shape())) {
            throw new IllegalArgumentException("ImageQuality: originals and images must be rows of the same shape, got "
                    + Arrays.toString(originals.shape()) + " and " + Arrays.toString(images.shape())
                    + "; flatten images to rows");
        }
    }
}
