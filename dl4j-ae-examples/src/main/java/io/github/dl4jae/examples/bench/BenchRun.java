package io.github.dl4jae.examples.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntConsumer;
import java.util.stream.DoubleStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Measures one contender on one case, on request. {@link Bench} starts it in a separate process, so that contenders can
 * alternate and each has its own settings and peak memory.
 *
 * <p>It prints {@code ready}, then answers the lines of standard input:
 *
 * <ul>
 *   <li>{@code measure SECONDS}: repeats the step for that time, and prints a {@link Measurement}; slow steps get up to
 *       four times as long, for three of them
 *   <li>{@code load}: repeats the step until the next line
 *   <li>{@code rest}: prints {@code rest}
 *   <li>{@code kernel}: prints {@code kernel} and the native libraries with the kernels they have selected
 * </ul>
 *
 * <p>It ends with standard input. {@code peer.py} does the same for PyTorch.
 */
@Command(name = "bench-run", hidden = true)
public final class BenchRun implements Callable<Integer> {

    static final String READY = "ready";
    static final String MEASURE = "measure ";
    static final String LOAD = "load";
    static final String REST = "rest";
    static final String KERNEL = "kernel";

    private static final String END = "";
    private static final int ENOUGH_STEPS = 3;
    /** A measurement of fewer steps takes up to this multiple of its time. */
    private static final int MORE_TIME = 4;

    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private int steps;

    @Parameters(index = "0")
    private BenchCase shape;

    @Parameters(index = "1")
    private Contender contender;

    @Override
    public Integer call() throws InterruptedException {
        IntConsumer step = BenchSteps.create(shape, contender);
        Thread reader = new Thread(this::readRequests, "requests");
        reader.setDaemon(true);
        reader.start();
        System.out.println(READY);
        for (String request = requests.take(); !request.equals(END); request = requests.take()) {
            answer(request, step);
        }
        return 0;
    }

    private void readRequests() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            lines.lines().forEach(requests::add);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("bench-run: standard input: " + e.getMessage());
        } finally {
            requests.add(END);
        }
    }

    private void answer(String request, IntConsumer step) {
        if (request.startsWith(MEASURE)) {
            double seconds = Double.parseDouble(request.substring(MEASURE.length()));
            System.out.println(measure(step, seconds).line());
        } else if (request.equals(LOAD)) {
            while (requests.isEmpty()) {
                step.accept(steps++);
            }
        } else if (request.equals(REST)) {
            System.out.println(REST);
        } else if (request.equals(KERNEL)) {
            System.out.println(KERNEL + " " + NativeKernel.describe());
        } else {
            throw new IllegalArgumentException(
                    "bench-run: a request must be measure SECONDS, load, rest or kernel, got '" + request + "'");
        }
    }

    private Measurement measure(IntConsumer step, double seconds) {
        DoubleStream.Builder times = DoubleStream.builder();
        long begin = System.nanoTime();
        double elapsed = 0;
        for (int i = 0; elapsed < (i < ENOUGH_STEPS ? MORE_TIME * seconds : seconds); i++) {
            long start = System.nanoTime();
            step.accept(steps++);
            long end = System.nanoTime();
            times.add((end - start) / 1e6);
            elapsed = (end - begin) / 1e9;
        }
        return Measurement.of(peakMebibytes(), times.build().toArray());
    }

    /** Returns the peak resident memory of the process, or NaN if the system does not report it. */
    private static double peakMebibytes() {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return Double.NaN;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
