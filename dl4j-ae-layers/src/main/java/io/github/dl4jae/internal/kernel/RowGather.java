package io.github.dl4jae.internal.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A fast copy of selected rows of a matrix. {@code INDArray.getRows} creates several arrays per row, which takes longer
 * than a training step of a small network.
 */
public final class RowGather {

    private RowGather() {}

    /**
     * Copies rows.
     *
     * @param matrix {@code [N, d]}
     * @param rows the indices of the rows, in any order, with repetitions
     * @return {@code [rows, d]}, a new array
     */
    public static INDArray of(INDArray matrix, int... rows) {
        if (!FloatRows.canView(matrix)) {
            return matrix.getRows(rows);
        }
        FloatRows from = FloatRows.of(matrix);
        int width = from.columns();
        float[] values = new float[Math.multiplyExact(rows.length, width)];
        for (int i = 0; i < rows.length; i++) {
            from.read(rows[i], 0, values, i * width, width);
        }
        return Nd4j.create(values, new long[] {rows.length, width}, 'c');
    }
}
