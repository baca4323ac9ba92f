package io.github.dl4jae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Help, usage errors and refusals of the command. */
class CommandLineTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "score --model m.zip | Missing required argument (specify one of these): (--csv=FILE | --images=PATH);"
                        + " see dl4j-ae score --help",
                "encode --model m.zip --csv a.csv --images b | --csv=FILE, --images=PATH are mutually exclusive",
                "fit --kind vae --out m.zip | Missing required argument (specify one of these): (--csv=FILE |"
                        + " --images=PATH); see dl4j-ae fit --help",
                "fit --csv a.csv --images b --kind vae --out m.zip | are mutually exclusive (specify only one)",
                "fit --images a --kind vae --out m.zip --ignore b | --ignore needs --csv, got --images; leave it out",
                "fit --images a --kind vae --out m.zip --infinity-is-missing | --infinity-is-missing needs --csv",
                "fit --csv a.csv --kind vae --out m.zip --network dense | --network needs --images, got --csv",
                "fit --images a --kind vae --out m.zip --network deep | Invalid value for option '--network': must"
                        + " be one of [dense, convolutional], got 'deep'",
                "fit --images a --kind contractive --out m.zip --network convolutional | --kind contractive needs"
                        + " --network dense, got convolutional",
                "fit --csv a.csv --kind best --out m.zip | Invalid value for option '--kind': must be one of"
                        + " [undercomplete, denoising, k-sparse, kl-sparse, contractive,"
                        + " vae], got 'best'; see dl4j-ae fit --help",
                "fit --csv a.csv --kind vae --out m.zip --k 3 | --k needs --kind k-sparse, got vae",
                "fit --csv a.csv --kind k-sparse --out m.zip --k 3 --code 2 | --k must be at most --code 2, got 3",
                "fit --csv a.csv --kind vae --out m.zip --epochs 0 | --epochs must be at least 1, got 0",
                "fit --csv a.csv --kind vae --out m.zip --validation-fraction 1 | must be above 0 and below 1, got 1.0",
                "fit --csv a.csv --kind vae --out m.zip --hidden 3,0 | --hidden must be at least 1, got 0",
                "fit --csv - --kind vae --out m.zip | --csv must be a file for fit",
                "select --csv a.csv --k 3 --method best | Invalid value for option '--method': must be one of [greedy,"
                        + " concrete, principal-feature-analysis,",
                "select --csv a.csv --k 0 | --k must be at least 1, got 0",
                "select --csv a.csv --k 1 --validation-fraction 0 | must be above 0 and below 1, got 0.0",
                "select --csv - --k 1 | --csv must be a file for select",
                "fit --csv a.csv --kind vae --out m.zip --unseen x | must be one of [ERROR, ZEROS, MOST_FREQUENT]",
                "bench --columns 0 | --columns must be at least 1, got 0",
                "bench --csv a.csv --columns 3 | --columns must be left out with --csv",
                "bench --seconds 0 | --seconds must be above 0, got 0.0",
                "score --model m.zip --csv a.csv --batch 0 | --batch must be at least 1, got 0",
                "generate --model m.zip --rows 0 | --rows must be at least 1, got 0",
                "score --model m.zip --csv a.csv --fast | unknown argument '--fast'",
                "train | unknown argument 'train'",
                "'' | Missing required subcommand"
            })
    void usage_thatIsInvalid_isOneLineAndStatus2(String line, String message) {
        CommandRun run = line.isEmpty() ? CommandRun.of() : CommandRun.of((Object[]) line.split(" "));

        assertThat(run.err()).contains(message);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fit",
                "score",
                "encode",
                "reconstruct",
                "generate",
                "select",
                "fit-compressor",
                "compress",
                "decompress",
                "inspect",
                "doctor",
                "bench"
            })
    void help_ofEachCommand_isPrinted(String name) {
        CommandRun run = CommandRun.of(name, "-h");

        assertThat(run.out()).contains("Usage: dl4j-ae " + name);
        assertThat(run.status()).isZero();
        assertThat(CommandRun.of("--help").out()).contains("  " + name, "Exit status:");
    }

    @Test
    void version_isPrinted() {
        assertThat(CommandRun.of("--version").out()).startsWith("dl4j-ae ").contains("Java ");
    }

    @Test
    void completion_namesCommandsAndOptions() {
        assertThat(CommandRun.of("generate-completion").out())
                .contains("complete", "reconstruct", "--validation-fraction");
    }

    @Tag("slow")
    @Test
    void doctor_printsFindings() {
        assertThat(CommandRun.of("doctor").out()).contains("BLAS kernel", "Training step");
    }

    @Tag("slow")
    @Test
    void doctor_asJson_isAnObject() throws IOException {
        JsonNode json =
                new ObjectMapper().readTree(CommandRun.of("doctor", "--json").out());

        assertThat(json.at("/speed/stepMillis").asDouble()).isPositive();
    }

    private void assertRefused(CommandRun run, String message) {
        assertThat(run.err()).contains(message);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void tableThatIsNotThere_isRefused() {
        assertRefused(
                CommandRun.of(
                        "fit",
                        "--csv",
                        directory.resolve("none.csv"),
                        "--kind",
                        "vae",
                        "--out",
                        directory.resolve("m.zip")),
                "none.csv must be a file, got nothing there");
    }

    @Test
    void modelThatIsNone_isRefused() throws IOException {
        Path model = Files.writeString(directory.resolve("m.zip"), "no model");

        assertRefused(CommandRun.of("score", "--model", model, "--csv", "-"), "m.zip");
        assertRefused(CommandRun.of("inspect", "--model", directory.resolve("none.zip")), "none.zip");
    }

    /** Before the table is read, which is not there. */
    @Test
    void outThatIsADirectory_isRefusedBeforeWork() {
        assertRefused(
                CommandRun.of("fit", "--csv", "none.csv", "--kind", "vae", "--out", directory),
                "--out must be a file, got the directory");
        assertRefused(
                CommandRun.of("score", "--model", "none.zip", "--csv", "none.csv", "--out", directory),
                "--out must be a file, got the directory");
    }
}
