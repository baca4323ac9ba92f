package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.data.SuperpositionSample;
import io.github.dl4jae.data.SyntheticSuperposition;
import io.github.dl4jae.dictionary.KnownDictionaryReport;
import io.github.dl4jae.examples.support.OutputDirectory;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.plot.CurvePlot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.nd4j.linalg.indexing.NDArrayIndex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Sparse dictionaries on sources with known directions: Chanin and Garriga-Alonso 2026. */
@Command(
        name = "synthsae",
        description = "Trains all kinds of sparse dictionaries on synthetic sources with known directions"
                + " (SynthSAEBench, Chanin and Garriga-Alonso 2026), and counts what they find.")
public final class Synthsae implements Callable<Integer> {

    @Option(
            names = "--scale",
            paramLabel = "S",
            description = "Size relative to the published one: 0.25 has a sixteenth of the parameters. Default:"
                    + " ${DEFAULT-VALUE}.")
    private double scale = 0.25;

    @Option(
            names = "--kinds",
            paramLabel = "K",
            split = ",",
            description = "Any of ${COMPLETION-CANDIDATES}. Default: all.")
    private List<SynthsaeKind> kinds = List.of(SynthsaeKind.values());

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Training steps of each dictionary. Default: ${DEFAULT-VALUE}; the paper has 195,312.")
    private int steps = 5_000;

    @Option(names = "--batch", paramLabel = "B", description = "Examples of a step. Default: ${DEFAULT-VALUE}.")
    private int batch = 1024;

    @Option(names = "--rate", paramLabel = "R", description = "Learning rate of Adam. Default: ${DEFAULT-VALUE}.")
    private double rate = 1e-3;

    @Option(
            names = "--held-out",
            paramLabel = "N",
            description = "Examples for the comparison. Default: ${DEFAULT-VALUE}.")
    private int heldOut = 50_000;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "Trainings of each kind, with different seeds for sources and weights. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int repeats = 1;

    @Option(names = "--seed", paramLabel = "N", description = "Random seed of the first. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(names = "--out", paramLabel = "DIR", description = "Output directory. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("out", "synthsae");

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    /** What one training of a kind reaches. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Run(KnownDictionaryReport found, double[][] curve, double seconds) {}

    @Override
    public Integer call() {
        OutputDirectory.require(out);
        requirePositive("--steps", steps);
        requirePositive("--batch", batch);
        requirePositive("--held-out", heldOut);
        requirePositive("--repeats", repeats);

        // 1. Draw the sources. A dictionary has as many units as a quarter of them.
        SyntheticSuperposition sources = sources(seed);
        int units = sources.sources() / 4;
        int l0 = (int) Math.max(1, Math.round(25 * scale));
        System.out.println(sources.sources() + " sources in " + sources.dimensions() + " dimensions, " + units
                + " units, L0 " + l0 + "; L0 of the " + units + " most frequent sources: "
                + Report.decimals(2, activity(sources, units)));

        // 2. Train all kinds at the same L0; repeat with other sources and weights.
        Map<SynthsaeKind, List<Run>> runs = new EnumMap<>(SynthsaeKind.class);
        for (int repeat = 0; repeat < repeats; repeat++) {
            SyntheticSuperposition drawn = sources(seed + repeat);
            for (SynthsaeKind kind : kinds) {
                Run run =
                        train(kind, new SynthsaeTraining(drawn, units, l0, batch, steps, rate, heldOut, seed + repeat));
                runs.computeIfAbsent(kind, k -> new ArrayList<>()).add(run);
            }
        }

        // 3. Compare with the sources, and with the published order.
        Report report = new Report(
                "Sparse dictionaries on synthetic sources",
                sources.sources() + " sources in " + sources.dimensions() + " dimensions, and " + units
                        + " units: SynthSAEBench at scale " + scale + ". " + steps + " steps of " + batch
                        + " examples. F1 is the mean over units as detectors of the source with the nearest direction;"
                        + " MCC is the mean absolute cosine under the best one-to-one match; uniqueness is the share of"
                        + " units whose nearest source is not another unit's. All on " + heldOut
                        + " examples that were not trained on"
                        + (repeats == 1
                                ? "."
                                : "; means over " + repeats + " trainings, F1 and MCC with standard deviations."),
                out);
        report.formula(
                "known-dictionary",
                "The mean cosine of decoder directions d and true directions t under the best one-to-one match π.");
        measured(report, runs);
        published(report, runs);
        report.picture("mcc", "MCC during training, the first of each kind.", () -> {
            CurvePlot plot = new CurvePlot("MCC during training", "training examples", "MCC");
            runs.forEach((kind, all) -> plot.curve(kind.toString(), all.get(0).curve[0], all.get(0).curve[1]));
            return plot.draw();
        });
        report.count("seed", seed).write();
        return 0;
    }

    private SyntheticSuperposition sources(long seedOfSources) {
        return SyntheticSuperposition.synthSae(scale).seed(seedOfSources).build();
    }

    private static Run train(SynthsaeKind kind, SynthsaeTraining training) {
        long start = System.nanoTime();
        KnownDictionaryReport found = training.run(kind);
        System.out.println("\n" + kind + ": " + found);
        return new Run(found, training.curve(), (System.nanoTime() - start) / 1e9);
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + ": must be at least 1, got " + value);
        }
    }

    private static double activity(SyntheticSuperposition sources, int first) {
        SuperpositionSample sample = sources.sample(1L << 41, 2_000);
        return new SuperpositionSample(
                        sample.x(), sample.codes().get(NDArrayIndex.all(), NDArrayIndex.interval(0, first)))
                .meanActive();
    }

    private static void measured(Report report, Map<SynthsaeKind, List<Run>> runs) {
        report.table(
                "measured",
                "F1",
                "MCC",
                "uniqueness",
                "explained variance",
                "precision",
                "recall",
                "L0",
                "alive in %",
                "l2 ratio",
                "time in seconds");
        runs.forEach((kind, all) -> report.row(
                kind.toString(),
                spread(all, KnownDictionaryReport::f1),
                spread(all, KnownDictionaryReport::mcc),
                Report.decimals(3, mean(all, KnownDictionaryReport::uniqueness)),
                Report.decimals(3, mean(all, found -> found.general().explainedVariance())),
                Report.decimals(3, mean(all, KnownDictionaryReport::precision)),
                Report.decimals(3, mean(all, KnownDictionaryReport::recall)),
                Report.decimals(2, mean(all, found -> found.general().l0())),
                Report.decimals(1, 100 * mean(all, found -> found.general().alive())),
                Report.decimals(3, mean(all, found -> found.general().l2Ratio())),
                Report.decimals(
                        0, all.stream().mapToDouble(Run::seconds).average().orElseThrow())));
    }

    private static double[] values(List<Run> runs, ToDoubleFunction<KnownDictionaryReport> figure) {
        return runs.stream().mapToDouble(run -> figure.applyAsDouble(run.found)).toArray();
    }

    private static double mean(List<Run> runs, ToDoubleFunction<KnownDictionaryReport> figure) {
        return StatUtils.mean(values(runs, figure));
    }

    private static String spread(List<Run> runs, ToDoubleFunction<KnownDictionaryReport> figure) {
        double deviation = new StandardDeviation().evaluate(values(runs, figure));
        return Report.decimals(3, mean(runs, figure)) + (runs.size() == 1 ? "" : " ± " + Report.decimals(3, deviation));
    }

    private static void published(Report report, Map<SynthsaeKind, List<Run>> runs) {
        List<SynthsaeKind> known = runs.keySet().stream()
                .filter(kind -> kind.published().length > 0)
                .toList();
        if (known.isEmpty()) {
            return;
        }
        report.table(
                "published at scale 1, L0 25, 200 million examples",
                "F1",
                "MCC",
                "uniqueness",
                "explained variance",
                "order by F1, measured",
                "order by MCC, measured");
        for (SynthsaeKind kind : known) {
            double[] figures = kind.published();
            report.row(
                    kind.toString(),
                    Stream.concat(
                                    IntStream.range(0, figures.length).mapToObj(i -> Report.decimals(3, figures[i])),
                                    Stream.of(order(known, kind, runs, 0), order(known, kind, runs, 1)))
                            .toArray(String[]::new));
        }
    }

    /** Returns the published place of a kind and the measured one. */
    private static String order(
            List<SynthsaeKind> known, SynthsaeKind kind, Map<SynthsaeKind, List<Run>> runs, int figure) {
        ToDoubleFunction<KnownDictionaryReport> measured =
                figure == 0 ? KnownDictionaryReport::f1 : KnownDictionaryReport::mcc;
        double own = mean(runs.get(kind), measured);
        long before = known.stream()
                .filter(other -> other.published()[figure] > kind.published()[figure])
                .count();
        long found = known.stream()
                .filter(other -> mean(runs.get(other), measured) > own)
                .count();
        return (before + 1) + ", " + (found + 1);
    }
}
