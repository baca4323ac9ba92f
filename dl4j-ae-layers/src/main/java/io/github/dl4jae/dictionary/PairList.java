package io.github.dl4jae.dictionary;

import java.util.Arrays;
import java.util.List;

/**
 * The (unit, pre-activation, value) triples of adjacent examples, by example, in the order in which they are added.
 * Triples with the value 0 take part in gradients only.
 */
final class PairList {

    private static final int INITIAL = 256;

    private final int units;
    private int[] start = new int[INITIAL];
    private int examples;
    private int[] unit = new int[INITIAL];
    private double[] pre = new double[INITIAL];
    private double[] value = new double[INITIAL];
    private int size;

    PairList(int units) {
        this.units = units;
    }

    /** Adds a triple to the current example. */
    void add(int unit, double pre, double value) {
        if (size == this.unit.length) {
            int capacity = Math.addExact(size, Math.max(INITIAL, size / 2));
            this.unit = Arrays.copyOf(this.unit, capacity);
            this.pre = Arrays.copyOf(this.pre, capacity);
            this.value = Arrays.copyOf(this.value, capacity);
        }
        this.unit[size] = unit;
        this.pre[size] = pre;
        this.value[size++] = value;
    }

    void endExample() {
        examples++;
        if (examples == start.length) {
            start = Arrays.copyOf(start, 2 * examples);
        }
        start[examples] = size;
    }

    int units() {
        return units;
    }

    int examples() {
        return examples;
    }

    int size() {
        return size;
    }

    int start(int example) {
        return start[example];
    }

    int unit(int pair) {
        return unit[pair];
    }

    double pre(int pair) {
        return pre[pair];
    }

    double value(int pair) {
        return value[pair];
    }

    /** Returns the lists one after the other. */
    static PairList join(int units, List<PairList> lists) {
        PairList all = new PairList(units);
        int pairs = lists.stream().mapToInt(list -> list.size).reduce(0, Math::addExact);
        int examples = lists.stream().mapToInt(list -> list.examples).sum();
        all.unit = new int[pairs];
        all.pre = new double[pairs];
        all.value = new double[pairs];
        all.start = new int[examples + 1];
        for (PairList list : lists) {
            System.arraycopy(list.unit, 0, all.unit, all.size, list.size);
            System.arraycopy(list.pre, 0, all.pre, all.size, list.size);
            System.arraycopy(list.value, 0, all.value, all.size, list.size);
            for (int b = 1; b <= list.examples; b++) {
                all.start[all.examples + b] = all.size + list.start[b];
            }
            all.size += list.size;
            all.examples += list.examples;
        }
        return all;
    }

    /** Returns the values that are not zero, by ascending unit. */
    SparseCodes codes() {
        int[] begin = new int[examples + 1];
        int[] units = new int[size];
        double[] values = new double[size];
        int count = 0;
        for (int b = 0; b < examples; b++) {
            for (int pair : byUnit(b)) {
                if (value[pair] != 0) {
                    units[count] = unit[pair];
                    values[count++] = value[pair];
                }
            }
            begin[b + 1] = count;
        }
        return new SparseCodes(this.units, begin, Arrays.copyOf(units, count), Arrays.copyOf(values, count));
    }

    private int[] byUnit(int example) {
        long[] order = new long[start[example + 1] - start[example]];
        for (int i = 0; i < order.length; i++) {
            int pair = start[example] + i;
            order[i] = ((long) unit[pair] << Integer.SIZE) | pair;
        }
        Arrays.sort(order);
        int[] pairs = new int[order.length];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = (int) order[i];
        }
        return pairs;
    }
}
