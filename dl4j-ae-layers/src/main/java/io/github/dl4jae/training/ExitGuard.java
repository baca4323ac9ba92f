package io.github.dl4jae.training;

import io.github.dl4jae.internal.layer.Require;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A training listener that lets the JVM exit between two iterations.
 *
 * <p>A JVM that is told to exit (SIGTERM, Ctrl-C, {@code System.exit}) during a long matrix product may hang:
 * OpenBLAS's exit code waits for a worker thread that has missed the request to stop. {@code Runtime.halt} takes the
 * same path. The guard registers a shutdown hook that waits for the current iteration to finish and lets no further
 * iteration start.
 *
 * <pre>{@code
 * ExitGuard guard = new ExitGuard();
 * network.setListeners(…, guard); // last, so that the others have seen the iteration
 * guard.run(() -> network.fit(data, 20));
 * }</pre>
 *
 * <p>The hook waits at most for its patience. Default: 8 seconds. Choose it longer than an iteration and shorter than
 * the supervisor's grace period (Docker sends SIGKILL after 10 seconds, systemd after 90). If the iteration takes
 * longer, the hook logs a warning and the JVM exits as it would without a guard. {@code System.exit} from within
 * {@code run} always waits for the whole patience, because its own iteration cannot finish.
 *
 * <p>During shutdown the training thread does not return from {@code run}. The guard does not stop training on other
 * threads, such as those of {@code ParallelWrapper}. Where the guard cannot be used, start Java with {@code -Xrs},
 * which ends the process at once without shutdown hooks, or configure the supervisor to send SIGKILL after a grace
 * period.
 *
 * <p>How it works: {@code run} holds a read lock, which {@code iterationDone} releases and acquires again. The hook
 * acquires the write lock and keeps it. Create one guard per process, because each guard registers a hook that is never
 * removed.
 */
public final class ExitGuard extends BaseTrainingListener {

    private static final Logger log = LoggerFactory.getLogger(ExitGuard.class);
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
    private final Duration patience;

    /** Creates a guard with a patience of 8 seconds. */
    public ExitGuard() {
        this(PATIENCE);
    }

    /**
     * Creates a guard.
     *
     * @param patience the longest time that the JVM waits for the current iteration before it exits, above 0
     * @throws IllegalArgumentException if the patience is null, or not above 0
     * @throws IllegalStateException if the JVM is already shutting down
     */
    public ExitGuard(Duration patience) {
        Require.given("ExitGuard", "patience", patience, "");
        Require.that(
                !patience.isNegative() && !patience.isZero(),
                "ExitGuard",
                "patience must be above 0",
                patience,
                "use at least the time of the longest iteration");
        this.patience = patience;
        Runtime.getRuntime().addShutdownHook(new Thread(this::awaitEndOfIteration, "exit-guard"));
    }

    /**
     * Runs training under this guard.
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
            lock.readLock().lock(); // blocks forever once the hook holds the write lock
        }
    }

    /** Runs as the shutdown hook; never releases the write lock. */
    void awaitEndOfIteration() {
        boolean ended = false;
        try {
            ended = lock.writeLock().tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            log.warn(
                    "ExitGuard: the current iteration did not finish within {}; the JVM may hang on exit. Create the"
                            + " guard with more patience",
                    patience);
        }
    }
}
