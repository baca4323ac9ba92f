package io.github.dl4jae.selection;

import java.util.Arrays;
import java.util.Collections;
import java.util.Random;

/** The rows of minibatches without end: every epoch all rows, in an order of its own. */
final class ShuffledBatches {

    private final Integer[] order;
    private final int batch;
    private final Random random;
    /** Where the next minibatch begins; at the end, nothing is left of the epoch. */
    private int from;

    ShuffledBatches(long rows, int batch, long seed) {
        this.order = new Integer[Math.toIntExact(rows)];
        Arrays.setAll(order, i -> i);
        this.batch = batch;
        this.random = new Random(seed);
        this.from = order.length;
    }

    int perEpoch() {
        return 1 + (order.length - 1) / batch;
    }

    /** The last of an epoch may be smaller. */
    int[] next() {
        if (from >= order.length) {
            Collections.shuffle(Arrays.asList(order), random);
            from = 0;
        }
        int[] rows = Arrays.stream(order, from, Math.min(from + batch, order.length))
                .mapToInt(i -> i)
                .toArray();
        from += rows.length;
        return rows;
    }
}
