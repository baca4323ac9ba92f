package io.github.dl4jae.cli;

import io.github.dl4jae.anomaly.AnomalyDetector;
import io.github.dl4jae.anomaly.AnomalyThreshold;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.UnseenLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fits an anomaly detector to the rows of a table. */
@Command(
        name = "fit-detector",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = "Fits an anomaly detector to the rows of a table, which should be normal, with few exceptions."
                + " dl4j-ae score then writes a score for each row, whether it is an anomaly, and why.")
final class FitDetectorCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--csv", paramLabel = "FILE", required = true, description = "Table with a header.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path csv;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Model file to write.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path out;

    @Option(
            names = "--false-alarm-rate",
            paramLabel = "P",
            description = "Share of normal rows that may be above the threshold. Default: 0.01.")
    private @Nullable Double falseAlarmRate;

    @Option(
            names = "--contamination",
            paramLabel = "P",
            description = "Share of anomalies among the rows, in place of --false-alarm-rate.")
    private @Nullable Double contamination;

    @Option(names = "--seed", paramLabel = "S", description = "Random seed. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean json;

    @Mixin
    private final TableOptions table = new TableOptions();

    FitDetectorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Usage.require(
                spec,
                falseAlarmRate == null || contamination == null,
                "--contamination must be given without --false-alarm-rate, got both");
        AnomalyDetector.Builder builder = new AnomalyDetector.Builder().seed(seed);
        if (falseAlarmRate != null) {
            requireShare("--false-alarm-rate", falseAlarmRate);
            builder.falseAlarmRate(falseAlarmRate);
        }
        if (contamination != null) {
            requireShare("--contamination", contamination);
            builder.contamination(contamination);
        }
        OutputFile.require("--out", out);
        FeatureTable rows =
                table.reader().unseenLevel(UnseenLevel.ZEROS).build().read(csv);
        if (!json) {
            console.printNotes(rows.schema().notes());
        }
        AnomalyDetector detector = builder.fit(rows);
        detector.save(out);
        AnomalyThreshold threshold = detector.threshold();
        new Summary()
                .add("detector", out.toString())
                .add("rows", RowsOptions.count(rows))
                .add("score", detector.scoreName())
                .add("threshold", threshold.value())
                .add("false alarms asked for", threshold.alarmRate())
                .add("at least", threshold.lowestRate())
                .add("at most", threshold.highestRate())
                .add("with confidence", threshold.confidence())
                .print(console.text(), json);
        return 0;
    }

    private void requireShare(String option, double share) {
        Usage.require(spec, share > 0 && share < 1, option + " must be between 0 and 1, got " + share);
    }
}
