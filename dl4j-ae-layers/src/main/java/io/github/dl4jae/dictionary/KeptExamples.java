package io.github.dl4jae.dictionary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The examples with the largest keys of a stream, in a binary heap of primitive arrays that grows as needed. Of equal
 * keys the example that came first stays.
 */
final class KeptExamples {

    private static final int FIRST = 8;

    private final int capacity;
    private int size;
    private long[] keys = new long[0];
    private int[] examples = new int[0];
    private int[] positions = new int[0];
    private int[] labels = new int[0];
    private double[] activations = new double[0];

    KeptExamples(int capacity) {
        this.capacity = capacity;
    }

    void offer(long key, int example, int position, double activation, int label) {
        if (size == capacity) {
            if (capacity == 0 || key < keys[0] || (key == keys[0] && example > examples[0])) {
                return;
            }
            set(0, key, example, position, activation, label);
            sink();
            return;
        }
        if (size == keys.length) {
            grow(Math.min(capacity, Math.max(FIRST, 2 * size)));
        }
        set(size, key, example, position, activation, label);
        rise(size++);
    }

    private void grow(int length) {
        keys = Arrays.copyOf(keys, length);
        examples = Arrays.copyOf(examples, length);
        positions = Arrays.copyOf(positions, length);
        labels = Arrays.copyOf(labels, length);
        activations = Arrays.copyOf(activations, length);
    }

    private void set(int at, long key, int example, int position, double activation, int label) {
        keys[at] = key;
        examples[at] = example;
        positions[at] = position;
        activations[at] = activation;
        labels[at] = label;
    }

    private boolean before(int a, int b) {
        return keys[a] != keys[b] ? keys[a] < keys[b] : examples[a] > examples[b];
    }

    private void rise(int from) {
        int at = from;
        while (at > 0 && before(at, (at - 1) / 2)) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void sink() {
        int at = 0;
        while (true) {
            int least = at;
            for (int child = 2 * at + 1; child <= 2 * at + 2 && child < size; child++) {
                least = before(child, least) ? child : least;
            }
            if (least == at) {
                return;
            }
            swap(at, least);
            at = least;
        }
    }

    private void swap(int a, int b) {
        long key = keys[a];
        int example = examples[a];
        int position = positions[a];
        double activation = activations[a];
        int label = labels[a];
        set(a, keys[b], examples[b], positions[b], activations[b], labels[b]);
        set(b, key, example, position, activation, label);
    }

    /** Returns the examples, those with the largest keys first, and of equal keys the first in the stream. */
    List<FeatureExample> byKey() {
        Comparator<Integer> order =
                Comparator.comparingLong((Integer at) -> keys[at]).reversed().thenComparingInt(at -> examples[at]);
        List<FeatureExample> result = new ArrayList<>(size);
        IntStream.range(0, size)
                .boxed()
                .sorted(order)
                .forEach(
                        at -> result.add(new FeatureExample(examples[at], positions[at], activations[at], labels[at])));
        return result;
    }
}
