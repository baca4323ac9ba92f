package io.github.dl4jae.training;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The mini-batches of an epoch in order. Another thread reads ahead if the iterator allows it. The random numbers of a
 * mini-batch are the same either way.
 */
final class EpochReader implements AutoCloseable {

    private static final int AHEAD = 2;
    private static final long POLL_MILLIS = 20;

    /** A mini-batch, the end of the epoch, or what the iterator threw. */
    private record Read(
            @Nullable MiniBatch minibatch, @Nullable Throwable failure) {}

    private final MiniBatches source;
    private final RandomSeeds seeds;
    private final int epoch;
    private final BlockingQueue<Read> queue = new ArrayBlockingQueue<>(AHEAD);
    private final @Nullable Future<?> reading;
    private volatile boolean closed;
    private int index;

    /**
     * Begins to read.
     *
     * @param source at its first mini-batch of the epoch
     * @param first the number of mini-batches to leave out
     */
    EpochReader(MiniBatches source, RandomSeeds seeds, int epoch, int first, ExecutorService thread) {
        this.source = source;
        this.seeds = seeds;
        this.epoch = epoch;
        for (int i = 0; i < first; i++) {
            read();
        }
        this.reading = source.asyncSupported() ? thread.submit(this::readAhead) : null;
    }

    /** Returns the next mini-batch, or null at the end of the epoch. */
    @Nullable
    MiniBatch next() throws InterruptedException {
        if (reading == null) {
            return read();
        }
        Read next = queue.take();
        if (next.failure() instanceof RuntimeException e) {
            throw e;
        } else if (next.failure() instanceof Error e) {
            throw e;
        }
        return next.minibatch();
    }

    private @Nullable MiniBatch read() {
        seeds.begin(RandomSeeds.Use.DATA, epoch, index++);
        return source.hasNext() ? source.next() : null;
    }

    private void readAhead() {
        Read last;
        do {
            try {
                last = new Read(read(), null);
            } catch (RuntimeException | Error e) {
                last = new Read(null, e);
            }
        } while (put(last) && last.minibatch() != null);
    }

    /** Waits for a place in the queue; returns false if the reader was closed. */
    private boolean put(Read read) {
        try {
            while (!closed) {
                if (queue.offer(read, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Waits until the other thread has left the iterator alone. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (reading != null && !reading.isDone()) {
            try {
                reading.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                throw new IllegalStateException("Trainer: reading failed", e.getCause());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
