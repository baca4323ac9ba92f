package io.github.dl4jae.internal.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The weights of a convolution in two layouts: Deeplearning4j's {@code [filters, channels, height, width]}, and the
 * matrix {@code [height·width·channels, filters]} that multiplies patches. Weights that are such a matrix already are
 * not rearranged.
 */
public final class ConvolutionWeights {

    private ConvolutionWeights() {}

    /**
     * Returns weights as a matrix.
     *
     * @param weights {@code [filters, channels, height, width]}, or a matrix in 'c' order
     * @param memory receives a copy, {@code [height·width·channels, filters]}; not needed for a matrix
     * @return the copy, or a view of the matrix
     */
    public static FloatRows toColumns(INDArray weights, FloatRows memory) {
        if (weights.rank() == 2) {
            return FloatRows.of(weights);
        }
        INDArray contiguous = weights.ordering() == 'c' ? weights : weights.dup('c');
        float[] values = FloatRows.flat(contiguous).toArray();
        float[] columns = new float[values.length];
        int filters = (int) weights.size(0);
        int channels = (int) weights.size(1);
        int pixels = values.length / filters / channels;
        for (int o = 0; o < filters; o++) {
            for (int c = 0; c < channels; c++) {
                for (int p = 0; p < pixels; p++) {
                    columns[(p * channels + c) * filters + o] = values[(o * channels + c) * pixels + p];
                }
            }
        }
        memory.writeAll(columns);
        return memory;
    }

    /**
     * Copies a matrix into weights.
     *
     * @param columns {@code [height·width·channels, filters]}
     * @param weights receives {@code [filters, channels, height, width]} or the matrix, in 'c' order
     */
    public static void fromColumns(float[] columns, INDArray weights) {
        if (weights.rank() == 2) {
            FloatRows.of(weights).writeAll(columns);
            return;
        }
        float[] values = new float[columns.length];
        int filters = (int) weights.size(0);
        int channels = (int) weights.size(1);
        int pixels = values.length / filters / channels;
        for (int o = 0; o < filters; o++) {
            for (int c = 0; c < channels; c++) {
                for (int p = 0; p < pixels; p++) {
                    values[(o * channels + c) * pixels + p] = columns[(p * channels + c) * filters + o];
                }
            }
        }
        FloatRows.flat(weights).writeAll(values);
    }
}
