package io.github.dl4jae.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.FuzzRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads damaged files. Each has tensors that fill it, or is refused by an {@code IllegalArgumentException}.
 *
 * <p>A program of its own, so that the heap can be small: {@code SafetensorsFuzz FIRST COUNT} reads the mutants of the
 * seeds FIRST to FIRST + COUNT − 1 and prints {@code refused R, read S, failed F}.
 */
final class SafetensorsFuzz {

    private static final int SLOW_MILLIS = 5_000;

    private final Path file;
    private final Path copy;
    private final List<byte[]> originals = new ArrayList<>();
    private int refused;
    private int read;

    private SafetensorsFuzz(Path directory) throws IOException {
        this.file = directory.resolve("mutant.safetensors");
        this.copy = directory.resolve("copy.safetensors");
        originals.add(bytes(Map.of(
                "W_enc",
                Nd4j.rand(DataType.FLOAT, 4, 8),
                "W_dec",
                Nd4j.rand(DataType.FLOAT, 8, 4),
                "b_enc",
                Nd4j.zeros(DataType.FLOAT, 8),
                "b_dec",
                Nd4j.zeros(DataType.FLOAT, 4))));
        originals.add(bytes(Map.of(
                "bool",
                Nd4j.ones(DataType.BOOL, 3),
                "half",
                Nd4j.ones(DataType.BFLOAT16, 2, 3),
                "long",
                Nd4j.ones(DataType.INT64, 2),
                "scalar",
                Nd4j.scalar(1.5),
                "empty",
                Nd4j.create(DataType.INT32, 0, 2))));
    }

    private byte[] bytes(Map<String, INDArray> tensors) throws IOException {
        SafetensorsFile.write(file, tensors, Map.of("version", "1", "name", "fuzz"));
        return Files.readAllBytes(file);
    }

    /** Reads a file and writes what was read, which must have the same bytes of each tensor. */
    private void readAndCopy() {
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            SafetensorsFile.write(copy, tensors.tensors(), tensors.metadata());
            try (SafetensorsFile copied = SafetensorsFile.open(copy)) {
                assertThat(copied.names()).containsExactlyInAnyOrderElementsOf(tensors.names());
                assertThat(copied.metadata()).isEqualTo(tensors.metadata());
                for (String name : tensors.names()) {
                    assertThat(copied.type(name)).isEqualTo(tensors.type(name));
                    assertThat(copied.shape(name)).isEqualTo(tensors.shape(name));
                    assertThat(copied.map(name)).isEqualTo(tensors.map(name));
                }
            }
        }
    }

    private void read(long seed) throws IOException {
        SafetensorsMutator.Mutant mutant =
                SafetensorsMutator.mutate(originals.get((int) (seed % originals.size())), seed);
        Files.write(file, mutant.bytes());
        long start = System.currentTimeMillis();
        try {
            readAndCopy();
            read++;
        } catch (IllegalArgumentException e) {
            assertThat(e)
                    .hasMessageStartingWith("SafetensorsFile " + file + ": ")
                    .isExactlyInstanceOf(IllegalArgumentException.class);
            assertThat(e.getMessage()).hasSizeLessThan(1000);
            refused++;
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed + ": " + mutant.steps(), e);
        }
        assertThat(System.currentTimeMillis() - start)
                .as("seed " + seed + ": " + mutant.steps())
                .isLessThan(SLOW_MILLIS);
    }

    public static void main(String[] arguments) throws IOException {
        SafetensorsFuzz fuzz = new SafetensorsFuzz(Files.createTempDirectory("safetensors-fuzz"));
        int failures = FuzzRun.checkAll(arguments, fuzz::read);
        System.out.println("refused " + fuzz.refused + ", read " + fuzz.read + ", failed " + failures);
        System.exit(failures > 0 ? 1 : 0);
    }
}
