package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.math.RandomStreams;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/**
 * The rows of a stream in random order, through a bounded buffer. The buffer is filled; mini-batches are drawn from all
 * of its rows until half of it is left; then it is filled again. At the end of the stream the rest is drawn. Each row
 * is served exactly once. The order depends on the seed and the stream alone.
 */
final class ShuffledRows implements Iterator<float[]> {

    private final Iterator<float[]> stream;
    private final RowStore store;
    private final int minibatch;
    private final SplittableRandom random;
    /** The slots of the store: first those with rows, then free ones. */
    private final int[] slots;

    private int filled;
    private long seen;
    private long served;
    private float[] part = {};
    private int offset;

    /**
     * Begins to serve.
     *
     * @param stream arrays of any number of rows, one after the other
     * @param store the buffer
     * @param capacity the number of rows that the buffer holds
     * @param minibatch the number of rows to serve at a time
     * @param random the source of the order
     */
    ShuffledRows(Iterator<float[]> stream, RowStore store, int capacity, int minibatch, SplittableRandom random) {
        this.stream = stream;
        this.store = store;
        this.minibatch = minibatch;
        this.random = random;
        this.slots = new int[capacity];
        Arrays.setAll(slots, i -> i);
    }

    /** Begins to serve rows that a store has in its first slots. */
    static ShuffledRows ofAll(RowStore store, int rows, int minibatch, SplittableRandom random) {
        ShuffledRows all = new ShuffledRows(Collections.emptyIterator(), store, rows, minibatch, random);
        all.filled = rows;
        return all;
    }

    static SplittableRandom order(long seed, int epoch) {
        return RandomStreams.of(seed, epoch);
    }

    /** Returns the number of rows that were read from the stream. */
    long seen() {
        return seen;
    }

    /** Returns the number of rows that were served. */
    long served() {
        return served;
    }

    private void fill() {
        int width = store.width();
        while (filled < slots.length && hasPart()) {
            store.put(slots[filled++], part, offset);
            offset += width;
            seen++;
        }
    }

    private boolean hasPart() {
        while (offset >= part.length && stream.hasNext()) {
            part = stream.next();
            offset = 0;
        }
        return offset < part.length;
    }

    @Override
    public boolean hasNext() {
        return filled > 0 || hasPart();
    }

    /** Returns the rows of the next mini-batch, one after the other; fewer than usual at the end of the stream. */
    @Override
    public float[] next() {
        if (filled <= slots.length / 2 || filled < minibatch) {
            fill();
        }
        if (filled == 0) {
            throw new NoSuchElementException("all rows were served");
        }
        int width = store.width();
        int count = Math.min(minibatch, filled);
        float[] rows = new float[count * width];
        for (int i = 0; i < count; i++) {
            int drawn = random.nextInt(filled);
            int slot = slots[drawn];
            slots[drawn] = slots[--filled];
            slots[filled] = slot;
            store.get(slot, rows, i * width);
        }
        served += count;
        return rows;
    }
}
