package io.github.dl4jae.selection;

import io.github.dl4jae.internal.math.Shuffle;
import java.util.Arrays;
import java.util.Random;

/** An endless sequence of mini-batches of row numbers. Every epoch covers all rows in a new order. */
final class ShuffledBatches {

    private final int[] order;
    private final int batch;
    private final Random random;
    /** The start of the next mini-batch; equal to the number of rows at the end of an epoch. */
    private int from;

    ShuffledBatches(long rows, int batch, long seed) {
        this.order = new int[Math.toIntExact(rows)];
        Arrays.setAll(order, i -> i);
        this.batch = batch;
        this.random = new Random(seed);
        this.from = order.length;
    }

    int perEpoch() {
        return 1 + (order.length - 1) / batch;
    }

    /** Returns the next mini-batch; the last of an epoch can be smaller. */
    int[] next() {
        if (from >= order.length) {
            Shuffle.inPlace(order, random);
            from = 0;
        }
        int[] rows = Arrays.copyOfRange(order, from, Math.min(from + batch, order.length));
        from += rows.length;
        return rows;
    }
}
