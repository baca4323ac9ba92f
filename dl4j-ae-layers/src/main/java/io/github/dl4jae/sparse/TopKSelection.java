package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.LargestValues;
import io.github.dl4jae.internal.kernel.RowBlocks;
import java.lang.ref.Reference;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A selection of the k largest values of each row of a matrix. Among equal values those with the lowest index win, so
 * the result has exactly k values. NaN counts as the largest value, so that it stays visible in the result.
 */
final class TopKSelection {

    private TopKSelection() {}

    /**
     * Keeps k values of each row and sets the others to 0.
     *
     * @param order the values that are compared, {@code [N, n]}
     * @param values the values that are kept, of the same shape; may be {@code order} itself
     * @param k the number of values to keep, in [1, n]
     * @param kept receives the result, of the same shape; may be {@code values} itself
     */
    static void keep(INDArray order, INDArray values, int k, INDArray kept) {
        if (FloatRows.canView(order, values, kept)) {
            keep(FloatRows.of(order), FloatRows.of(values), k, FloatRows.of(kept));
        } else {
            keepDoubles(order, values, k, kept);
        }
    }

    private static void keep(FloatRows order, FloatRows values, int k, FloatRows kept) {
        int n = order.columns();
        RowBlocks.of(order.rows(), n).forEach((block, from, to) -> {
            LargestValues largest = new LargestValues(k);
            float[] orderRow = new float[n];
            float[] row = new float[n];
            for (int i = from; i < to; i++) {
                order.read(i, orderRow);
                values.read(i, row);
                largest.keep(orderRow, row, null, n);
                kept.write(i, row);
            }
        });
    }

    /** Handles types other than float32 by sorting; float64 represents them exactly. */
    private static void keepDoubles(INDArray order, INDArray values, int k, INDArray kept) {
        double[] orders = doubles(order);
        double[] result = doubles(values);
        int n = Math.toIntExact(values.size(1));
        for (int start = 0; start < result.length; start += n) {
            long[] keys = new long[n];
            for (int j = 0; j < n; j++) {
                keys[j] = key(orders[start + j]);
            }
            long[] sorted = keys.clone();
            Arrays.sort(sorted);
            long least = sorted[n - k];
            int above = n - 1;
            while (above >= 0 && sorted[above] > least) {
                above--;
            }
            int places = k - (n - 1 - above); // for values equal to the least
            for (int j = 0; j < n; j++) {
                boolean keep = keys[j] > least || (keys[j] == least && places-- > 0);
                result[start + j] = keep ? result[start + j] : 0;
            }
        }
        kept.assign(Nd4j.create(result, values.shape(), new long[] {n, 1}, 'c', DataType.DOUBLE));
    }

    private static long key(double value) {
        long bits = Double.doubleToLongBits(value + 0d);
        return bits ^ ((bits >> 63) & Long.MAX_VALUE);
    }

    private static double[] doubles(INDArray array) {
        INDArray contiguous = array.castTo(DataType.DOUBLE).dup('c');
        double[] values = new double[Math.toIntExact(contiguous.length())];
        try {
            contiguous.data().asNioDouble().get(values); // value by value is several times slower
        } finally {
            Reference.reachabilityFence(contiguous); // a direct buffer does not keep its memory alive
        }
        return values;
    }
}
