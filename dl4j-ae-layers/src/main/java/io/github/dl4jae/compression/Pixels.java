package io.github.dl4jae.compression;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Pictures as arrays {@code [1, C, H, W]} with values in [0, 1], and back, without conversion of gray levels. */
final class Pixels {

    private static final int LARGEST = 255;

    private Pixels() {}

    /** Returns whether a picture is gray by its format: one band of samples, transparency aside. */
    static boolean isGray(BufferedImage image) {
        return !(image.getColorModel() instanceof IndexColorModel)
                && image.getRaster().getNumBands() <= 2;
    }

    /**
     * Returns a picture whose last row and column are repeated until height and width are multiples.
     *
     * @param channels 1, or 3 for RGB; a gray picture has three equal channels then
     * @param multiple of height and width
     */
    static INDArray padded(BufferedImage image, int channels, int multiple) {
        int height = roundUp(image.getHeight(), multiple);
        int width = roundUp(image.getWidth(), multiple);
        float[] values = new float[channels * height * width];
        boolean gray = isGray(image);
        Raster raster = image.getRaster();
        int most = gray ? (1 << raster.getSampleModel().getSampleSize(0)) - 1 : LARGEST;
        for (int y = 0; y < height; y++) {
            int row = Math.min(y, image.getHeight() - 1);
            for (int x = 0; x < width; x++) {
                int column = Math.min(x, image.getWidth() - 1);
                int rgb = gray ? 0 : image.getRGB(column, row);
                for (int c = 0; c < channels; c++) {
                    int sample = gray ? raster.getSample(column, row, 0) : (rgb >> (8 * (2 - c))) & LARGEST;
                    values[(c * height + y) * width + x] = (float) sample / most;
                }
            }
        }
        return Nd4j.create(values, new long[] {1, channels, height, width}, 'c');
    }

    static int roundUp(int size, int multiple) {
        return (size + multiple - 1) / multiple * multiple;
    }

    /** Returns the upper left part of an array as a picture; values are rounded to 256 levels. */
    static BufferedImage picture(INDArray array, int height, int width) {
        int channels = (int) array.size(1);
        int stride = (int) array.size(3);
        int plane = (int) array.size(2) * stride;
        float[] values = array.dup('c').data().asFloat();
        BufferedImage image = new BufferedImage(
                width, height, channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        WritableRaster raster = image.getRaster();
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    float value = Math.min(Math.max(values[c * plane + y * stride + x], 0), 1);
                    raster.setSample(x, y, c, Math.round(LARGEST * value));
                }
            }
        }
        return image;
    }
}
