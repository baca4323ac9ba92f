package io.github.dl4jae.dictionary;

import java.util.Arrays;
import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What training needs to know of the activations: their mean squared norm, and a sample for the first bias. */
final class ActivationSummary implements Consumer<float[]> {

    private final int width;
    private final int first;
    private final int stride;
    private final float[] sample;

    private int sampled;
    private long rows;
    private double squares;

    /**
     * Creates the summary of some columns of stored rows.
     *
     * @param first the first column
     * @param width the number of columns
     * @param stride the length of a stored row
     * @param sample the largest number of rows in the sample, which are the first ones
     */
    ActivationSummary(int first, int width, int stride, int sample) {
        this.first = first;
        this.width = width;
        this.stride = stride;
        this.sample = new float[Math.multiplyExact(sample, width)];
    }

    @Override
    public void accept(float[] part) {
        for (int from = first; from < part.length; from += stride) {
            rows++;
            for (int i = from; i < from + width; i++) {
                squares += (double) part[i] * part[i];
            }
            if (sampled < sample.length) {
                System.arraycopy(part, from, sample, sampled, width);
                sampled += width;
            }
        }
    }

    /** Returns the factor with which E‖s·x‖² = width; 1 if all are 0. */
    double scale() {
        return squares == 0 ? 1 : Math.sqrt(width * rows / squares);
    }

    /** Returns the first value of a bias, {@code [1, width]} in float64. */
    INDArray start(BiasStart start) {
        int count = sampled / width;
        INDArray rows = Nd4j.create(Arrays.copyOf(sample, sampled), new int[] {count, width}, 'c')
                .castTo(DataType.DOUBLE);
        return switch (start) {
            case ZERO -> Nd4j.zeros(DataType.DOUBLE, 1, width);
            case MEAN -> rows.mean(true, 0);
            case GEOMETRIC_MEDIAN -> GeometricMedian.of(rows);
        };
    }
}
