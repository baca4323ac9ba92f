package io.github.dl4jae.internal.kernel;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A parallel loop over numbered blocks, for work of ten microseconds to some milliseconds.
 *
 * <p>Each thread takes the next block from a counter, so that a thread that comes late or is slow gets fewer of them.
 * The calling thread works too, and never waits for a thread that has not begun.
 *
 * <p>The helpers are threads of the JDK's common pool. A training step has some forty loops with short pauses, and
 * waking a thread takes as long as a small loop. A helper therefore watches for the next loop for 50 microseconds
 * before it returns to the pool. It yields meanwhile, so that other threads are not kept waiting.
 */
@SuppressWarnings("ThreadPriorityCheck") // yields are hints to a busy machine; results do not depend on them
final class BlockLoop {

    private static final int HELPERS = Math.min(
            ForkJoinPool.getCommonPoolParallelism(), Runtime.getRuntime().availableProcessors() - 1);

    private static final long WATCH_NANOS = 50_000;
    /** The number of checks between two yields. */
    private static final int CHECKS = 32;
    /** The number of loops, of different calling threads, that get helpers at the same time. */
    private static final int MOST_LOOPS = 8;

    private static final AtomicReferenceArray<@Nullable BlockLoop> RUNNING = new AtomicReferenceArray<>(MOST_LOOPS);
    /** The number of threads that work or watch, and of those that the pool was asked for. */
    private static final AtomicInteger ACTIVE = new AtomicInteger();

    private final int blocks;
    private final IntConsumer work;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private BlockLoop(int blocks, IntConsumer work) {
        this.blocks = blocks;
        this.work = work;
    }

    /**
     * Runs the work for every block and waits for the end.
     *
     * @param blocks the number of blocks
     * @param work called once per block, from several threads; the first exception is thrown when all blocks have ended
     */
    static void run(int blocks, IntConsumer work) {
        BlockLoop loop = new BlockLoop(blocks, work);
        int slot = loop.announce();
        loop.takeBlocks();
        loop.await();
        if (slot >= 0) {
            RUNNING.set(slot, null);
        }
        Throwable failure = loop.failure.get();
        if (failure instanceof RuntimeException exception) {
            throw exception;
        } else if (failure instanceof Error error) {
            throw error;
        }
    }

    /** Returns the place where helpers find this loop, or −1 if there is none. */
    private int announce() {
        if (HELPERS == 0 || blocks == 1) {
            return -1;
        }
        for (int slot = 0; slot < MOST_LOOPS; slot++) {
            if (RUNNING.compareAndSet(slot, null, this)) {
                callHelpers(Math.min(HELPERS, blocks - 1));
                return slot;
            }
        }
        return -1;
    }

    private static void callHelpers(int wanted) {
        int active = ACTIVE.get();
        while (active < wanted) {
            if (ACTIVE.compareAndSet(active, active + 1)) {
                ForkJoinPool.commonPool().execute(BlockLoop::help);
            }
            active = ACTIVE.get();
        }
    }

    private static void help() {
        try {
            long end = System.nanoTime() + WATCH_NANOS;
            while (System.nanoTime() < end) {
                if (helpOnce()) {
                    end = System.nanoTime() + WATCH_NANOS;
                }
                Thread.yield();
            }
        } finally {
            ACTIVE.decrementAndGet();
        }
    }

    /** Looks for a loop for a while, and takes part in it. */
    private static boolean helpOnce() {
        for (int check = 0; check < CHECKS; check++) {
            for (int slot = 0; slot < MOST_LOOPS; slot++) {
                BlockLoop loop = RUNNING.get(slot);
                if (loop != null && loop.next.get() < loop.blocks) {
                    loop.takeBlocks();
                    return true;
                }
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private void takeBlocks() {
        for (int block = next.getAndIncrement(); block < blocks; block = next.getAndIncrement()) {
            try {
                work.accept(block);
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            } finally {
                done.incrementAndGet();
            }
        }
    }

    /** Waits for the blocks that helpers have taken. */
    private void await() {
        for (int check = 1; done.get() < blocks; check++) {
            if (check % CHECKS == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
