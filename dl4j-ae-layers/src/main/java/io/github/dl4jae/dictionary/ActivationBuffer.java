package io.github.dl4jae.dictionary;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The activations of a network in random mini-batches, epoch after epoch: from a bounded buffer, for which the network
 * runs in each epoch, or from a store of all rows, for which it runs once.
 */
final class ActivationBuffer implements AutoCloseable {

    /** When all rows are stored, so that the network runs once. */
    enum Keep {
        NEVER,
        IF_IN_MEMORY,
        ALWAYS
    }

    /**
     * Sizes and places.
     *
     * @param rows the number of rows that are mixed at a time
     * @param memory the largest number of bytes of the buffer in memory
     * @param directory of the temporary file for the rest
     * @param keep when all rows are stored
     */
    record Options(int rows, long memory, Path directory, Keep keep) {}

    private final Supplier<Iterator<float[]>> stream;
    private final Options options;
    private final long seed;
    private final RowStore store;

    private @Nullable ShuffledRows current;
    private long earlier;
    private long earlierServed;
    /** The number of stored rows; −1 if not all are stored. */
    private int kept = -1;

    /**
     * Creates a buffer.
     *
     * @param stream returns the rows of an epoch, in arrays of any number of rows
     * @param width the length of a row
     * @param options sizes and places
     * @param seed of the order
     */
    ActivationBuffer(Supplier<Iterator<float[]>> stream, int width, Options options, long seed) {
        this.stream = stream;
        this.options = options;
        this.seed = seed;
        long most = options.keep() == Keep.NEVER ? options.rows() : Integer.MAX_VALUE;
        this.store = new RowStore(width, most, options.memory(), options.directory());
    }

    /**
     * Reads the stream once before the first epoch, and stores its rows if all are to be kept.
     *
     * @param most the number of rows after which reading ends, if they are not stored
     * @param listener receives the parts of the stream
     * @return the number of rows; −1 if there are more
     */
    long survey(long most, Consumer<float[]> listener) {
        int width = store.width();
        boolean storing = options.keep() != Keep.NEVER;
        long rows = 0;
        for (Iterator<float[]> all = stream.get(); all.hasNext(); ) {
            if (!storing && rows >= most) {
                earlier += rows;
                return -1;
            }
            float[] part = all.next();
            listener.accept(part);
            if (storing && options.keep() == Keep.IF_IN_MEMORY && !store.hasMemoryFor(rows + part.length / width)) {
                storing = false;
                store.clear();
            }
            for (int offset = 0; storing && offset < part.length; offset += width) {
                store.put(rows + offset / width, part, offset);
            }
            rows += part.length / width;
        }
        if (storing) {
            kept = Math.toIntExact(rows);
        }
        earlier += rows;
        return rows;
    }

    /** Returns the mini-batches of an epoch, as the rows of each one after the other. Ends the epoch before. */
    Iterator<float[]> epoch(int epoch, int minibatch) {
        earlier = seen();
        earlierServed = served();
        SplittableRandom order = ShuffledRows.order(seed, epoch);
        current = kept >= 0
                ? ShuffledRows.ofAll(store, kept, minibatch, order)
                : new ShuffledRows(stream.get(), store, options.rows(), minibatch, order);
        return current;
    }

    /** Returns the number of rows that were served, over all epochs. */
    long served() {
        return earlierServed + (current == null ? 0 : current.served());
    }

    /** Returns the number of rows that the network has computed, over the survey and all epochs. */
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
