package io.github.dl4jae.internal.kernel;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A parallel loop over numbered blocks, for work of ten microseconds to some milliseconds.
 *
 * <p>Each thread takes the next block from a counter, so that a thread that comes late or is slow gets fewer of them.
 * The calling thread works too, and never waits for a thread that has not begun. So loops can be nested, and called
 * from the threads of any pool. Interrupts do not end a loop; the flag of the calling thread stays set.
 *
 * <p>The helpers are threads of the JDK's common pool. A training step has some forty loops with short pauses, and
 * waking a thread takes as long as a small loop. A helper therefore watches for the next loop for 50 microseconds
 * before it returns to the pool. It yields meanwhile, so that other threads are not kept waiting. After 50 milliseconds
 * it returns in any case, because other tasks of the pool may wait for its thread. A pool without threads costs time
 * only.
 *
 * <p>What the work writes in a block is visible to the caller when the loop has ended.
 */
@SuppressWarnings("ThreadPriorityCheck") // yields are hints to a busy machine; results do not depend on them
final class BlockLoop {

    private static final int HELPERS = Math.min(
            ForkJoinPool.getCommonPoolParallelism(), Runtime.getRuntime().availableProcessors() - 1);

    private static final long WATCH_NANOS = 50_000;
    private static final long STAY_NANOS = 50_000_000;
    /** The number of checks between two yields. */
    private static final int CHECKS = 32;
    /** The number of loops, of different calling threads, that get helpers at the same time. */
    private static final int MOST_LOOPS = 8;

    private static final int NO_SLOT = -1;

    private static final AtomicReferenceArray<@Nullable BlockLoop> RUNNING = new AtomicReferenceArray<>(MOST_LOOPS);
    /** The number of threads that work or watch, and of those that the pool was asked for. */
    private static final AtomicInteger ACTIVE = new AtomicInteger();

    private final int blocks;
    private final IntConsumer work;
    private final AtomicInteger next = new AtomicInteger();
    /** The number of helpers that take blocks of this loop. */
    private final AtomicInteger helpers = new AtomicInteger();

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
        try {
            if (slot != NO_SLOT) {
                callHelpers(Math.min(HELPERS, blocks - 1));
            }
            loop.takeBlocks();
        } finally {
            loop.end(slot);
        }
        Throwable failure = loop.failure.get();
        if (failure instanceof RuntimeException exception) {
            throw exception;
        } else if (failure instanceof Error error) {
            throw error;
        } else if (failure != null) {
            throw new UndeclaredThrowableException(failure);
        }
    }

    /** Returns the place where helpers find this loop, or {@link #NO_SLOT}. */
    private int announce() {
        if (HELPERS > 0 && blocks > 1) {
            for (int slot = 0; slot < MOST_LOOPS; slot++) {
                if (RUNNING.compareAndSet(slot, null, this)) {
                    return slot;
                }
            }
        }
        return NO_SLOT;
    }

    private static void callHelpers(int wanted) {
        int active = ACTIVE.get();
        while (active < wanted) {
            if (ACTIVE.compareAndSet(active, active + 1) && !Worker.call()) {
                return;
            }
            active = ACTIVE.get();
        }
    }

    /** The task of a helper, which counts as active until it ends. */
    private static final class Worker implements Runnable {

        private final AtomicBoolean counts = new AtomicBoolean(true);

        /** Asks the pool for a helper, and returns whether it accepts. */
        static boolean call() {
            Worker worker = new Worker();
            try {
                ForkJoinPool.commonPool().execute(worker);
                return true;
            } catch (RuntimeException | Error e) { // such as the limit of the system on threads: a loop needs no helper
                worker.end(); // the pool can have queued it all the same
                return false;
            }
        }

        @Override
        public void run() {
            try {
                long begin = System.nanoTime();
                long last = begin;
                for (long now = begin; now - last < WATCH_NANOS && now - begin < STAY_NANOS; now = System.nanoTime()) {
                    if (helpOnce()) {
                        last = System.nanoTime();
                    }
                    Thread.yield();
                }
            } finally {
                end();
            }
        }

        private void end() {
            if (counts.getAndSet(false)) {
                ACTIVE.decrementAndGet();
            }
        }
    }

    /** Looks for a loop for a while, and takes part in it. */
    private static boolean helpOnce() {
        for (int check = 0; check < CHECKS; check++) {
            for (int slot = 0; slot < MOST_LOOPS; slot++) {
                BlockLoop loop = RUNNING.get(slot);
                if (loop != null && loop.next.get() < loop.blocks) {
                    loop.help();
                    return true;
                }
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /** Takes blocks on another thread. One that is counted too late for {@link #end} finds no block left. */
    private void help() {
        helpers.incrementAndGet();
        try {
            takeBlocks();
        } finally {
            helpers.decrementAndGet();
        }
    }

    private void takeBlocks() {
        for (int block = next.getAndIncrement(); block < blocks; block = next.getAndIncrement()) {
            try {
                work.accept(block);
            } catch (Throwable e) { // code that does not declare its exceptions can throw any
                failure.compareAndSet(null, e);
            }
        }
    }

    /** Lets no helper begin, and waits for those that have begun: the caller may release what they work on. */
    private void end(int slot) {
        next.set(blocks);
        for (int check = 1; helpers.get() > 0; check++) {
            if (check % CHECKS == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
        if (slot != NO_SLOT) {
            RUNNING.set(slot, null);
        }
    }
}
