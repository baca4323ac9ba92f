package io.github.dl4jae.internal.math;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The order of the examples in memory, epoch after epoch. A shuffled order depends only on the seed and the number of
 * the epoch, not on earlier epochs.
 */
public final class EpochOrder {

    private final boolean shuffled;
    private final long seed;
    private final int[] order;
    private int epoch;
    private int position;

    /**
     * Starts an epoch.
     *
     * @param examples the number of examples
     * @param shuffled whether they are shuffled
     * @param seed the seed of the orders
     * @param epoch the number of the epoch, from 0
     */
    public EpochOrder(int examples, boolean shuffled, long seed, int epoch) {
        this.shuffled = shuffled;
        this.seed = seed;
        this.order = IntStream.range(0, examples).toArray();
        this.epoch = epoch;
        shuffle();
    }

    private void shuffle() {
        if (shuffled) {
            Arrays.setAll(order, i -> i);
            Shuffle.inPlace(order, RandomStreams.of(seed, epoch));
        }
    }

    /**
     * Returns the number of the epoch.
     *
     * @return the number, from 0
     */
    public int epoch() {
        return epoch;
    }

    /**
     * Returns whether examples are left in this epoch.
     *
     * @return true if there are
     */
    public boolean hasNext() {
        return position < order.length;
    }

    /**
     * Returns the next examples.
     *
     * @param count the largest number of examples
     * @return their indices; fewer at the end of the epoch
     */
    public int[] next(int count) {
        int from = position;
        position = Math.min(from + count, order.length);
        return Arrays.copyOfRange(order, from, position);
    }

    /** Starts the next epoch, unless the current one has just started. */
    public void reset() {
        if (position > 0) {
            position = 0;
            epoch++;
            shuffle();
        }
    }
}
