package io.github.dl4jae.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trainings that are killed by SIGKILL at random moments end like an uninterrupted one. {@code -Ddl4jae.kills=50} kills
 * more often than the default of 5.
 */
@Tag("slow")
class KilledTrainingTest {

    private static final int KILLS = Integer.getInteger("dl4jae.kills", 5);
    private static final int EPOCHS = 12 * KILLS;
    private static final int LONGEST_DELAY_MILLIS = 300;

    @TempDir
    private Path directory;

    private Process start(TrainingCases which, Path checkpoint, Path outcome) throws IOException {
        return JavaProcess.of("1g", "2g", KilledTraining.class, which, EPOCHS, checkpoint, outcome)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.txt").toFile())
                .start();
    }

    private String finish(Process process, Path outcome) throws IOException, InterruptedException {
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        assertThat(outcome)
                .as(Files.readString(directory.resolve("output.txt")))
                .exists();
        return Files.readString(outcome);
    }

    @Test
    void training_killedAtRandomMoments_endsLikeAnUninterruptedOne() throws IOException, InterruptedException {
        Path outcome = directory.resolve("whole.txt");
        String whole = finish(start(TrainingCases.DROPOUT, directory.resolve("whole.zip"), outcome), outcome);

        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path checkpoint = directory.resolve("killed.zip");
        outcome = directory.resolve("killed.txt");
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = start(TrainingCases.DROPOUT, checkpoint, outcome);
            awaitProgress(process, checkpoint);
            process.waitFor(random.nextInt(LONGEST_DELAY_MILLIS), TimeUnit.MILLISECONDS);
            assertThat(process.isAlive())
                    .as("the training is long enough to be killed")
                    .isTrue();
            process.destroyForcibly().waitFor();
        }
        String resumed = finish(start(TrainingCases.DROPOUT, checkpoint, outcome), outcome);

        assertThat(resumed).as("seed of the moments: %d", seed).isEqualTo(whole);
    }

    /** Waits until the process has written a checkpoint. */
    private static void awaitProgress(Process process, Path checkpoint) throws IOException, InterruptedException {
        long before =
                Files.exists(checkpoint) ? Files.getLastModifiedTime(checkpoint).toMillis() : 0;
        while (process.isAlive()
                && (!Files.exists(checkpoint)
                        || Files.getLastModifiedTime(checkpoint).toMillis() == before)) {
            process.waitFor(5, TimeUnit.MILLISECONDS);
        }
    }
}
