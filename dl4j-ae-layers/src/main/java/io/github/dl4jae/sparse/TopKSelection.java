package io.github.dl4jae.sparse;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Finds the k largest values of each row; among equal values those with the lowest index, so that exactly k are found.
 * NaN counts as larger than anything: it survives and shows, rather than being dropped in silence.
 *
 * <p>How it works: values become integers of the same order. One scan of the row collects candidates that beat the
 * smallest of the best k so far; whenever 2k are collected, quickselect throws the lower half away. On random data that
 * happens O(log(n/k)) times, so a row costs little more than reading it. The idea is that of Guava's {@code
 * TopKSelector}.
 */
final class TopKSelection {

    private final int k;
    /** Candidates: their order-preserving keys and their column. */
    private final long[] keys;

    private final int[] columns;
    private int size;
    /** The smallest key among the best k so far; later columns must beat it. */
    private long threshold;

    private TopKSelection(int k) {
        this.k = k;
        this.keys = new long[2 * k];
        this.columns = new int[2 * k];
    }

    /**
     * Keeps some values of each row and zeroes the rest.
     *
     * @param order decides: the k largest of each row win, {@code [N, n]}
     * @param values what is kept, of the same shape; may be {@code order} itself
     * @param k in [1, n]
     * @return a new array in 'c' order, {@code [N, n]}
     */
    static INDArray keep(INDArray order, INDArray values, int k) {
        int[] chosen = positions(order, k);
        if (values.dataType() == DataType.DOUBLE) {
            double[] all = doubles(values);
            double[] kept = new double[all.length];
            for (int at : chosen) {
                kept[at] = all[at];
            }
            return Nd4j.create(kept, values.shape(), new long[] {values.size(1), 1}, 'c', DataType.DOUBLE);
        }
        float[] all = floats(values);
        float[] kept = new float[all.length];
        for (int at : chosen) {
            kept[at] = all[at];
        }
        return Nd4j.create(kept, values.shape(), 'c').castTo(values.dataType());
    }

    /** Where the k largest values of each row lie in the matrix, in 'c' order. */
    private static int[] positions(INDArray order, int k) {
        RowKeys keys = order.dataType() == DataType.DOUBLE ? keysOf(doubles(order)) : keysOf(floats(order));
        int rows = Math.toIntExact(order.size(0));
        long[] row = new long[Math.toIntExact(order.size(1))];
        int[] positions = new int[Math.multiplyExact(rows, k)];
        TopKSelection selection = new TopKSelection(k);
        for (int i = 0; i < rows; i++) {
            keys.fill(row, i * row.length);
            selection.select(row);
            for (int j = 0; j < k; j++) {
                positions[i * k + j] = i * row.length + selection.columns[j];
            }
        }
        return positions;
    }

    /** Integers in the order of a row's values; −0 counts as 0. */
    @FunctionalInterface
    private interface RowKeys {
        void fill(long[] keys, int offset);
    }

    private static RowKeys keysOf(float[] z) {
        return (keys, offset) -> {
            for (int j = 0; j < keys.length; j++) {
                int bits = Float.floatToIntBits(z[offset + j] + 0f);
                keys[j] = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
            }
        };
    }

    private static RowKeys keysOf(double[] z) {
        return (keys, offset) -> {
            for (int j = 0; j < keys.length; j++) {
                long bits = Double.doubleToLongBits(z[offset + j] + 0d);
                keys[j] = bits ^ ((bits >> 63) & Long.MAX_VALUE);
            }
        };
    }

    /** Afterwards the first k entries of {@link #columns} are the chosen ones, in no particular order. */
    private void select(long[] row) {
        size = 0;
        threshold = Long.MIN_VALUE;
        for (int j = 0; j < row.length; j++) {
            if (row[j] > threshold || size < k) {
                keys[size] = row[j];
                columns[size++] = j;
                if (size == keys.length) {
                    trim();
                }
            }
        }
        if (size > k) {
            trim();
        }
    }

    /** Quickselect: brings the best k candidates to the front, and drops the others. */
    private void trim() {
        int low = 0;
        int high = size - 1;
        while (low < high) {
            int boundary = partition(low, high);
            if (boundary == k - 1) {
                break;
            }
            if (boundary < k - 1) {
                low = boundary + 1;
            } else {
                high = boundary - 1;
            }
        }
        size = k;
        threshold = Arrays.stream(keys, 0, k).min().orElseThrow();
    }

    /** Moves what is better than the middle element before it, and returns where that ends up. */
    private int partition(int low, int high) {
        swap((low + high) >>> 1, high);
        long key = keys[high];
        int column = columns[high];
        int boundary = low;
        for (int i = low; i < high; i++) {
            if (keys[i] > key || (keys[i] == key && columns[i] < column)) {
                swap(i, boundary++);
            }
        }
        swap(boundary, high);
        return boundary;
    }

    private void swap(int i, int j) {
        long key = keys[i];
        keys[i] = keys[j];
        keys[j] = key;
        int column = columns[i];
        columns[i] = columns[j];
        columns[j] = column;
    }

    /** The values in 'c' order, copied in bulk: reading a buffer value by value is several times slower. */
    private static float[] floats(INDArray array) {
        INDArray contiguous = array.castTo(DataType.FLOAT).dup('c');
        float[] values = new float[Math.toIntExact(contiguous.length())];
        contiguous.data().asNioFloat().get(values);
        return values;
    }

    private static double[] doubles(INDArray array) {
        INDArray contiguous = array.dup('c');
        double[] values = new double[Math.toIntExact(contiguous.length())];
        contiguous.data().asNioDouble().get(values);
        return values;
    }
}
