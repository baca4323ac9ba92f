package io.github.dl4jae.sparse;

import io.github.dl4jae.kernel.FloatRows;
import io.github.dl4jae.kernel.RowBlocks;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Finds the k largest values of each row; among equal values those with the lowest index, so that exactly k are found.
 * NaN counts as larger than anything: it survives and shows, rather than being dropped in silence.
 *
 * <p>How it works: one scan of the row collects candidates that beat the smallest of the best k so far; whenever there
 * is no more room, quickselect throws all but k away. On random data that happens O(log(n/k)) times, so a row costs
 * little more than reading it. Candidates are compared as integers of the same order as the values. The idea is that of Guava's {@code TopKSelector}.
 */
final class TopKSelection {

    /** Room for candidates beyond k, at least: for small k, few large clear-outs beat many small ones. */
    private static final int SPARE = 256;

    private final int k;
    /** Candidates: their order-preserving keys and their column. */
    private final long[] keys;

    private final int[] columns;
    private final float[] chosen;
    private int size;

    TopKSelection(int k) {
        this.k = k;
        this.keys = new long[k + Math.max(k, SPARE)];
        this.columns = new int[keys.length];
        this.chosen = new float[k];
    }

    /**
     * Keeps some values of each row and zeroes the rest.
     *
     * @param order decides: the k largest of each row win, {@code [N, n]}
     * @param values what is kept, of the same shape; may be {@code order} itself
     * @param k in [1, n]
     * @param kept receives the values kept, of the same shape; may be {@code values} itself
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
            TopKSelection selection = new TopKSelection(k);
            float[] orderRow = new float[n];
            float[] row = new float[n];
            for (int i = from; i < to; i++) {
                order.read(i, orderRow);
                values.read(i, row);
                selection.keep(orderRow, row, null, n);
                kept.write(i, row);
            }
        });
    }

    /** Other types than float32 go through float64, which holds them exactly. */
    private static void keepDoubles(INDArray order, INDArray values, int k, INDArray kept) {
        double[] orders = doubles(order);
        double[] all = doubles(values);
        double[] result = new double[all.length];
        int n = Math.toIntExact(values.size(1));
        TopKSelection selection = new TopKSelection(k);
        for (int start = 0; start < all.length; start += n) {
            selection.select(orders, start, n);
            for (int j = 0; j < k; j++) {
                int at = start + selection.columns[j];
                result[at] = all[at];
            }
        }
        kept.assign(Nd4j.create(result, values.shape(), new long[] {n, 1}, 'c', DataType.DOUBLE));
    }

    /**
     * Zeroes a row but for k places.
     *
     * @param order decides which
     * @param values may be {@code order} itself
     * @param marks receives 1 where a value is kept and else 0; may be null
     * @param n the length of the row
     */
    void keep(float[] order, float[] values, float[] marks, int n) {
        select(order, n);
        for (int j = 0; j < k; j++) {
            chosen[j] = values[columns[j]];
        }
        Arrays.fill(values, 0, n, 0f);
        for (int j = 0; j < k; j++) {
            values[columns[j]] = chosen[j];
        }
        if (marks != null) {
            Arrays.fill(marks, 0, n, 0f);
            for (int j = 0; j < k; j++) {
                marks[columns[j]] = 1f;
            }
        }
    }

    /** Afterwards the first k entries of {@link #columns} are the chosen ones, in no particular order. */
    private void select(float[] row, int n) {
        size = 0;
        for (int j = 0; j < k; j++) {
            add(key(row[j]), j);
        }
        float threshold = row[weakest()];
        for (int j = k; j < n; j++) {
            if (!(row[j] <= threshold)) { // so that NaN passes
                add(key(row[j]), j);
                if (size == keys.length) {
                    trim();
                    threshold = row[weakest()];
                }
            }
        }
        if (size > k) {
            trim();
        }
    }

    /** The same for float64, on a part of an array; columns count from its start. */
    private void select(double[] all, int start, int n) {
        size = 0;
        for (int j = 0; j < k; j++) {
            add(key(all[start + j]), j);
        }
        double threshold = all[start + weakest()];
        for (int j = k; j < n; j++) {
            if (!(all[start + j] <= threshold)) {
                add(key(all[start + j]), j);
                if (size == keys.length) {
                    trim();
                    threshold = all[start + weakest()];
                }
            }
        }
        if (size > k) {
            trim();
        }
    }

    private void add(long key, int column) {
        keys[size] = key;
        columns[size++] = column;
    }

    /** An integer in the order of the values; −0 counts as 0. */
    private static long key(float value) {
        int bits = Float.floatToIntBits(value + 0f);
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    private static long key(double value) {
        long bits = Double.doubleToLongBits(value + 0d);
        return bits ^ ((bits >> 63) & Long.MAX_VALUE);
    }

    /** The column of the smallest of the first k candidates. */
    private int weakest() {
        int weakest = 0;
        for (int i = 1; i < k; i++) {
            if (keys[i] < keys[weakest]) {
                weakest = i;
            }
        }
        return columns[weakest];
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

    private static double[] doubles(INDArray array) {
        INDArray contiguous = array.castTo(DataType.DOUBLE).dup('c');
        double[] values = new double[Math.toIntExact(contiguous.length())];
        contiguous.data().asNioDouble().get(values); // value by value is several times slower
        return values;
    }
}
