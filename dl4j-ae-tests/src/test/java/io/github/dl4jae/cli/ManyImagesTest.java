package io.github.dl4jae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.JavaProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An IDX file that is larger than the memory of the process that reads it. */
@Tag("slow")
class ManyImagesTest {

    private static final int COUNT = 200_000; // 157 MB of bytes, 627 MB as float32

    @TempDir
    private Path directory;

    /** Writes an IDX file of black images. */
    private Path black() throws IOException {
        Path file = directory.resolve("many-idx3-ubyte");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.writeInt(0x803);
            out.writeInt(COUNT);
            out.writeInt(28);
            out.writeInt(28);
            out.setLength(16 + 784L * COUNT);
        }
        return file;
    }

    private void run(Object... arguments) throws IOException, InterruptedException {
        Path errors = directory.resolve("errors.txt");
        Process process = JavaProcess.of("80m", "160m", Main.class, arguments)
                .redirectError(errors.toFile())
                .start();
        process.getInputStream().readAllBytes();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    }

    @Test
    void imagesBeyondTheHeap_areScoredAndReconstructed() throws Exception {
        Path model = directory.resolve("m.zip");
        Path training = DigitImages.idx(directory.resolve("train.idx"), DigitImages.gray(100, 1));
        assertThat(CommandRun.of(
                                "fit",
                                "--images",
                                training,
                                "--kind",
                                "undercomplete",
                                "--hidden",
                                8,
                                "--code",
                                2,
                                "--epochs",
                                1,
                                "--out",
                                model)
                        .status())
                .isZero();
        Path images = black();
        Path scores = directory.resolve("scores.csv");
        Path reconstructions = directory.resolve("out-idx3-ubyte");

        run("score", "--images", images, "--model", model, "--out", scores);
        run("reconstruct", "--images", images, "--model", model, "--out", reconstructions);

        try (Stream<String> lines = Files.lines(scores)) {
            assertThat(lines.count()).isEqualTo(COUNT + 1L);
        }
        assertThat(reconstructions).hasSize(16 + 784L * COUNT);
    }
}
