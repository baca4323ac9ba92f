package io.github.dl4jae.internal.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A selection of the k largest values of float32 rows. Among equal values those with the lowest index win, so the
 * result has exactly k values. NaN counts as the largest value, so that it stays visible in the result.
 *
 * <p>How it works, where k is small against the row: the row is split into groups of columns j, j + g, j + 2g, …, and
 * vector instructions compute the maximum of each group. At least k values reach the k-th largest maximum, and on
 * random data not many more. They are in the groups whose maximum reaches it, and only those groups are read again.
 *
 * <p>Rows with many ties or NaN, and large k, take a scan instead, after Guava's {@code TopKSelector}: it collects the
 * candidates above the smallest of the best k so far, and whenever the buffer is full, quickselect drops all but k.
 *
 * <p>A candidate is one long: its upper half is the value as an integer of the same order, its lower half the column,
 * counted from the right. Instances are not thread-safe.
 */
public final class LargestValues {

    /** The least capacity beyond k: for small k, few large selections are faster than many small ones. */
    private static final int SPARE = 256;

    private static final int LEAST_GROUPS = 64;

    private final int k;
    private final long[] candidates;
    private float[] chosen = {};
    private int size;
    /** The maximum of each group; sorted in part while the threshold is determined. */
    private float[] maxima = {};

    private float[] part = {};

    /**
     * Creates a selection.
     *
     * @param k the number of values to select, at least 1
     */
    public LargestValues(int k) {
        this.k = k;
        this.candidates = new long[k + Math.max(k, SPARE)];
    }

    /**
     * Selects values of a row, whose columns {@link #column} then returns.
     *
     * @param row the values
     * @param n the length of the row, at least k
     */
    public void select(float[] row, int n) {
        int groups = groups(k, n);
        if (groups == 0 || !selectByGroups(row, n, groups)) {
            selectByScan(row, n);
        }
    }

    /**
     * Returns the column of a selected value.
     *
     * @param i in [0, k), in no particular order
     * @return its index in the row
     */
    public int column(int i) {
        return columnOf(candidates[i]);
    }

    /**
     * Sets all but k values of a row to 0.
     *
     * @param order the values that are compared
     * @param values the row; may be {@code order} itself
     * @param marks receives 1 where a value is kept, else 0; may be null
     * @param n the length of the row, at least k
     */
    public void keep(float[] order, float[] values, float @Nullable [] marks, int n) {
        select(order, n);
        if (chosen.length < k) {
            chosen = new float[k];
        }
        for (int i = 0; i < k; i++) {
            chosen[i] = values[column(i)];
        }
        Arrays.fill(values, 0, n, 0f);
        for (int i = 0; i < k; i++) {
            values[column(i)] = chosen[i];
        }
        if (marks != null) {
            Arrays.fill(marks, 0, n, 0f);
            for (int i = 0; i < k; i++) {
                marks[column(i)] = 1f;
            }
        }
    }

    /**
     * Returns the number of groups, a power of two, or 0 where a scan is faster. More groups cost a longer search for
     * the threshold, fewer groups a longer search for the values that reach it.
     */
    static int groups(int k, int n) {
        double balanced = Math.max(LEAST_GROUPS, Math.max(2.0 * k, Math.sqrt((double) k * n) / 4));
        if (balanced > n / 4.0) {
            return 0;
        }
        int groups = Integer.highestOneBit((int) Math.ceil(balanced) * 2 - 1);
        return groups <= n / 4 ? groups : 0;
    }

    /** Moves the k largest values to the first k candidates; false if the row has NaN or too many ties for that. */
    private boolean selectByGroups(float[] row, int n, int groups) {
        if (maxima.length != groups) {
            maxima = new float[groups];
            part = new float[groups];
        }
        System.arraycopy(row, 0, maxima, 0, groups);
        int start = groups;
        for (; start + groups <= n; start += groups) {
            System.arraycopy(row, start, part, 0, groups); // HotSpot uses vector instructions only for equal indices
            maximum(maxima, part, groups);
        }
        System.arraycopy(row, start, part, 0, n - start);
        maximum(maxima, part, n - start);
        if (hasNaN(maxima)) {
            return false;
        }
        System.arraycopy(maxima, 0, part, 0, groups);
        return collect(row, n, kthLargest(part, k));
    }

    private static void maximum(float[] largest, float[] values, int n) {
        for (int j = 0; j < n; j++) {
            largest[j] = Math.max(largest[j], values[j]);
        }
    }

    private static boolean hasNaN(float[] values) {
        for (float value : values) {
            if (Float.isNaN(value)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the k-th largest of values without NaN, which it reorders. */
    private static float kthLargest(float[] values, int k) {
        int low = 0;
        int high = values.length - 1;
        while (low < high) {
            float pivot = values[(low + high) >>> 1];
            int left = low;
            int right = high;
            while (left <= right) {
                while (values[left] > pivot) {
                    left++;
                }
                while (values[right] < pivot) {
                    right--;
                }
                if (left <= right) {
                    float moved = values[left];
                    values[left++] = values[right];
                    values[right--] = moved;
                }
            }
            if (k - 1 <= right) {
                high = right;
            } else if (k - 1 >= left) {
                low = left;
            } else {
                break;
            }
        }
        return values[k - 1];
    }

    private boolean collect(float[] row, int n, float threshold) {
        size = 0;
        int groups = maxima.length;
        for (int group = 0; group < groups; group++) {
            if (maxima[group] >= threshold) {
                for (int j = group; j < n; j += groups) {
                    if (row[j] >= threshold) {
                        if (size == candidates.length) {
                            return false;
                        }
                        candidates[size++] = candidate(row[j], j);
                    }
                }
            }
        }
        if (size > k) {
            trim();
        }
        return true;
    }

    /** Moves the k largest values to the first k candidates, in no particular order. */
    private void selectByScan(float[] row, int n) {
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

    private static int columnOf(long candidate) {
        return Integer.MAX_VALUE - (int) candidate;
    }

    /** Returns the column of the smallest of the first k candidates. */
    private int weakest() {
        long weakest = candidates[0];
        for (int i = 1; i < k; i++) {
            weakest = Math.min(weakest, candidates[i]);
        }
        return columnOf(weakest);
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
}
