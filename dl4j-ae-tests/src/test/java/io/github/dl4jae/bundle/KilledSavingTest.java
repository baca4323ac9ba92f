package io.github.dl4jae.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.JavaProcess;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.UndercompleteAutoencoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A process that saves models over each other, and is killed by SIGKILL at random moments, leaves one of them. {@code
 * -Ddl4jae.kills=50} kills more often than the default of 5.
 */
@Tag("slow")
class KilledSavingTest {

    private static final int KILLS = Integer.getInteger("dl4jae.kills", 5);
    private static final int LONGEST_DELAY_MILLIS = 300;
    private static final int INPUTS = 784;

    @TempDir
    private Path directory;

    private static ModelBundle model(int seed) {
        return new ModelBundle.Builder(new UndercompleteAutoencoder.Builder(DataShape.pixels(INPUTS))
                        .seed(seed)
                        .build()
                        .network())
                .build();
    }

    /** Saves two models in turn until it is killed. */
    static final class Saving {

        private Saving() {}

        public static void main(String[] arguments) {
            ModelBundle first = model(1);
            ModelBundle second = model(2);
            while (true) {
                first.save(Path.of(arguments[0]));
                second.save(Path.of(arguments[0]));
            }
        }
    }

    @Test
    void saving_killedAtRandomMoments_leavesAWholeModel() throws IOException, InterruptedException {
        Path file = directory.resolve("m.zip");
        INDArray first = model(1).network().params();
        INDArray second = model(2).network().params();

        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            FileTime before = Files.exists(file) ? Files.getLastModifiedTime(file) : FileTime.fromMillis(0);
            Process saving = JavaProcess.of("512m", "1g", Saving.class, file)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output.txt").toFile())
                    .start();
            while (saving.isAlive()
                    && (!Files.exists(file) || Files.getLastModifiedTime(file).equals(before))) {
                saving.waitFor(5, TimeUnit.MILLISECONDS);
            }
            saving.waitFor(random.nextInt(LONGEST_DELAY_MILLIS), TimeUnit.MILLISECONDS);
            assertThat(saving.isAlive())
                    .as(Files.readString(directory.resolve("output.txt")))
                    .isTrue();
            saving.destroyForcibly().waitFor();

            INDArray saved = ModelBundle.load(file).network().params();
            assertThat(saved.equals(first) || saved.equals(second))
                    .as("seed of the moments: %d", seed)
                    .isTrue();
        }

        model(1).save(file); // over what a killed process left
        assertThat(ModelBundle.load(file).network().params()).isEqualTo(first);
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
    }
}
