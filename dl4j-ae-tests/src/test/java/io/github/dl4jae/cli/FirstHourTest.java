package io.github.dl4jae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.bundle.RowScore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Fits a model to a table of sensors, and scores new rows with it. */
class FirstHourTest {

    private static final int[] ALL = {0, 1, 2, 3, 4, 5};
    private static final int BROKEN = 41;

    @TempDir
    private static Path directory;

    private static Path model;
    private static CommandRun fitted;

    @TempDir
    private Path own;

    @BeforeAll
    static void fit() {
        Path table = Sensors.write(directory.resolve("sensors.csv"), Sensors.rows(600, 1), ALL);
        model = directory.resolve("m.zip");
        fitted = CommandRun.of(
                "fit", "--csv", table, "--kind", "k-sparse", "--out", model, "--epochs", 60, "--learning-rate", 0.01);
    }

    /** Returns new rows, of which one has a pressure that does not fit its other values. */
    private static List<List<String>> newRows() {
        List<List<String>> rows = Sensors.rows(100, 2);
        double pressure = Double.parseDouble(rows.get(BROKEN).get(1));
        rows.get(BROKEN).set(1, String.valueOf(pressure + 40));
        return rows;
    }

    private Path newTable(int... columns) {
        return Sensors.write(own.resolve("new.csv"), newRows(), columns);
    }

    private List<String> score(Object... arguments) throws IOException {
        Path out = own.resolve("scores.csv");
        CommandRun run = CommandRun.of("score", "--model", model, "--out", out, arguments[0], arguments[1]);
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        return Files.readAllLines(out);
    }

    @Test
    void fit_ends_withModelAndSummaryAndWithoutCheckpoint() {
        assertThat(fitted.status()).isZero();
        assertThat(fitted.out()).contains("KSparseAutoencoder(6 features, code 12)", "validation loss", "threshold");
        assertThat(fitted.err()).doesNotContain("fit  "); // no progress bar
        assertThat(directory).isDirectoryContaining("glob:**m.zip").isDirectoryNotContaining("glob:**.training");
    }

    @Test
    void score_ofRowWithBrokenSensor_isLargestAndNamesIt() throws IOException {
        List<String> scores = score("--csv", newTable(ALL));

        assertThat(scores).hasSize(101).startsWith("row,score,worst_column,worst_error,missing");
        assertThat(scores.subList(1, 101))
                .extracting(line -> line.split(",", -1)[0])
                .startsWith("1", "2", "3");
        List<String> sorted = scores.subList(1, 101).stream()
                .sorted(Comparator.comparingDouble((String line) -> -Double.parseDouble(line.split(",", -1)[1])))
                .toList();
        assertThat(sorted.get(0).split(",", -1))
                .startsWith(String.valueOf(BROKEN + 1))
                .contains("pressure", "0");
        assertThat(Double.parseDouble(sorted.get(0).split(",", -1)[1]))
                .isGreaterThan(10 * Double.parseDouble(sorted.get(1).split(",", -1)[1]));
    }

    @Test
    void score_ofReorderedColumns_isTheSame() throws IOException {
        List<String> scores = score("--csv", newTable(ALL));

        assertThat(score("--csv", newTable(5, 2, 4, 0, 1, 3))).isEqualTo(scores);
    }

    @Test
    void score_withAnotherColumn_isTheSameAndNamesIt() throws IOException {
        List<String> scores = score("--csv", newTable(ALL));
        Path wider = own.resolve("wider.csv");
        List<String> lines = Files.readAllLines(newTable(ALL));
        Files.write(wider, lines.stream().map(line -> "x7," + line).toList());

        CommandRun run = CommandRun.of("score", "--model", model, "--csv", wider);

        assertThat(run.out().lines()).containsExactlyElementsOf(scores);
        assertThat(run.err()).contains("Left out a column that the model does not have: x7");
        assertThat(CommandRun.of("score", "--model", model, "--csv", wider, "--json")
                        .err())
                .contains("\"notes\":[\"Left out a column that the model does not have: x7\"]");
    }

    @Test
    void score_ofPipes_isThatOfFiles() throws IOException {
        Path table = newTable(ALL);
        List<String> scores = score("--csv", table);

        CommandRun run = CommandRun.withInput(
                Files.readAllBytes(table), "score", "--model", model, "--csv", "-", "--out", "-", "--batch", 7);

        assertThat(run.out().lines()).containsExactlyElementsOf(scores);
        assertThat(run.err()).contains("rows above");
        assertThat(run.status()).isZero();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void score_ofNamedPipes_isThatOfFiles() throws Exception {
        Path table = newTable(ALL);
        List<String> scores = score("--csv", table);
        Path rows = own.resolve("rows.pipe");
        Path results = own.resolve("results.pipe");
        assertThat(new ProcessBuilder("mkfifo", rows.toString(), results.toString())
                        .start()
                        .waitFor())
                .isZero();
        Process writer = new ProcessBuilder("cp", table.toString(), rows.toString()).start();
        Process reader = new ProcessBuilder("cat", results.toString()).start();
        try {
            CommandRun run = CommandRun.of("score", "--model", model, "--csv", rows, "--out", results);

            assertThat(run.status()).as(run.err()).isZero();
            assertThat(new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines())
                    .containsExactlyElementsOf(scores);
            assertThat(own).isDirectoryNotContaining("glob:**.part");
        } finally {
            writer.destroyForcibly();
            reader.destroyForcibly();
        }
    }

    @Test
    void score_withoutValue_countsItAsMissing() throws IOException {
        List<List<String>> rows = newRows();
        rows.get(BROKEN).set(1, "");
        Path table = Sensors.write(own.resolve("gaps.csv"), rows, ALL);

        List<String> scores = score("--csv", table);

        String[] row = scores.get(BROKEN + 1).split(",", -1);
        assertThat(row[2]).isNotEqualTo("pressure");
        assertThat(row[4]).isEqualTo("1");
        assertThat(Double.parseDouble(row[1])).isLessThan(1);
    }

    @Test
    void score_withoutColumns_namesThemAndKeepsTheOldFile() throws IOException {
        Path out = Files.writeString(own.resolve("scores.csv"), "old");

        CommandRun run = CommandRun.of("score", "--model", model, "--csv", newTable(0, 2, 3, 4), "--out", out);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("must have the columns 'pressure', 'flow'");
        assertThat(out).hasContent("old");
    }

    @Test
    void score_ofTextInLaterRow_namesItAndKeepsTheOldFile() throws IOException {
        List<List<String>> rows = newRows();
        rows.get(90).set(2, "wet");
        Path table = Sensors.write(own.resolve("new.csv"), rows, ALL);
        Path out = Files.writeString(own.resolve("scores.csv"), "old");

        CommandRun run = CommandRun.of("score", "--model", model, "--csv", table, "--out", out, "--batch", 10);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("row 91", "'humidity'", "'wet'");
        assertThat(out).hasContent("old");
        assertThat(own).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void encode_ofRows_writesCodesWithKUnits() {
        CommandRun run = CommandRun.of("encode", "--model", model, "--csv", newTable(ALL));

        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(101);
        assertThat(lines.get(0)).startsWith("row,code1,code2").endsWith("code12");
        assertThat(List.of(lines.get(1).split(",", -1)).stream()
                        .skip(1)
                        .filter(value -> Double.parseDouble(value) != 0))
                .hasSize(2); // k, the root of six features
    }

    @Test
    void reconstruct_ofRows_writesTheUnitsOfTheTable() {
        CommandRun run = CommandRun.of("reconstruct", "--model", model, "--csv", newTable(ALL));

        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(101).startsWith(String.join(",", Sensors.NAMES));
        String[] row = lines.get(1).split(",", -1);
        assertThat(Double.parseDouble(row[1])).isBetween(990.0, 1035.0);
        assertThat(row[4]).isIn("run", "idle");
    }

    @Test
    void inspect_asJson_hasLayersColumnsAndMetrics() throws IOException {
        CommandRun run = CommandRun.of("inspect", "--model", model, "--json");

        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("layers")).hasSize(3);
        assertThat(json.at("/columns/pressure").asText()).isEqualTo("number");
        assertThat(json.at("/columns/mode").asText()).isEqualTo("flag");
        assertThat(json.at("/metrics/training rows").asInt()
                        + json.at("/metrics/validation rows").asInt())
                .isEqualTo(600);
        assertThat(json.at("/threshold/" + RowScore.NAME).asDouble()).isPositive();
    }

    @Test
    void generate_fromOtherKind_isRefused() {
        CommandRun run = CommandRun.of("generate", "--model", model, "--rows", 3);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("must be a model of kind vae");
    }

    @Tag("slow")
    @Test
    void generate_fromVae_dependsOnSeedAlone() {
        Path vae = own.resolve("vae.zip");
        CommandRun fit = CommandRun.of(
                "fit",
                "--csv",
                directory.resolve("sensors.csv"),
                "--kind",
                "vae",
                "--out",
                vae,
                "--epochs",
                2,
                "--json");
        assertThat(fit.status()).isZero();

        String rows = CommandRun.of("generate", "--model", vae, "--rows", 1500).out();

        assertThat(rows.lines()).hasSize(1501).startsWith(String.join(",", Sensors.NAMES));
        assertThat(CommandRun.of("generate", "--model", vae, "--rows", 1500).out())
                .isEqualTo(rows);
        Path out = own.resolve("generated.csv");
        CommandRun summary = CommandRun.of("generate", "--model", vae, "--rows", 1500, "--out", out, "--json");
        assertThat(summary.out()).isEqualTo("{\"rows\":1500,\"seed\":42}" + System.lineSeparator());
        assertThat(out).hasContent(rows);
        assertThat(CommandRun.of("generate", "--model", vae, "--rows", 1500, "--seed", 7)
                        .out())
                .isNotEqualTo(rows);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"undercomplete", "denoising", "kl-sparse", "contractive"})
    void fit_ofEachKind_givesModelThatScores(String kind) throws IOException {
        Path other = own.resolve("other.zip");
        CommandRun run = CommandRun.of(
                "fit",
                "--csv",
                directory.resolve("sensors.csv"),
                "--kind",
                kind,
                "--out",
                other,
                "--epochs",
                1,
                "--json",
                "--code",
                2,
                "--hidden",
                "9,5");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(new ObjectMapper().readTree(run.out()).get("network").asText())
                .contains("code 2");
        assertThat(CommandRun.of("score", "--model", other, "--csv", newTable(ALL))
                        .out()
                        .lines())
                .hasSize(101);
    }
}
