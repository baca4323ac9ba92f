package io.github.dl4jae.examples.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures all contenders in turn, in short stretches, and compares them pair by pair. */
@Command(
        name = "bench",
        description =
                "Times whole training steps of this library, stock Deeplearning4j, and PyTorch if --python is given,"
                        + " and the reading of a table beside DataVec and FastCSV."
                        + " Each has its own process, and they measure in turn. Results are valid on an otherwise idle"
                        + " machine. Settings of OpenBLAS, OpenMP and MKL in the environment are unset, except"
                        + " OMP_NUM_THREADS.")
public final class Bench implements Callable<Integer> {

    private static final int LOAD_MILLISECONDS = 1000;
    private static final int IDLE_PERCENT = 10;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--python",
            paramLabel = "PROGRAM",
            description = "A Python that can import torch. Default: none, PyTorch is left out.")
    private @Nullable String python;

    @Option(names = "--cases", split = ",", paramLabel = "NAME", description = "Cases to run. Default: all.")
    private List<String> cases =
            Arrays.stream(BenchCase.values()).map(BenchCase::label).toList();

    @Option(
            names = "--contenders",
            split = ",",
            paramLabel = "NAME",
            description = "Contenders to run, of ${COMPLETION-CANDIDATES}. Default: all.")
    private @Nullable List<Contender> chosen;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Number of times that the processes of a case are started. Default: 3.")
    private @Nullable Integer rounds;

    @Option(names = "--pairs", paramLabel = "N", description = "Measurements of each process. Default: 6.")
    private @Nullable Integer pairs;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Seconds per measurement, or up to four times as long for three steps. Default: 0.5.")
    private @Nullable Double seconds;

    @Option(
            names = "--quick",
            description = "One round of five pairs of 0.2 seconds, after a shorter warm-up, for a first impression."
                    + " Compares with PyTorch only, or without it with stock-tuned only; --contenders adds others.")
    private boolean quick;

    @Option(
            names = "--busy",
            paramLabel = "N",
            description = "Measure each contender beside N busy threads too, and report the slowdown. Default: 0.")
    private int busy;

    @Option(
            names = "--together",
            paramLabel = "N",
            description = "Measure N processes of each contender at once too, and report the slowdown. Default: 1.")
    private int together = 1;

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
        BenchPlan plan = BenchPlan.of(quick, rounds, pairs, seconds);
        Load load = new Load(busy, together);
        List<Contender> contenders = contenders();
        Set<String> foreign = Contender.foreignSettings(System.getenv());
        if (!foreign.isEmpty()) {
            say("bench: unset for all contenders: " + String.join(", ", foreign));
        }
        warnOfOtherPrograms();
        Files.createDirectories(out);
        copyPeer();
        BenchReport report = new BenchReport(load, Runtime.getRuntime().availableProcessors());
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("bench")
                .setInitialMax((long) plan.rounds() * plan.pairs() * measured(shapes, contenders))
                .setStyle(ProgressBarStyle.ASCII)
                .build()) {
            for (BenchCase shape : shapes) {
                bar.setExtraMessage(" " + shape.label());
                report.add(measure(shape, contenders, plan, load, report, bar));
                report.writeJson(out.resolve("bench.json")); // what is measured is kept if bench is interrupted
            }
        }
        PrintWriter console = spec.commandLine().getOut();
        console.println(report.text());
        report.writeChart(out.resolve("bench.png"));
        console.println("Written: " + out.resolve("bench.json") + ", " + out.resolve("bench.png"));
        console.flush();
        return report.hasFailures() ? 1 : 0;
    }

    private CaseMeasurements measure(
            BenchCase shape, List<Contender> contenders, BenchPlan plan, Load load, BenchReport report, ProgressBar bar)
            throws IOException {
        CaseMeasurements measurements = new CaseMeasurements(shape);
        for (int round = 0; round < plan.rounds(); round++) {
            List<Contender> sound = contenders.stream()
                    .filter(contender -> contender.takesPartIn(shape) && !measurements.hasFailed(contender))
                    .toList();
            try (BenchSession session = new BenchSession(
                    sound,
                    load,
                    measurements,
                    contender -> new ContenderProcess(
                            contender.title + " on " + shape.label(), contender, command(shape, contender)))) {
                session.warmUp(plan.warmUpSeconds());
                for (int pair = 0; pair < plan.pairs(); pair++) {
                    session.measure(pair, plan.seconds(), bar::step);
                }
                if (!report.hasKernels()) {
                    report.addKernels(session.kernels());
                }
            }
        }
        return measurements;
    }

    /** Returns the contenders to measure; PyTorch is left out with a message if it cannot be measured. */
    private List<Contender> contenders() throws InterruptedException {
        boolean torch = (chosen == null || chosen.contains(Contender.TORCH)) && hasTorch();
        Contender quickPeer = torch ? Contender.TORCH : Contender.STOCK_TUNED;
        List<Contender> contenders = Stream.of(Contender.values())
                .filter(contender -> contender != Contender.TORCH || torch)
                .filter(contender -> chosen != null
                        ? chosen.contains(contender)
                        : !quick
                                || contender == Contender.OURS
                                || contender == Contender.FASTCSV
                                || contender == quickPeer)
                .toList();
        if (contenders.isEmpty()) {
            throw new IllegalArgumentException("bench: --contenders must name one that can be measured, got " + chosen
                    + "; for PyTorch, --python must name a program that can import torch");
        }
        return contenders;
    }

    private static long measured(List<BenchCase> shapes, List<Contender> contenders) {
        return shapes.stream()
                .mapToLong(shape -> contenders.stream()
                        .filter(contender -> contender.takesPartIn(shape))
                        .count())
                .sum();
    }

    private boolean hasTorch() throws InterruptedException {
        if (python == null) {
            say("bench: PyTorch is left out; --python PROGRAM adds it, with a Python that can import torch");
            return false;
        }
        try {
            Process process = new ProcessBuilder(python, "-c", "import torch")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() == 0) {
                return true;
            }
            say("bench: PyTorch is left out, because " + python + " cannot import torch ("
                    + said.substring(said.lastIndexOf('\n') + 1) + "); install it there");
        } catch (IOException e) {
            say("bench: PyTorch is left out, because " + python + " cannot be started (" + e.getMessage() + ")");
        }
        return false;
    }

    private void warnOfOtherPrograms() throws InterruptedException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        if (system != null) {
            system.getCpuLoad(); // each call covers the time since the last one
            Thread.sleep(LOAD_MILLISECONDS);
            long percent = Math.round(100 * system.getCpuLoad());
            if (percent > IDLE_PERCENT) {
                say("bench: the machine should be idle, but " + percent
                        + " % of its processors are in use; times, ratios and intervals are unreliable");
            }
        }
    }

    private void say(String message) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(message);
        err.flush();
    }

    private List<String> command(BenchCase shape, Contender contender) {
        if (contender == Contender.TORCH) {
            return List.of(String.valueOf(python), out.resolve("peer.py").toString(), shape.label());
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx2g");
        if (contender.tuned) {
            command.addAll(List.of("-XX:+UseParallelGC", "-Xmn64m", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0"));
        } else {
            command.add("-Ddl4jae.runtime=false"); // without the settings of this library
            command.add("-Dorg.bytedeco.javacpp.platform.extension="); // the plain native build
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("io.github.dl4jae.examples.Launcher", "bench-run", shape.name(), contender.name()));
        return command;
    }

    private void copyPeer() throws IOException {
        try (InputStream resource = Bench.class.getResourceAsStream("peer.py")) {
            Files.copy(resource, out.resolve("peer.py"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
