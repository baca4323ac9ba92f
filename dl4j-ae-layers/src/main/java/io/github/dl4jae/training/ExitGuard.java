package io.github.dl4jae.training;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a JVM end in the middle of training: between two iterations, not within one.
 *
 * <p>A JVM that is told to end (SIGTERM, Ctrl-C, {@code System.exit}) while a long matrix product is running may never exit: the exit code of OpenBLAS waits for a
 * worker thread that has missed the request to stop. {@code Runtime.halt} takes the same path. So a shutdown hook of the guard waits until the iteration
 * at work is done, and no further one starts.
 *
 * <pre>{@code
 * ExitGuard guard = new ExitGuard();
 * network.setListeners(…, guard); // last, so that the others have seen the iteration
 * guard.run(() -> network.fit(data, 20));
 * }</pre>
 *
 * <p>The hook waits for its patience at most, 8 seconds by default: longer than an iteration, shorter than what the supervisor allows (Docker sends
 * SIGKILL after 10 seconds, systemd after 90). When it has run out, the JVM goes on to end as without a guard, and a warning says so. {@code System.exit} from within {@code
 * run} always waits that long, as its own iteration cannot end.
 *
 * <p>The thread that trains does not return from {@code run} once the JVM ends. Networks trained by other threads than that of {@code run}, such as those of {@code
 * ParallelWrapper}, are not held up. Where the guard cannot be used, start Java with {@code -Xrs}, which ends the process at once, without shutdown hooks, or let the
 * supervisor send SIGKILL after a while.
 *
 * <p>How it works: {@code run} holds a read lock, which {@code iterationDone} hands back for a moment. The hook takes the write lock and keeps it. Make one guard for the
 * process; every one registers a hook that stays.
 */
public final class ExitGuard extends BaseTrainingListener {

    private static final Logger log = LoggerFactory.getLogger(ExitGuard.class);
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
    private final Duration patience;

    /** A guard with a patience of 8 seconds. */
    public ExitGuard() {
        this(PATIENCE);
    }

    /**
     * A guard.
     *
     * @param patience how long the end of the JVM may wait for the iteration at work, above 0
     * @throws IllegalArgumentException if the patience is not above 0
     * @throws IllegalStateException if the JVM is ending already
     */
    public ExitGuard(Duration patience) {
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("ExitGuard: patience must be above 0, got " + patience
                    + "; give it the time of the longest iteration");
        }
        this.patience = patience;
        Runtime.getRuntime().addShutdownHook(new Thread(this::awaitEndOfIteration, "exit-guard"));
    }

    /**
     * Trains under this guard.
     *
     * @param training calls {@code fit} of networks that have this guard as a listener
     */
    public void run(Runnable training) {
        lock.readLock().lock();
        try {
            training.run();
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        int holds = lock.getReadHoldCount();
        for (int i = 0; i < holds; i++) {
            lock.readLock().unlock();
        }
        for (int i = 0; i < holds; i++) {
            lock.readLock().lock(); // for ever, once the hook has come in between
        }
    }

    /** What the hook does; the write lock is never given back. */
    void awaitEndOfIteration() {
        boolean ended = false;
        try {
            ended = lock.writeLock().tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            log.warn(
                    "The iteration at work did not end within {}; if the JVM does not exit now, it has to be killed."
                            + " Give ExitGuard more patience",
                    patience);
        }
    }
}
