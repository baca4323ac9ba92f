package io.github.dl4jae.features;

import io.github.dl4jae.kernel.FloatRows;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Some rows of a matrix. {@code getRows} makes several arrays per row, which takes longer than to train a small network on them. */
final class RowGather {

    private RowGather() {}

    static INDArray of(INDArray matrix, int... rows) {
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
