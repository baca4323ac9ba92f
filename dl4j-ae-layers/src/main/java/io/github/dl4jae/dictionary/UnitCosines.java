package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.Products;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Cosines between vectors, block by block. Vectors of norm 0 have the cosine 0 with all others. */
final class UnitCosines {

    private static final int ROWS_AT_ONCE = 256;

    private UnitCosines() {}

    /** Receives the cosines of one row with all columns; the array is reused. */
    @FunctionalInterface
    interface RowConsumer {
        void accept(int row, float[] cosines);
    }

    /** Returns rows of norm 1, or 0 where the norm was 0: float32, in 'c' order, a copy. */
    static INDArray normalized(INDArray rows) {
        INDArray values = rows.castTo(DataType.DOUBLE);
        INDArray norms = values.norm2(true, 1);
        norms.addi(norms.eq(0).castTo(DataType.DOUBLE));
        return values.divColumnVector(norms).castTo(DataType.FLOAT).dup('c');
    }

    /** Visits the cosines of each row of {@code a} with all rows of {@code b}; both are normalized. */
    static void forEachRow(INDArray a, INDArray b, RowConsumer consumer) {
        int n = Math.toIntExact(a.size(0));
        int m = Math.toIntExact(b.size(0));
        float[] cosines = new float[m];
        for (int from = 0; from < n; from += ROWS_AT_ONCE) {
            int to = Math.min(from + ROWS_AT_ONCE, n);
            INDArray block = Nd4j.createUninitialized(DataType.FLOAT, new long[] {to - from, m}, 'c');
            Products.forward(
                    a.get(NDArrayIndex.interval(from, to), NDArrayIndex.all()).dup('c'), // [b,d]
                    b.transpose(), // [d,m]
                    block);
            float[] values = block.data().asFloat();
            for (int i = from; i < to; i++) {
                System.arraycopy(values, (i - from) * m, cosines, 0, m);
                consumer.accept(i, cosines);
            }
        }
    }
}
