package io.github.dl4jae.cli;

import io.github.dl4jae.training.Trainer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The end of training when the process is told to exit, as by Ctrl-C: the current step ends, a checkpoint is written,
 * and a line says how to continue.
 */
final class Interruption {

    /** Shorter than the time after which supervisors kill a process. */
    private static final int PATIENCE_SECONDS = 8;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    Interruption(Trainer trainer, Runnable hint) {
        this.hook = new Thread(
                () -> {
                    trainer.stop();
                    try {
                        if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                            hint.run(); // a long step; the checkpoint of the last epoch is there
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Lets the process exit. */
    void end() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is exiting
        }
    }
}
