package io.github.dl4jae.dictionary;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The activations of a network in random mini-batches, epoch after epoch: from a bounded buffer, for which the network
 * runs in each epoch, or from a store of all rows, for which it runs once.
 */
final class ActivationBuffer implements AutoCloseable {

    /**
     * Sizes and places.
     *
     * @param rows the number of rows that are mixed at a time
     * @param memory the largest number of bytes of the buffer in memory
     * @param directory of the temporary file for the rest
     * @param keep whether all rows are stored in the first epoch
     */
    record Options(int rows, long memory, Path directory, boolean keep) {}

    private final Supplier<Iterator<float[]>> stream;
    private final Options options;
    private final int minibatch;
    private final long seed;
    private final RowStore store;

    private @Nullable ShuffledRows current;
    private long earlier;
    /** The number of stored rows; −1 before the first epoch. */
    private int kept = -1;

    /**
     * Creates a buffer.
     *
     * @param stream returns the rows of an epoch, in arrays of any number of rows
     * @param width the length of a row
     * @param options sizes and places
     * @param minibatch the number of rows to serve at a time
     * @param seed of the order
     */
    ActivationBuffer(Supplier<Iterator<float[]>> stream, int width, Options options, int minibatch, long seed) {
        this.stream = stream;
        this.options = options;
        this.minibatch = minibatch;
        this.seed = seed;
        long most = options.keep() ? Integer.MAX_VALUE : options.rows();
        this.store = new RowStore(width, most, options.memory(), options.directory());
    }

    /** Returns the mini-batches of an epoch, as the rows of each one after the other. Ends the epoch before. */
    Iterator<float[]> epoch(int epoch) {
        earlier = seen();
        current = null;
        if (!options.keep()) {
            current = new ShuffledRows(
                    stream.get(), store, options.rows(), minibatch, ShuffledRows.order(seed, epoch));
            return current;
        }
        if (kept < 0) {
            kept = storeAll();
            earlier += kept;
        }
        return ShuffledRows.ofAll(store, kept, minibatch, ShuffledRows.order(seed, epoch));
    }

    private int storeAll() {
        int width = store.width();
        int rows = 0;
        Iterator<float[]> all = stream.get();
        while (all.hasNext()) {
            float[] part = all.next();
            for (int offset = 0; offset < part.length; offset += width) {
                store.put(rows, part, offset);
                rows = Math.addExact(rows, 1);
            }
        }
        return rows;
    }

    /** Returns the number of rows that the network has computed, over all epochs. */
    long seen() {
        return earlier + (current == null ? 0 : current.seen());
    }

    long fileBytes() {
        return store.fileBytes();
    }

    @Override
    public void close() {
        store.close();
    }
}
