package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.anomaly.DetectionQuality;
import io.github.dl4jae.data.DataDirectory;
import io.github.dl4jae.examples.support.OutputDirectory;
import io.github.dl4jae.examples.support.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Anomalies of public tables, found by a detector and by its competitors: Han et al. 2022. */
@Command(
        name = "adbench",
        description =
                "Anomalies of 22 public tables (ADBench, Han et al. 2022): the detector of tables, a squared error,"
                        + " PCA, nearest neighbors and a random cut forest.")
public final class Adbench implements Callable<Integer> {

    /** The tables of the quoted figures. */
    private static final int ALL = 22;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "semi: fit half of the normal rows, score all others. unsupervised: fit and score all rows."
                    + " Or both. Default: ${DEFAULT-VALUE}.")
    private Choice choice = Choice.BOTH;

    @Option(
            names = "--tables",
            paramLabel = "NAME",
            arity = "1..*",
            split = ",",
            description = "Names of files without .npz, such as 6_cardio. Default: all.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Directory with the subdirectory adbench. Default: the system property dl4jae.data, then the"
                    + " variable DL4JAE_DATA, then .cache/dl4j-ae in the home directory.")
    private Path dataDirectory;

    @Option(names = "--seed", paramLabel = "N", description = "Random seed. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(names = "--out", paramLabel = "DIR", description = "Output directory. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("out", "adbench");

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    /** The values of {@code --mode}. */
    private enum Choice {
        SEMI,
        UNSUPERVISED,
        BOTH
    }

    /**
     * What is fitted, with figures of scikit-learn that are quoted beside the measured ones: defaults, LOF with 20
     * neighbors, PCA with 90 % of the variance, another random half of the normal rows.
     */
    private enum Mode {
        SEMI(
                Choice.SEMI,
                "half of the normal rows fitted, all others scored",
                "LOF 0.879 0.675, isolation forest 0.853 0.637, one-class SVM 0.833 0.633, PCA 0.802 0.548"),
        UNSUPERVISED(
                Choice.UNSUPERVISED,
                "all rows fitted and scored",
                "isolation forest 0.795 0.454, one-class SVM 0.762 0.426, LOF 0.691 0.309, PCA 0.688 0.306");

        private final Choice choice;
        private final String protocol;
        private final String quoted;

        Mode(Choice choice, String protocol, String quoted) {
            this.choice = choice;
            this.protocol = protocol;
            this.quoted = quoted;
        }

        AdbenchSplit split(AdbenchTable table, long seed) {
            return this == SEMI ? table.semiSupervised(seed) : table.unsupervised();
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() throws IOException {
        OutputDirectory.require(out);
        DataDirectory directory = dataDirectory == null ? DataDirectory.find() : DataDirectory.of(dataDirectory);

        // 1. Read the tables.
        List<AdbenchTable> tables = AdbenchTable.read(directory.path().resolve("adbench"), names);

        // 2. Fit all methods to each table, and score its rows.
        Map<Mode, AdbenchResults> results = new EnumMap<>(Mode.class);
        for (Mode mode : Mode.values()) {
            if (choice == Choice.BOTH || choice == mode.choice) {
                AdbenchResults measured = new AdbenchResults();
                results.put(mode, measured);
                for (AdbenchTable table : tables) {
                    System.out.println(mode + " " + table.name());
                    measured.measure(table, mode.split(table, seed), seed);
                }
            }
        }

        // 3. Compare.
        Report report = new Report(
                        "Anomalies of " + tables.size() + " tables of ADBench",
                        "Two figures from the known labels: the area under the ROC curve (AUC-ROC), 0.5 for random"
                                + " scores, and the average precision (AUC-PR), the share of anomalies for random"
                                + " scores. 1 is best. The rank is the mean place among the "
                                + AdbenchMethod.values().length
                                + " measured methods over the tables.",
                        out)
                .formula(
                        "detection-quality",
                        "s is the score. Recall R and precision P belong to the t-th of the distinct scores,"
                                + " descending.");
        results.forEach((mode, measured) -> summarize(report, mode, measured));
        results.forEach((mode, measured) -> {
            list(report, mode, "AUC-ROC", measured, DetectionQuality::areaUnderRoc);
            list(report, mode, "AUC-PR", measured, DetectionQuality::averagePrecision);
        });
        report.count("seed", seed).write();
        return 0;
    }

    private static void summarize(Report report, Mode mode, AdbenchResults measured) {
        report.table(
                mode + ": " + mode.protocol,
                "mean AUC-ROC",
                "mean AUC-PR",
                "rank by AUC-ROC",
                "rank by AUC-PR",
                "time in seconds");
        for (AdbenchMethod method : AdbenchMethod.values()) {
            report.row(
                    method.toString(),
                    Report.decimals(3, measured.mean(method, DetectionQuality::areaUnderRoc)),
                    Report.decimals(3, measured.mean(method, DetectionQuality::averagePrecision)),
                    Report.decimals(2, measured.meanRank(method, DetectionQuality::areaUnderRoc)),
                    Report.decimals(2, measured.meanRank(method, DetectionQuality::averagePrecision)),
                    Report.decimals(1, measured.seconds(method)));
        }
        if (measured.tables().size() == ALL) {
            report.figure(
                    "quoted, not measured: mean AUC-ROC and AUC-PR of scikit-learn's detectors, " + mode.protocol,
                    mode.quoted);
        }
    }

    private static void list(
            Report report, Mode mode, String name, AdbenchResults measured, ToDoubleFunction<DetectionQuality> figure) {
        report.table(Stream.concat(
                        Stream.of(mode + ", " + name, "rows", "columns", "share of anomalies"),
                        Arrays.stream(AdbenchMethod.values()).map(AdbenchMethod::toString))
                .toArray(String[]::new));
        for (int t = 0; t < measured.tables().size(); t++) {
            AdbenchTable table = measured.tables().get(t);
            int place = t;
            report.row(
                    table.name(),
                    Stream.concat(
                                    Stream.of(
                                            Integer.toString(table.rows()),
                                            Integer.toString(table.columns()),
                                            Report.decimals(3, table.prevalence())),
                                    Arrays.stream(AdbenchMethod.values())
                                            .map(method -> Report.decimals(
                                                    3, figure.applyAsDouble(measured.quality(method, place)))))
                            .toArray(String[]::new));
        }
    }
}
