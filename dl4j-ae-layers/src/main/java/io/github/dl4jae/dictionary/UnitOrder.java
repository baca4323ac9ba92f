package io.github.dl4jae.dictionary;

/** The pairs of a mini-batch by unit. */
final class UnitOrder {

    private final int[] start;
    private final int[] pair;
    private final int[] example;

    UnitOrder(PairList pairs) {
        start = new int[pairs.units() + 1];
        for (int p = 0; p < pairs.size(); p++) {
            start[pairs.unit(p) + 1]++;
        }
        for (int j = 0; j < pairs.units(); j++) {
            start[j + 1] += start[j];
        }
        int[] next = start.clone();
        pair = new int[pairs.size()];
        example = new int[pairs.size()];
        for (int b = 0; b < pairs.examples(); b++) {
            for (int p = pairs.start(b); p < pairs.start(b + 1); p++) {
                int at = next[pairs.unit(p)]++;
                pair[at] = p;
                example[at] = b;
            }
        }
    }

    int count(int unit) {
        return start[unit + 1] - start[unit];
    }

    /** Returns the index of the i-th pair of a unit. */
    int pair(int unit, int i) {
        return pair[start[unit] + i];
    }

    int example(int unit, int i) {
        return example[start[unit] + i];
    }
}
