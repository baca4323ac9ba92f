package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.RowBlocks;
import java.lang.ref.Reference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A selection of the k largest values of each row. Among equal values those with the lowest index win, so the result
 * has exactly k values. NaN counts as the largest value, so that it stays visible in the result.
 *
 * <p>How it works, after Guava's {@code TopKSelector}: one scan of the row collects the candidates above the smallest
 * of the best k so far. Whenever the buffer is full, quickselect drops all but k. On random data that happens
 * O(log(n/k)) times, so a row costs little more than reading it. A candidate is one long: its upper half is the value
 * as an integer of the same order, its lower half the column, counted from the right.
 */
final class TopKSelection {

    /** The least capacity beyond k: for small k, few large selections are faster than many small ones. */
    private static final int SPARE = 256;

    private final int k;
    private final long[] candidates;
    private final float[] chosen;
    private int size;

    TopKSelection(int k) {
        this.k = k;
        this.candidates = new long[k + Math.max(k, SPARE)];
        this.chosen = new float[k];
    }

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

    /**
     * Sets all but k values of a row to 0.
     *
     * @param order the values that are compared
     * @param values the row; may be {@code order} itself
     * @param marks receives 1 where a value is kept, else 0; may be null
     * @param n the length of the row
     */
    void keep(float[] order, float[] values, float @Nullable [] marks, int n) {
        select(order, n);
        for (int i = 0; i < k; i++) {
            chosen[i] = values[column(candidates[i])];
        }
        Arrays.fill(values, 0, n, 0f);
        for (int i = 0; i < k; i++) {
            values[column(candidates[i])] = chosen[i];
        }
        if (marks != null) {
            Arrays.fill(marks, 0, n, 0f);
            for (int i = 0; i < k; i++) {
                marks[column(candidates[i])] = 1f;
            }
        }
    }

    /** Moves the k largest values to the first k candidates, in no particular order. */
    private void select(float[] row, int n) {
        size = 0;
        for (int j = 0; j < k; j++) {
            candidates[size++] = candidate(row[j], j);
        }
        float threshold = row[weakest()];
        for (int j = k; j < n; j++) {
            if (!(row[j] <= threshold)) { // true for NaN
                candidates[size++] = candidate(row[j], j);
                if (size == candidates.length) {
                    trim();
                    threshold = row[weakest()];
                }
            }
        }
        if (size > k) {
            trim();
        }
    }

    /** Returns a key that is larger for larger values and, among equal values, for lower columns. */
    private static long candidate(float value, int column) {
        int bits = Float.floatToIntBits(value + 0f); // −0 counts as 0
        return ((long) (bits ^ ((bits >> 31) & Integer.MAX_VALUE)) << 32) | (Integer.MAX_VALUE - column);
    }

    private static int column(long candidate) {
        return Integer.MAX_VALUE - (int) candidate;
    }

    private static long key(double value) {
        long bits = Double.doubleToLongBits(value + 0d);
        return bits ^ ((bits >> 63) & Long.MAX_VALUE);
    }

    /** Returns the column of the smallest of the first k candidates. */
    private int weakest() {
        long weakest = candidates[0];
        for (int i = 1; i < k; i++) {
            weakest = Math.min(weakest, candidates[i]);
        }
        return column(weakest);
    }

    /** Moves the best k candidates to the front by quickselect and drops the others. */
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

    /** Partitions around the middle element, larger candidates first, and returns its final index. */
    private int partition(int low, int high) {
        int middle = (low + high) >>> 1;
        long pivot = candidates[middle];
        candidates[middle] = candidates[high];
        int boundary = low;
        for (int i = low; i < high; i++) {
            long candidate = candidates[i];
            if (candidate > pivot) {
                candidates[i] = candidates[boundary];
                candidates[boundary++] = candidate;
            }
        }
        candidates[high] = candidates[boundary];
        candidates[boundary] = pivot;
        return boundary;
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
