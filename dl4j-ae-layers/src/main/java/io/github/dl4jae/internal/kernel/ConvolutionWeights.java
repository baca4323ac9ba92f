package io.github.dl4jae.internal.kernel;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The weights of a convolution in two layouts: Deeplearning4j's {@code [filters, channels, height, width]}, and the
 * matrix {@code [height·width·channels, filters]} that multiplies patches. Weights that are such a matrix already are
 * not rearranged.
 */
public final class ConvolutionWeights {

    private ConvolutionWeights() {}

    /**
     * Returns an uninitialized matrix for weights.
     *
     * @param weights {@code [filters, channels, height, width]}, or a matrix
     * @return {@code [height·width·channels, filters]}
     */
    public static FloatRows columns(INDArray weights) {
        long filters = weights.size(weights.rank() == 2 ? 1 : 0);
        return FloatRows.of(Nd4j.createUninitialized(DataType.FLOAT, weights.length() / filters, filters));
    }

    /**
     * Returns weights as a matrix.
     *
     * @param weights {@code [filters, channels, height, width]}, or a matrix in 'c' order
     * @return {@code [height·width·channels, filters]}, a copy unless the weights are a matrix
     */
    public static FloatRows toColumns(INDArray weights) {
        if (weights.rank() == 2) {
            return FloatRows.of(weights);
        }
        INDArray contiguous = weights.ordering() == 'c' ? weights : weights.dup('c');
        float[] values = FloatRows.vector(contiguous.reshape(weights.length())).toArray();
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
        FloatRows matrix = columns(weights);
        matrix.writeAll(columns);
        return matrix;
    }

    /**
     * Copies a matrix into weights.
     *
     * @param matrix {@code [height·width·channels, filters]}
     * @param weights receives {@code [filters, channels, height, width]} or the matrix, in 'c' order
     */
    public static void fromColumns(FloatRows matrix, INDArray weights) {
        if (weights.rank() == 2) {
            FloatRows.of(weights).writeAll(matrix.toArray());
            return;
        }
        float[] columns = matrix.toArray();
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
        FloatRows.vector(weights.reshape(weights.length())).write(0, values);
    }
}
