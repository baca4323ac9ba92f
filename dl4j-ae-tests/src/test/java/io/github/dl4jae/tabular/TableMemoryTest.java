package io.github.dl4jae.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;

@Tag("slow")
class TableMemoryTest {

    private static final int COLUMNS = 20;

    @TempDir
    private Path directory;

    /** Prints the number of rows that it reads. */
    static final class Reading {
        public static void main(String[] args) {
            Path file = Path.of(args[1]);
            System.out.println(args[0].equals("read") ? read(file) : stream(file));
        }

        private static long read(Path file) {
            return new TableReader.Builder().build().read(file).features().size(0);
        }

        private static long stream(Path file) {
            TableSchema schema = new TableReader.Builder().build().fit(file);
            long rows = 0;
            try (TableIterator iterator = new TableIterator.Builder(file, schema, 100)
                    .shuffle(1000, 1)
                    .build()) {
                while (iterator.hasNext()) {
                    DataSet next = iterator.next();
                    rows += next.numExamples();
                    next.getFeatures().close();
                    next.getLabels().close();
                }
            }
            return rows;
        }
    }

    private Path table(int rows) throws IOException {
        Path file = directory.resolve("table.csv");
        SplittableRandom random = new SplittableRandom(2);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("x0");
            for (int j = 1; j < COLUMNS; j++) {
                out.write(",x" + j);
            }
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < COLUMNS; j++) {
                    out.write((j == 0 ? "\n" : ",") + random.nextInt(100_000, 1_000_000));
                }
            }
        }
        return file;
    }

    /** As texts, the numbers would take 400 MB. The matrix, 24 MB, is not in the heap. */
    @ParameterizedTest
    @ValueSource(strings = {"read", "stream"})
    void numbers_takeNoPlaceInTheHeap(String what) throws Exception {
        int rows = 300_000;
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx80m",
                        "-Dorg.bytedeco.javacpp.maxbytes=100m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Reading.class.getName(),
                        what,
                        table(rows).toString()))
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(output.strip()).endsWith(String.valueOf(rows));
        } finally {
            process.destroyForcibly();
        }
    }
}
