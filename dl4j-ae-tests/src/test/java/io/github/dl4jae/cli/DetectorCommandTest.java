package io.github.dl4jae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.anomaly.AnomalyDetector;
import io.github.dl4jae.tabular.FeatureTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** A detector of machines, whose power is four times their load. */
@Tag("slow")
class DetectorCommandTest {

    @TempDir
    private Path directory;

    private Path normal;
    private Path today;
    private Path model;

    @BeforeEach
    void fit() throws IOException {
        normal = Files.write(directory.resolve("normal.csv"), lines(300, 1));
        List<String> lines = lines(20, 2);
        lines.add("60,240,on");
        lines.add("60,120,on"); // half of the power
        lines.add("60,,on");
        today = Files.write(directory.resolve("today.csv"), lines);
        model = directory.resolve("detector.zip");
    }

    private static List<String> lines(int rows, long seed) {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("load,power,state"));
        for (int i = 0; i < rows; i++) {
            double load = 50 + 10 * random.nextGaussian();
            lines.add(String.format(
                    Locale.ROOT, "%.2f,%.2f,%s", load, 4 * load + random.nextGaussian(), i % 9 == 0 ? "off" : "on"));
        }
        return lines;
    }

    private CommandRun fitted() {
        return CommandRun.of("fit-detector", "--csv", normal.toString(), "--out", model.toString(), "--json");
    }

    private List<String> scores(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("score", "--model", model.toString(), "--csv", today.toString()));
        arguments.addAll(List.of(more));
        CommandRun run = CommandRun.of(arguments.toArray());
        assertThat(run.status()).as(run.err()).isZero();
        return run.out().lines().toList();
    }

    @Test
    void score_tellsAnomaliesAndWhy() {
        assertThat(fitted().status()).isZero();

        List<String> lines = scores();

        assertThat(lines.get(0)).isEqualTo("row,score,anomaly,probability,worst_column,found,expected");
        assertThat(lines).hasSize(24);
        assertThat(lines.get(21)).contains(",0,0.0").endsWith(",,,");
        assertThat(lines.get(22)).startsWith("22,").contains(",1,").contains(",power,120,2");
        assertThat(lines.get(23)).contains(",0,");
    }

    @Test
    void scores_areThoseOfTheLibrary_inBatchesOfAnySize() {
        fitted();
        AnomalyDetector detector = AnomalyDetector.load(model);
        FeatureTable rows = detector.schema().read(today);

        List<String> lines = scores("--batch", "1");

        assertThat(lines).isEqualTo(scores());
        double[] scores = detector.score(rows);
        for (int i = 0; i < scores.length; i++) {
            assertThat(lines.get(i + 1)).startsWith((i + 1) + "," + Float.toString((float) scores[i]) + ",");
        }
    }

    @Test
    void fit_printsTheThresholdAndItsInterval() throws IOException {
        JsonNode summary = new ObjectMapper().readTree(fitted().out());

        assertThat(summary.get("rows").asInt()).isEqualTo(300);
        assertThat(summary.get("threshold").asDouble())
                .isEqualTo(AnomalyDetector.load(model).threshold().value());
        assertThat(summary.get("at most").asDouble()).isBetween(0.01, 0.2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"encode", "reconstruct"})
    void otherCommands_refuseADetector(String command) {
        fitted();
        CommandRun run = CommandRun.of(command, "--model", model.toString(), "--csv", today.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("got an anomaly detector, which only scores rows; use dl4j-ae score");
    }

    @Test
    void bothRates_areRefused() {
        CommandRun run = CommandRun.of(
                "fit-detector",
                "--csv",
                normal.toString(),
                "--out",
                model.toString(),
                "--contamination",
                "0.1",
                "--false-alarm-rate",
                "0.1");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("--contamination must be given without --false-alarm-rate");
        assertThat(model).doesNotExist();
    }
}
