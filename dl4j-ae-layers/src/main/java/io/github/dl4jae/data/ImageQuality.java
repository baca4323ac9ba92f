package io.github.dl4jae.data;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures of the similarity of images: peak signal-to-noise ratio, and structural similarity on one scale or
 * on five.
 *
 * <pre>
 * PSNR = 10·log₁₀(1 / mean (x − y)²)        in decibels, ∞ for equal images
 *
 * SSIM = mean over windows of (2μ_xμ_y + C₁)(2σ_xy + C₂) / ((μ_x² + μ_y² + C₁)(σ_x² + σ_y² + C₂))
 *        in [−1, 1], 1 for equal images
 *
 * MS-SSIM = SSIM₅^w₅ · Π_{k ≤ 4} max(0, contrast_k)^w_k        contrast: SSIM without the factor of the means
 *        in [0, 1], 1 for equal images; scale k + 1 has half the height and width of scale k
 * </pre>
 *
 * <p>The windows have 11×11 pixels, weighted by a Gaussian with a standard deviation of 1.5, and lie at all positions
 * within the image. C₁ = 0.01², C₂ = 0.03². The weights of MS-SSIM are 0.0448, 0.2856, 0.3001, 0.2363, 0.1333.
 *
 * <p>Shapes: gray images with values in [0, 1], as rows {@code [N, height·width]}.
 *
 * @see <a href="https://doi.org/10.1109/TIP.2003.819861">Wang, Bovik, Sheikh and Simoncelli 2004, Image quality
 *     assessment</a>
 * @see <a href="https://doi.org/10.1109/ACSSC.2003.1292216">Wang, Simoncelli and Bovik 2003, Multiscale structural
 *     similarity</a>
 */
public final class ImageQuality {

    private static final int WINDOW = 11;
    private static final double DEVIATION = 1.5;
    private static final double C1 = 1e-4;
    private static final double C2 = 9e-4;
    private static final double[] WEIGHTS = weights();
    private static final double[] SCALES = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};
    /** The least height and width whose fifth scale holds a window. */
    private static final int LEAST_OF_SCALES = WINDOW << 4;

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
                    ssim(originals.getRow(i).toDoubleVector(), images.getRow(i).toDoubleVector(), height, width).ssim;
        }
        return similarity;
    }

    /**
     * Returns the multiscale structural similarity of each image.
     *
     * @param originals {@code [N, height·width]}
     * @param images {@code [N, height·width]}
     * @param height the height of an image in pixels, at least 176
     * @param width the width of an image in pixels, at least 176
     * @return one value per image
     * @throws IllegalArgumentException if the shapes differ or do not match height and width, or the smallest of five
     *     scales would be smaller than a window
     */
    public static double[] multiscaleSsim(INDArray originals, INDArray images, int height, int width) {
        requireRows(originals, images);
        if (height < LEAST_OF_SCALES || width < LEAST_OF_SCALES || (long) height * width != originals.size(1)) {
            throw new IllegalArgumentException("ImageQuality: images must have at least " + LEAST_OF_SCALES + "×"
                    + LEAST_OF_SCALES + " pixels, and rows one value per pixel, got " + height + "×" + width + " and "
                    + originals.size(1) + " values; use ssim for smaller images");
        }
        double[] similarity = new double[(int) originals.size(0)];
        for (int i = 0; i < similarity.length; i++) {
            similarity[i] = multiscale(
                    originals.getRow(i).toDoubleVector(), images.getRow(i).toDoubleVector(), height, width);
        }
        return similarity;
    }

    private static double multiscale(double[] original, double[] image, int height, int width) {
        double[] x = original;
        double[] y = image;
        double product = 1;
        for (int k = 0; k < SCALES.length; k++) {
            int h = height >> k;
            int w = width >> k;
            Similarity similarity = ssim(x, y, h, w);
            double factor = k < SCALES.length - 1 ? similarity.contrast : similarity.ssim;
            product *= Math.pow(Math.max(factor, 0), SCALES[k]);
            x = halved(x, h, w);
            y = halved(y, h, w);
        }
        return product;
    }

    /** Returns the means of squares of 2×2 pixels; a last odd row or column is dropped. */
    private static double[] halved(double[] image, int height, int width) {
        double[] half = new double[(height / 2) * (width / 2)];
        for (int row = 0; row < height / 2; row++) {
            for (int column = 0; column < width / 2; column++) {
                int at = 2 * row * width + 2 * column;
                half[row * (width / 2) + column] =
                        (image[at] + image[at + 1] + image[at + width] + image[at + width + 1]) / 4;
            }
        }
        return half;
    }

    /** The mean over windows of the similarity, and of its factor without means. */
    private record Similarity(double ssim, double contrast) {}

    private static Similarity ssim(double[] x, double[] y, int height, int width) {
        double[] meanX = smooth(x, height, width);
        double[] meanY = smooth(y, height, width);
        double[] meanXX = smooth(product(x, x), height, width);
        double[] meanYY = smooth(product(y, y), height, width);
        double[] meanXY = smooth(product(x, y), height, width);
        double sum = 0;
        double contrasts = 0;
        for (int i = 0; i < meanX.length; i++) {
            double covariance = meanXY[i] - meanX[i] * meanY[i];
            double variances = meanXX[i] - meanX[i] * meanX[i] + meanYY[i] - meanY[i] * meanY[i];
            double contrast = (2 * covariance + C2) / (variances + C2);
            sum += contrast * (2 * meanX[i] * meanY[i] + C1) / (meanX[i] * meanX[i] + meanY[i] * meanY[i] + C1);
            contrasts += contrast;
        }
        return new Similarity(sum / meanX.length, contrasts / meanX.length);
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
