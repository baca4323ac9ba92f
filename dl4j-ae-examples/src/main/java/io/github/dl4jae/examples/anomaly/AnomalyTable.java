package io.github.dl4jae.examples.anomaly;

import io.github.dl4jae.anomaly.AnomalyDetector;
import io.github.dl4jae.anomaly.AnomalyThreshold;
import io.github.dl4jae.anomaly.ColumnDrift;
import io.github.dl4jae.examples.support.MinibatchBar;
import io.github.dl4jae.examples.support.OutputDirectory;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.TableInput;
import io.github.dl4jae.tabular.FeatureTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds unusual rows of a table, says why they are unusual, and how often it raises a false alarm. */
@Command(
        name = "anomaly-table",
        description = "Unusual rows of a table: a detector with a rate of false alarms, the columns that explain each"
                + " row, and columns that have changed.")
public final class AnomalyTable implements Callable<Integer> {

    private static final int MOST_COLUMNS = 10;

    @Mixin
    private final TableInput table = new TableInput();

    @Option(
            names = "--new",
            paramLabel = "FILE",
            description = "A table of rows to score, with the columns of --csv, all of whose rows are then fitted."
                    + " Default: the test rows.")
    private Path newRows;

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "Column with two values, the rarer of which marks known anomalies. It evaluates the scores"
                    + " and is not a feature.")
    private String label;

    @Option(
            names = "--false-alarm-rate",
            paramLabel = "R",
            description = "Share of normal rows that may raise an alarm. Default: ${DEFAULT-VALUE}.")
    private double falseAlarmRate = 0.01;

    @Option(
            names = "--contamination",
            paramLabel = "R",
            description = "Share of anomalies among the fitted rows, if known; it replaces --false-alarm-rate."
                    + " Default: the fitted rows are mostly normal.")
    private Double contamination;

    @Option(names = "--seed", paramLabel = "N", description = "Random seed. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(names = "--out", paramLabel = "DIR", description = "Output directory. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("out", "anomaly-table");

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    @Override
    public Integer call() {
        // 1. Read the rows to fit and the rows to score. The label is no feature.
        OutputDirectory.require(out);
        TableRows rows = rows();
        TableInput.print(rows.fitted().schema());

        // 2. Fit the detector, and save it with the schema: AnomalyDetector.load(file).schema().read(rows).
        AnomalyDetector detector = fit(rows.fitted());
        Path saved = detector.save(out.resolve("detector.zip"));

        // 3. Score the rows, most unusual first.
        RankedRows ranked = RankedRows.of(detector, rows);
        System.out.println("Scores of all rows: " + ranked.write(out.resolve("scores.csv")));
        System.out.println("Detector: " + saved);
        AnomalyThreshold threshold = detector.threshold();
        Report report = new Report(
                        "Unusual rows of " + rows.name(),
                        "A row raises an alarm if its score is above the threshold. The score says how far the row is"
                                + " from the most similar fitted rows. Probabilities assume that "
                                + percent(contamination == null ? 0.01 : contamination)
                                + " of the new rows are anomalies. Rows are numbered from 1, without the heading.",
                        out)
                .formula(
                        "alarm",
                        "s is the score, t the threshold, α the rate that was asked for, p the probability that a"
                                + " normal row has such a score, and π the expected share of anomalies."
                                + " For p > 1/e the probability is π.")
                .count("fitted rows", rows.fitted().features().size(0))
                .count("scored rows", ranked.size())
                .count("alarms", ranked.alarms())
                .figure("threshold", threshold.value())
                .figure(
                        contamination == null
                                ? "normal rows that raise a false alarm"
                                : "rows like the fitted ones that raise an alarm",
                        percent(threshold.alarmRate()) + " asked for; from " + percent(threshold.lowestRate()) + " to "
                                + percent(threshold.highestRate()) + " with " + percent(threshold.confidence())
                                + " confidence");

        // 4. Say which rows, why, and whether the detector still fits to the table.
        ranked.addTo(report);
        drift(report, detector.drift(rows.scored()));
        rows.known().ifPresent(known -> known.addTo(report, ranked, detector.probability(rows.scored())));
        report.count("seed", seed).write();
        return 0;
    }

    private TableRows rows() {
        if (table.isGiven()) {
            return newRows == null
                    ? TableRows.split(table, label, seed)
                    : TableRows.ofTwoFiles(table, table.file(null), newRows, label);
        }
        if (newRows != null) {
            throw new IllegalArgumentException(
                    "--new: must come with --csv, a table of normal rows, got " + newRows + " alone");
        }
        Path normal = SyntheticPumps.write(2_000, 0, out.resolve("normal.csv"), seed);
        Path other = SyntheticPumps.write(500, 0.04, out.resolve("new.csv"), ~seed);
        return TableRows.ofTwoFiles(table, normal, other, SyntheticPumps.FAULT);
    }

    private AnomalyDetector fit(FeatureTable rows) {
        AnomalyDetector.Builder builder = new AnomalyDetector.Builder().seed(seed);
        if (contamination == null) {
            builder.falseAlarmRate(falseAlarmRate);
        } else {
            builder.contamination(contamination);
        }
        long steps = Math.max(500, rows.features().size(0) / 80); // of a network, approximately
        try (MinibatchBar bar = new MinibatchBar("train each of 3 networks", steps)) {
            return builder.listener(bar).fit(rows);
        }
    }

    private static void drift(Report report, List<ColumnDrift> drift) {
        report.table(
                "column", "change since the fit (stability index)", "change that chance can explain", "conclusion");
        drift.stream()
                .limit(MOST_COLUMNS)
                .forEach(column -> report.row(
                        column.column(),
                        Report.decimals(3, column.stability()),
                        Report.decimals(3, column.chance()),
                        switch (column.extent()) {
                            case NONE -> column.stability() > column.chance() ? "slightly changed" : "unchanged";
                            case MODERATE -> "changed: check the sensor or the process";
                            case LARGE -> "changed much: fit the detector to newer rows";
                        }));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2g %%", 100 * share);
    }
}
