package io.github.dl4jae.cli;

import io.github.dl4jae.bundle.Threshold;
import io.github.dl4jae.cli.RowScores.RowScore;
import io.github.dl4jae.tabular.TableStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes the reconstruction error of each row. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Writes the reconstruction error of each row, and the column that is reconstructed worst. Missing"
                + " values do not count.")
final class ScoreCommand implements Callable<Integer> {

    /** The name of the score in a model. */
    static final String SCORE = "mean squared error per row";

    private final Console console;

    @Mixin
    private final RowsOptions options = new RowsOptions();

    private long count;
    private double sum;
    private double largest = Double.NEGATIVE_INFINITY;
    private long largestRow;
    private long above;

    ScoreCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        RowsOptions.Pass pass = options.open(console);
        double limit = limit(pass.model().bundle().threshold());
        pass.file().write(StandardCharsets.UTF_8, ',', csv -> {
            try (TableStream rows = pass.rows()) {
                csv.writeRecord("row", "score", "worst_column", "worst_error", "missing");
                while (rows.hasNext()) {
                    for (RowScore score : RowScores.of(pass.model(), rows.next())) {
                        add(score, limit);
                        csv.writeRecord(
                                Long.toString(count),
                                shown(score.error()),
                                score.worstColumn(),
                                shown(score.worstError()),
                                Integer.toString(score.missing()));
                    }
                }
            }
        });
        pass.print(summary(limit));
        return 0;
    }

    /** Returns the threshold of a model; infinity if it has none, or one of another score. */
    private static double limit(@Nullable Threshold threshold) {
        return threshold != null && threshold.score().equals(SCORE) ? threshold.value() : Double.POSITIVE_INFINITY;
    }

    private void add(RowScore score, double limit) {
        count++;
        if (!Double.isNaN(score.error())) {
            sum += score.error();
            above += score.error() > limit ? 1 : 0;
            if (score.error() > largest) {
                largest = score.error();
                largestRow = count;
            }
        }
    }

    private Summary summary(double limit) {
        Summary summary = new Summary().add("rows", count);
        if (largestRow > 0) {
            summary.add("mean score", sum / count).add("largest score", largest).add("in row", largestRow);
        }
        if (Double.isFinite(limit)) {
            summary.add("threshold", limit).add("rows above", above);
        }
        return summary;
    }

    private static String shown(double number) {
        return Double.isNaN(number) ? "" : Float.toString((float) number);
    }
}
