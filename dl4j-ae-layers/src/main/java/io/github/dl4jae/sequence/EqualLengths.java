package io.github.dl4jae.sequence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/**
 * Examples in groups of one length, in mini-batches of one size.
 *
 * <p>Matrix products can round a row differently in mini-batches of other sizes. Here all have {@value #SIZE} rows, the
 * last one by repetition, so that the result of a sequence depends on that sequence alone.
 */
final class EqualLengths {

    static final int SIZE = 32;

    private EqualLengths() {}

    /** Handles a mini-batch. */
    @FunctionalInterface
    interface Action {

        /**
         * Handles examples of one length.
         *
         * @param rows the examples of the mini-batch, {@value #SIZE} numbers, of which the last ones can repeat others
         * @param count the number of those that do not
         * @param length of their sequences
         */
        void accept(int[] rows, int count, int length);
    }

    /** Handles examples that all have one length, such as codes. */
    static void forEach(int count, Action action) {
        forEach(new int[count], action);
    }

    static void forEach(int[] lengths, Action action) {
        TreeMap<Integer, List<Integer>> groups = new TreeMap<>();
        for (int i = 0; i < lengths.length; i++) {
            groups.computeIfAbsent(lengths[i], length -> new ArrayList<>()).add(i);
        }
        groups.forEach((length, rows) -> {
            for (int from = 0; from < rows.size(); from += SIZE) {
                List<Integer> part = rows.subList(from, Math.min(from + SIZE, rows.size()));
                List<Integer> filled = new ArrayList<>(part);
                filled.addAll(Collections.nCopies(SIZE - part.size(), part.get(0)));
                action.accept(filled.stream().mapToInt(row -> row).toArray(), part.size(), length);
            }
        });
    }
}
