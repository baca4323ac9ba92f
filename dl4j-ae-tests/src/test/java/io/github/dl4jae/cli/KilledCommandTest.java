package io.github.dl4jae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.JavaProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands in processes that are killed, the scoring at random moments. {@code -Ddl4jae.kills=50} kills more often than
 * the default of 5.
 */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS) // has no signals
class KilledCommandTest {

    private static final int[] ALL = {0, 1, 2, 3, 4, 5};
    private static final int KILLS = Integer.getInteger("dl4jae.kills", 5);
    private static final int LONGEST_DELAY_MILLIS = 600;

    @TempDir
    private Path directory;

    private Process start(Object... arguments) throws IOException {
        return JavaProcess.of("512m", "1g", Main.class, arguments)
                .redirectError(directory.resolve("errors.txt").toFile())
                .start();
    }

    private Object[] fit(Path out, int epochs) {
        return new Object[] {
            "fit",
            "--csv",
            directory.resolve("sensors.csv"),
            "--kind",
            "denoising",
            "--out",
            out,
            "--epochs",
            epochs,
            "--patience",
            1000,
            "--batch",
            8
        };
    }

    private static void await(Path file, Process process) throws InterruptedException {
        for (int i = 0; i < 6000 && process.isAlive() && !Files.exists(file); i++) {
            Thread.sleep(10);
        }
        assertThat(file).exists();
    }

    private static void awaitChange(Path file, Process process) throws IOException, InterruptedException {
        FileTime time = Files.getLastModifiedTime(file);
        for (int i = 0;
                i < 6000 && process.isAlive() && Files.getLastModifiedTime(file).equals(time);
                i++) {
            Thread.sleep(10);
        }
        assertThat(Files.getLastModifiedTime(file)).isGreaterThan(time);
    }

    @Test
    void fit_interruptedAndKilled_continuesToTheSameModel() throws Exception {
        Sensors.write(directory.resolve("sensors.csv"), Sensors.rows(1000, 1), ALL);
        Path model = directory.resolve("m.zip");
        Path checkpoint = directory.resolve("m.zip.training");

        Process interrupted = start(fit(model, 10));
        await(checkpoint, interrupted);
        interrupted.destroy();
        assertThat(interrupted.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(directory.resolve("errors.txt")).content().contains("run the same command again to continue it");
        assertThat(model).doesNotExist();
        assertThat(checkpoint).exists();

        Process killed = start(fit(model, 10));
        awaitChange(checkpoint, killed);
        killed.destroyForcibly().waitFor();
        assertThat(model).doesNotExist();

        CommandRun resumed = CommandRun.of(fit(model, 10));
        assertThat(resumed.status()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("Continuing after epoch");
        assertThat(checkpoint).doesNotExist();

        Path uninterrupted = directory.resolve("uninterrupted.zip");
        assertThat(CommandRun.of(fit(uninterrupted, 10)).status()).isZero();
        assertThat(model).hasSameBinaryContentAs(uninterrupted);
    }

    @Test
    void fit_ofImages_interruptedAndKilled_continuesToTheSameModel() throws Exception {
        Path images = DigitImages.idx(directory.resolve("images.idx"), DigitImages.gray(2000, 1));
        Path model = directory.resolve("m.zip");
        Path checkpoint = directory.resolve("m.zip.training");

        Process interrupted = start(fitImages(images, model));
        await(checkpoint, interrupted);
        interrupted.destroy();
        assertThat(interrupted.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(directory.resolve("errors.txt")).content().contains("run the same command again to continue it");
        Process killed = start(fitImages(images, model));
        awaitChange(checkpoint, killed);
        killed.destroyForcibly().waitFor();
        assertThat(model).doesNotExist();

        CommandRun resumed = CommandRun.of(fitImages(images, model));
        assertThat(resumed.status()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("Continuing after epoch");
        assertThat(checkpoint).doesNotExist();
        Path uninterrupted = directory.resolve("uninterrupted.zip");
        assertThat(CommandRun.of(fitImages(images, uninterrupted)).status()).isZero();
        assertThat(model).hasSameBinaryContentAs(uninterrupted);
    }

    private static Object[] fitImages(Path images, Path out) {
        return new Object[] {
            "fit", "--images", images, "--kind", "denoising", "--hidden", 64, "--epochs", 12, "--batch", 8, "--out", out
        };
    }

    @Test
    void fit_withOtherOptionsThanItsCheckpoint_isRefusedUnlessItRestarts() throws Exception {
        Sensors.write(directory.resolve("sensors.csv"), Sensors.rows(1000, 1), ALL);
        Path model = directory.resolve("m.zip");
        Process killed = start(fit(model, 1000));
        await(directory.resolve("m.zip.training"), killed);
        killed.destroyForcibly().waitFor();
        List<Object> other = new ArrayList<>(List.of(fit(model, 1)));
        other.addAll(List.of("--code", 3));

        CommandRun refused = CommandRun.of(other.toArray());
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err().lines().filter(line -> line.startsWith("dl4j-ae")))
                .singleElement()
                .asString()
                .contains("m.zip.training must be of a training with the same options", "--restart");

        other.add("--restart");
        assertThat(CommandRun.of(other.toArray()).status()).isZero();
    }

    @Test
    void score_killedBetweenRows_keepsTheOldFile() throws Exception {
        Path model = directory.resolve("m.zip");
        Sensors.write(directory.resolve("sensors.csv"), Sensors.rows(100, 1), ALL);
        assertThat(CommandRun.of(fit(model, 1)).status()).isZero();
        Path out = Files.writeString(directory.resolve("scores.csv"), "old");
        byte[] rows = Files.readAllBytes(directory.resolve("sensors.csv"));

        Process killed = start("score", "--model", model, "--csv", "-", "--out", out, "--batch", 10);
        try (OutputStream in = killed.getOutputStream()) {
            in.write(rows);
            in.flush();
            await(directory.resolve("scores.csv.part"), killed);
            in.write(new String(rows, StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .findFirst()
                    .orElseThrow()
                    .getBytes(StandardCharsets.UTF_8));
            killed.destroyForcibly().waitFor();
        } catch (IOException e) {
            assertThat(killed.isAlive()).isFalse(); // closing the pipe of a process that is gone
        }

        assertThat(out).hasContent("old");
    }

    @Test
    void score_killedAtRandomMoments_leavesTheOldFileOrTheNew() throws Exception {
        Path model = directory.resolve("m.zip");
        Path table = Sensors.write(directory.resolve("sensors.csv"), Sensors.rows(20_000, 1), ALL);
        assertThat(CommandRun.of(fit(model, 1)).status()).isZero();
        Path out = directory.resolve("scores.csv");
        String scores = CommandRun.of("score", "--model", model, "--csv", table).out();
        Path part = directory.resolve("scores.csv.part");

        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            Files.writeString(out, "old");
            Process killed = start("score", "--model", model, "--csv", table, "--out", out);
            await(part, killed);
            killed.waitFor(random.nextInt(LONGEST_DELAY_MILLIS), TimeUnit.MILLISECONDS);
            killed.destroyForcibly().waitFor();
            assertThat(Files.readString(out))
                    .as("seed of the moments: %d", seed)
                    .isIn("old", scores);
            Files.deleteIfExists(part);
        }

        assertThat(CommandRun.of("score", "--model", model, "--csv", table, "--out", out)
                        .status())
                .isZero();
        assertThat(out).hasContent(scores);
    }
}
