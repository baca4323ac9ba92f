package io.github.dl4jae.examples.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs all contenders in turn for several rounds, and compares medians. */
@Command(
        name = "bench",
        description =
                "Times whole training steps of this library, stock Deeplearning4j, and PyTorch if --python is given."
                        + " Each runs in a separate process. Results are valid on an otherwise idle machine.")
public final class Bench implements Callable<Integer> {

    /** Environment variables that the launcher sets; see docs/performance.md. */
    private static final List<String> THREAD_SETTINGS =
            List.of("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "OPENBLAS_THREAD_TIMEOUT");
    /** Environment variables that bind OpenBLAS to other kernels than those of this processor. */
    private static final List<String> KERNEL_SETTINGS = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

    @Option(
            names = "--python",
            paramLabel = "PROGRAM",
            description = "A Python that can import torch. Default: none, PyTorch is left out.")
    private String python;

    @Option(names = "--cases", split = ",", paramLabel = "NAME", description = "Cases to run. Default: all.")
    private List<String> cases =
            Arrays.stream(BenchCase.values()).map(BenchCase::label).toList();

    @Option(
            names = "--contenders",
            split = ",",
            paramLabel = "NAME",
            description = "Contenders to run, of ${COMPLETION-CANDIDATES}. Default: all.")
    private List<Contender> chosen = List.of(Contender.values());

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Number of rounds. Default: ${DEFAULT-VALUE}.",
            defaultValue = "3")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Seconds per measurement, after the warm-up. Default: ${DEFAULT-VALUE}.",
            defaultValue = "4")
    private double seconds;

    @Option(names = "--quick", description = "One round of one second per case, for a first impression.")
    private boolean quick;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory for bench.json and bench.png. Default: ${DEFAULT-VALUE}.",
            defaultValue = "out/bench")
    private Path out;

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<BenchCase> shapes = cases.stream().map(BenchCase::named).toList();
        if (rounds < 1 || !(seconds > 0)) {
            throw new IllegalArgumentException("bench: --rounds must be at least 1 and --seconds above 0, got " + rounds
                    + " and " + seconds + "; leave them out for the defaults");
        }
        if (quick) {
            rounds = 1;
            seconds = 1;
        }
        List<Contender> contenders = Stream.of(Contender.values())
                .filter(contender -> chosen.contains(contender) && (contender != Contender.TORCH || python != null))
                .toList();
        if (python != null) {
            requireTorch();
        }
        BenchReport report = new BenchReport();
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("bench")
                .setInitialMax((long) shapes.size() * rounds * contenders.size())
                .setStyle(ProgressBarStyle.ASCII)
                .build()) {
            for (BenchCase shape : shapes) {
                Map<Contender, List<Measurement>> measured = new EnumMap<>(Contender.class);
                for (int round = 0; round < rounds; round++) {
                    for (Contender contender : contenders) {
                        bar.setExtraMessage(" " + shape.label() + ", " + contender.title);
                        measured.computeIfAbsent(contender, each -> new ArrayList<>())
                                .add(measure(shape, contender));
                        bar.step();
                    }
                }
                report.add(shape, measured);
            }
        }
        System.out.println(report.table());
        Files.createDirectories(out);
        report.writeJson(out.resolve("bench.json"));
        report.writeChart(out.resolve("bench.png"));
        System.out.println("Written: " + out.resolve("bench.json") + ", " + out.resolve("bench.png"));
        return 0;
    }

    private void requireTorch() throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(python, "-c", "import torch")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "bench: --python must be a program that can be started, got " + python + "; " + e.getMessage(), e);
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IllegalArgumentException("bench: --python must be able to import torch, got " + python + " ("
                    + said.substring(said.lastIndexOf('\n') + 1) + "); install torch there");
        }
    }

    private Measurement measure(BenchCase shape, Contender contender) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(contender == Contender.TORCH ? torchCommand(shape) : javaCommand(shape, contender));
        builder.environment().keySet().removeAll(KERNEL_SETTINGS);
        if (!contender.tuned) {
            builder.environment().keySet().removeAll(THREAD_SETTINGS);
        }
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String line;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            line = reader.lines()
                    .filter(each -> each.startsWith(Measurement.PREFIX))
                    .findFirst()
                    .orElse(null);
        }
        if (process.waitFor() != 0 || line == null) {
            throw new IllegalStateException("bench: " + contender.title + " failed on " + shape.label() + "; run '"
                    + String.join(" ", builder.command()) + "' to see why");
        }
        return Measurement.parse(line);
    }

    private List<String> javaCommand(BenchCase shape, Contender contender) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx2g");
        if (contender.tuned) {
            command.addAll(List.of("-XX:+UseParallelGC", "-Xmn64m"));
        } else {
            command.add("-Dorg.bytedeco.javacpp.platform.extension="); // the plain native build
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("io.github.dl4jae.examples.Launcher", "bench-run", shape.name(), contender.name()));
        command.addAll(List.of("--seconds", Double.toString(seconds)));
        return command;
    }

    private List<String> torchCommand(BenchCase shape) throws IOException {
        Path script = out.resolve("peer.py");
        Files.createDirectories(out);
        try (InputStream resource = Bench.class.getResourceAsStream("peer.py")) {
            Files.copy(resource, script, StandardCopyOption.REPLACE_EXISTING);
        }
        return List.of(python, script.toString(), shape.label(), Double.toString(seconds));
    }
}
