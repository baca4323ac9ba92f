package io.github.dl4jae.cli;

import io.github.dl4jae.bundle.Threshold;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Writes the reconstruction error of each row or image. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Writes the reconstruction error of each image, or of each row with the column that is reconstructed"
                        + " worst. Missing values do not count. For an anomaly detector: its score, whether it is above"
                        + " the threshold, the probability of an anomaly, and the most unusual column of anomalies.")
final class ScoreCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private final RowsOptions options = new RowsOptions();

    private long count;
    private double sum;
    private double largest = Double.NEGATIVE_INFINITY;
    private Object largestKey = 0;
    private long above;

    ScoreCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        OutputFile file = options.file(console);
        TrainedModel model = options.model();
        double limit = limit(model);
        file.write(StandardCharsets.UTF_8, ',', csv -> {
            try (Examples examples = options.examples(console, model)) {
                csv.writeRecord(joined(examples.keyNames(), examples.scoreNames()));
                while (examples.hasNext()) {
                    Examples.Batch batch = examples.next();
                    Iterator<List<String>> keys = batch.keys().iterator();
                    for (Examples.Score score : batch.scores(model)) {
                        List<String> key = keys.next();
                        add(key, score.error(), limit);
                        csv.writeRecord(joined(key, score.cells()));
                    }
                }
            }
        });
        options.print(console, file.isStandardOutput(), summary(model.unit(), limit));
        return 0;
    }

    /** Returns the threshold of a model; infinity if it has none, or one of another score. */
    private static double limit(TrainedModel model) {
        Threshold threshold = model.bundle().threshold();
        return threshold != null && threshold.score().equals(model.scoreName())
                ? threshold.value()
                : Double.POSITIVE_INFINITY;
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private void add(List<String> key, double error, double limit) {
        count++;
        if (!Double.isNaN(error)) {
            sum += error;
            above += error > limit ? 1 : 0;
            if (error > largest) {
                largest = error;
                largestKey = key.size() == 1 ? count : key.get(1); // the file, if there is one
            }
        }
    }

    private Summary summary(String unit, double limit) {
        Summary summary = new Summary().add(unit + "s", count);
        if (largest >= 0) {
            summary.add("mean score", sum / count).add("largest score", largest).add("in " + unit, largestKey);
        }
        if (Double.isFinite(limit)) {
            summary.add("threshold", limit).add(unit + "s above", above);
        }
        return summary;
    }
}
