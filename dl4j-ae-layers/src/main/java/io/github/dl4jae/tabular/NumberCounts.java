package io.github.dl4jae.tabular;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts how often each number occurs, up to a largest number of different ones: a hash table without objects. */
final class NumberCounts {

    private static final int SMALLEST = 16;

    private final int most;
    private double[] numbers = new double[SMALLEST];
    private long[] counts = new long[SMALLEST];
    private int size;

    NumberCounts(int most) {
        this.most = most;
    }

    /** Returns whether there are more different numbers than are counted. */
    boolean isFull() {
        return size > most;
    }

    void add(double number) {
        if (!isFull()) {
            add(number + 0.0, 1); // no negative zero
        }
    }

    private void add(double number, long count) {
        int place = place(number);
        while (counts[place] > 0 && numbers[place] != number) {
            place = place + 1 & counts.length - 1;
        }
        if (counts[place] == 0) {
            size++;
            numbers[place] = number;
        }
        counts[place] += count;
        if (2 * size > counts.length) {
            grow();
        }
    }

    /** Adds the counts of another. */
    void addAll(NumberCounts other) {
        for (int i = 0; i < other.counts.length && size <= most; i++) {
            if (other.counts[i] > 0) {
                add(other.numbers[i], other.counts[i]);
            }
        }
        if (other.isFull()) {
            size = most + 1;
        }
    }

    private int place(double number) {
        long bits = Double.doubleToRawLongBits(number) * 0x9E3779B97F4A7C15L;
        return (int) (bits >>> 40) & counts.length - 1;
    }

    private void grow() {
        double[] oldNumbers = numbers;
        long[] oldCounts = counts;
        numbers = new double[2 * oldNumbers.length];
        counts = new long[numbers.length];
        size = 0;
        for (int i = 0; i < oldCounts.length; i++) {
            if (oldCounts[i] > 0) {
                add(oldNumbers[i], oldCounts[i]);
            }
        }
    }

    /** Returns the counts by number, or null if there are too many different ones. */
    @Nullable
    Map<Double, Long> get() {
        if (isFull()) {
            return null;
        }
        Map<Double, Long> sorted = new TreeMap<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                sorted.put(numbers[i], counts[i]);
            }
        }
        return sorted;
    }
}
