package io.github.dl4jae.examples.denoising;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The median filter: each pixel becomes the median of its 3×3 neighborhood. */
final class MedianFilter {

    private MedianFilter() {}

    /** Filters images, one per row. Pixels beyond the border repeat the border. */
    static INDArray apply(INDArray images, int height, int width) {
        float[][] filtered = new float[(int) images.size(0)][];
        for (int i = 0; i < filtered.length; i++) {
            filtered[i] = apply(images.getRow(i).toFloatVector(), height, width);
        }
        return Nd4j.createFromArray(filtered);
    }

    private static float[] apply(float[] image, int height, int width) {
        float[] filtered = new float[image.length];
        float[] window = new float[9];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                for (int k = 0; k < 9; k++) {
                    int y = Math.min(Math.max(row + k / 3 - 1, 0), height - 1);
                    int x = Math.min(Math.max(column + k % 3 - 1, 0), width - 1);
                    window[k] = image[y * width + x];
                }
                Arrays.sort(window);
                filtered[row * width + column] = window[4];
            }
        }
        return filtered;
    }
}
