package io.github.dl4jae.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invalid options: exit status 2 if they cannot be read, 1 if an example refuses their values. */
class LauncherOptionsTest extends LauncherRun {

    @Test
    void unknownData_isRefusedWithTheNames() {
        assertThat(run("--data", "cifar")).isEqualTo(2);
        assertThat(text()).contains("must be one of digits, mnist, fashion-mnist, got 'cifar'");
    }

    @ParameterizedTest
    @CsvSource({
        "--epochs many, Invalid value for option",
        "--epoches 1, 'Possible solutions: --epochs'",
        "denoising --noise pepper, 'expected one of [GAUSSIAN, MASKING, SALT_AND_PEPPER]'"
    })
    void options_thatCannotBeRead_areRefused(String options, String message) {
        assertThat(run(options.split(" "))).isEqualTo(2);
        assertThat(text()).contains(message).doesNotContain("\tat ");
    }

    @Test
    void missingData_isOneClearMessage() {
        assertThat(run("--data", "mnist", "--data-dir", out.toString())).isEqualTo(1);
        assertThat(text()).contains("train-images-idx3-ubyte.gz").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "--epochs 0, '--epochs must be at least 1, got 0'",
        "--train-images 0, '--train-images must be at least 1, got 0'",
        "vae --latents 1, '--latents must be at least 2, got 1'",
        "reproduce concrete2019 --resume, '--resume: must be left out'",
        "reproduce oneclass --resume, '--resume: must be left out'",
        "'reproduce oneclass --classes 3,10', '--classes must be in [0, 9], got 10'",
        "anomaly-digits --digit 10, '--digit must be in [0, 9], got 10'",
        "anomaly-digits --alarm-rate 0, '--alarm-rate must be in (0, 0.5], got 0.0'",
        "anomaly-digits --anomalies 0.9, '--anomalies must be in (0, 0.9), got 0.9'"
    })
    void values_outOfRange_areRefused(String options, String message) {
        assertThat(run((options + " --out " + out).split(" "))).isEqualTo(1);
        assertThat(text()).contains(message).doesNotContain("\tat ").doesNotContain("Training on");
    }

    @Test
    void outputDirectory_thatCannotBeWritten_isRefusedBeforeTraining() throws IOException {
        Path file = Files.createFile(out.resolve("file"));

        assertThat(run("linear-pca", "--epochs", "1", "--out", file.resolve("x").toString()))
                .isEqualTo(1);
        assertThat(text())
                .contains("--out must be a directory that can be written, got " + file)
                .doesNotContain("\tat ")
                .doesNotContain("Training on");
    }

    @Test
    void selectColumns_ofAMissingFile_isOneClearMessage() {
        assertThat(run("select-columns", "--csv", out.resolve("none.csv").toString()))
                .isEqualTo(1);
        assertThat(text())
                .contains("none.csv must be a file, got nothing there")
                .doesNotContain("\tat ");
    }

    @Test
    void resume_withoutACheckpoint_isRefused() {
        assertThat(run("--resume", "--out", out.toString())).isEqualTo(1);
        assertThat(text()).contains("--resume: there must be a checkpoint to continue, got none");
    }
}
