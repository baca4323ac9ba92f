package io.github.dl4jae.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.JavaProcess;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Large tables in a JVM with a small heap. The matrix is off the heap; a number as an object, or a text per cell, would
 * need several times the heap that the JVM gets.
 */
@Tag("slow")
class TableMemoryTest {

    @TempDir
    private Path directory;

    /** Reads the file that the argument names, and prints the shape of its matrix. */
    static final class Reading {
        private Reading() {}

        public static void main(String[] arguments) {
            FeatureTable table = new TableReader.Builder().build().read(Path.of(arguments[0]));
            System.out.println(
                    "shape " + table.features().size(0) + " " + table.features().size(1));
        }
    }

    /** Reads the file in mini-batches, and prints the shape that they have together. */
    static final class Streaming {
        private Streaming() {}

        public static void main(String[] arguments) {
            Path file = Path.of(arguments[0]);
            TableSchema schema = new TableReader.Builder().build().fit(file);
            long rows = 0;
            try (TableIterator iterator = new TableIterator.Builder(file, schema, 100)
                    .shuffle(1_000, 1)
                    .build()) {
                while (iterator.hasNext()) {
                    DataSet next = iterator.next();
                    rows += next.numExamples();
                    next.getFeatures().close();
                    next.getLabels().close();
                }
            }
            System.out.println("shape " + rows + " " + schema.names().size());
        }
    }

    private Path write(int rows, String heading, IntFunction<String> row) throws IOException {
        Path file = directory.resolve("large.csv");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(heading + "\n");
            for (int i = 0; i < rows; i++) {
                out.write(row.apply(i));
                out.write('\n');
            }
        }
        return file;
    }

    private static String headings(int columns) {
        return IntStream.range(0, columns).mapToObj(j -> "x" + j).collect(Collectors.joining(","));
    }

    private static String run(Class<?> program, Path file, String heap) throws IOException, InterruptedException {
        Process process = JavaProcess.of(heap, "1g", program, file)
                .redirectErrorStream(true)
                .start();
        try {
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return printed;
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void manyRows_needTheMatrixAlone() throws IOException, InterruptedException {
        Random random = new Random(1);
        Path file = write(300_000, headings(20), i -> random.ints(20, 0, 100_000)
                .mapToObj(x -> x / 1000 + "." + x % 1000)
                .collect(Collectors.joining(",")));

        assertThat(run(Reading.class, file, "64m")).contains("shape 300000 20"); // 24 MB of floats, 48 of doubles
    }

    @Test
    void manyRows_inMiniBatches_needTheBufferAlone() throws IOException, InterruptedException {
        Path file = write(300_000, headings(20), i -> IntStream.range(0, 20)
                .mapToObj(j -> Integer.toString((i + 7) * (j + 3) % 9_973))
                .collect(Collectors.joining(",")));

        assertThat(run(Streaming.class, file, "64m")).contains("shape 300000 20");
    }

    @Test
    void manyColumns_needTheMatrixAlone() throws IOException, InterruptedException {
        Random random = new Random(2);
        Path file = write(8_000, headings(785), i -> random.ints(785, -300, 256)
                .mapToObj(x -> Integer.toString(Math.max(0, x)))
                .collect(Collectors.joining(",")));

        assertThat(run(Reading.class, file, "128m"))
                .contains("shape 8000 785"); // 25 MB of floats, 200 of boxed numbers
    }

    /** Columns that would be hundreds of thousands of one-hot features. */
    @Test
    void manyTexts_areLeftOutBeforeTheyTakeMemory() throws IOException, InterruptedException {
        LocalDateTime first = LocalDateTime.of(2020, 2, 29, 0, 0);
        Path file = write(
                300_000,
                "when;remark;x",
                i -> first.plusMinutes(i) + ";remark " + i + " of the " + "very ".repeat(10) + "talkative;" + i % 7);

        assertThat(run(Reading.class, file, "64m")).contains("shape 300000 1");
    }
}
