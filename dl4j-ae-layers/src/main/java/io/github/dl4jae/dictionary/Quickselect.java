package io.github.dl4jae.dictionary;

/** Selection of the k-th largest of many numbers, in linear time on average. */
final class Quickselect {

    private Quickselect() {}

    /**
     * Returns the k-th largest value.
     *
     * @param values without NaN; reordered
     * @param k in [1, length]
     */
    static double largest(double[] values, int k) {
        int low = 0;
        int high = values.length - 1;
        while (low < high) {
            double pivot = values[(low + high) >>> 1];
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
                    double moved = values[left];
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
}
