package io.github.dl4jae.examples.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The processes of all contenders on one case, which measure in turn.
 *
 * <p>All processes stay alive, and those that do not measure rest. The order of the contenders is reversed from pair to
 * pair, so that a drift of the machine favors none.
 */
final class BenchSession implements AutoCloseable {

    /** Time in which idle native threads stop spinning: OpenBLAS's take 25 ms unless they are set. */
    private static final int SETTLE_MILLISECONDS = 50;

    /** Starts a process. */
    @FunctionalInterface
    interface Starter {
        ContenderProcess start(Contender contender) throws IOException;
    }

    private final Load load;
    private final CaseMeasurements measurements;
    private final Map<Contender, List<ContenderProcess>> processes = new EnumMap<>(Contender.class);

    /** Starts the processes of all contenders, {@code load.together()} each. */
    BenchSession(List<Contender> contenders, Load load, CaseMeasurements measurements, Starter starter)
            throws IOException {
        this.load = load;
        this.measurements = measurements;
        for (Contender contender : contenders) {
            List<ContenderProcess> started = new ArrayList<>();
            processes.put(contender, started);
            for (int i = 0; i < load.together(); i++) {
                started.add(starter.start(contender));
            }
        }
    }

    /** An action that fails with the process. */
    @FunctionalInterface
    private interface Action {
        void run() throws InterruptedException;
    }

    /** Leaves a contender out of this case if its process fails. */
    private void attempt(Contender contender, Action action) {
        if (measurements.hasFailed(contender)) {
            return;
        }
        try {
            action.run();
        } catch (IllegalStateException e) {
            measurements.fail(contender, e.getMessage());
            processes.get(contender).forEach(ContenderProcess::close); // or they would load the machine
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("bench: interrupted", e);
        }
    }

    /**
     * Waits until the processes are ready, and runs each for that time. PyTorch, which starts slowest and compiles
     * nothing, comes last and gets a quarter of the time.
     */
    void warmUp(double seconds) {
        processes.forEach((contender, all) -> attempt(contender, () -> {
            for (ContenderProcess process : all) {
                process.awaitReady();
                process.measure(contender == Contender.TORCH ? seconds / 4 : seconds);
            }
        }));
    }

    /** Measures each contender once, and once more under the load. */
    void measure(int pair, double seconds, Runnable progress) {
        List<Contender> order = new ArrayList<>(processes.keySet());
        boolean forward = pair % 2 == 0;
        if (!forward) {
            Collections.reverse(order);
        }
        for (Contender contender : order) {
            attempt(contender, () -> {
                List<ContenderProcess> all = processes.get(contender);
                if (forward) {
                    Measurement alone = alone(all, seconds);
                    measurements.add(contender, alone, underLoad(all, seconds));
                } else {
                    List<Measurement> loaded = underLoad(all, seconds);
                    measurements.add(contender, alone(all, seconds), loaded);
                }
            });
            progress.run();
        }
    }

    private static Measurement alone(List<ContenderProcess> all, double seconds) throws InterruptedException {
        settle();
        return all.get(0).measure(seconds);
    }

    @SuppressWarnings("try") // the threads compute beside the block
    private List<Measurement> underLoad(List<ContenderProcess> all, double seconds) throws InterruptedException {
        if (load.isNone()) {
            return List.of();
        }
        settle();
        try (BusyThreads busy = new BusyThreads(load.busy())) {
            all.forEach(process -> process.measureAndContinue(seconds)); // the slower ones must not end up alone
            List<Measurement> measured =
                    all.stream().map(ContenderProcess::measurement).toList();
            all.forEach(ContenderProcess::rest);
            return measured;
        }
    }

    private static void settle() throws InterruptedException {
        Thread.sleep(SETTLE_MILLISECONDS);
    }

    /** Asks each contender for its native libraries. Binding them takes memory, so measurements come first. */
    Map<Contender, String> kernels() {
        Map<Contender, String> kernels = new EnumMap<>(Contender.class);
        processes.forEach((contender, all) ->
                attempt(contender, () -> kernels.put(contender, all.get(0).kernel())));
        return kernels;
    }

    @Override
    public void close() {
        processes.values().forEach(all -> all.forEach(ContenderProcess::close));
    }
}
