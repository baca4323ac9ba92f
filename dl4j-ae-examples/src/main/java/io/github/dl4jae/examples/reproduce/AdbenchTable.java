package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.data.NpzFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A table of ADBench.
 *
 * @param name the name of its file
 * @param values {@code [N, d]}, float64
 * @param isAnomaly the labels of the rows
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record AdbenchTable(String name, INDArray values, boolean[] isAnomaly) {

    private static final String SUFFIX = ".npz";

    /** Reads the tables with given names, or all if there are none. */
    static List<AdbenchTable> read(Path directory, List<String> names) throws IOException {
        List<String> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                files.map(file -> file.getFileName().toString())
                        .filter(file -> file.endsWith(SUFFIX))
                        .map(file -> file.substring(0, file.length() - SUFFIX.length()))
                        .sorted()
                        .forEach(found::add);
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "reproduce adbench: " + directory + " must have tables, NAME.npz, got none;"
                            + " copy them from adbench/datasets/Classical of https://github.com/Minqi824/ADBench");
        }
        for (String name : names) {
            if (!found.contains(name)) {
                throw new IllegalArgumentException("--tables: must be among " + found + ", got " + name);
            }
        }
        return (names.isEmpty() ? found : names)
                .stream().map(name -> read(directory, name)).toList();
    }

    private static AdbenchTable read(Path directory, String name) {
        Path file = directory.resolve(name + SUFFIX);
        Map<String, INDArray> arrays = NpzFile.read(file);
        INDArray values = arrays.get("X");
        INDArray labels = arrays.get("y");
        if (values == null || labels == null || values.rank() != 2 || labels.length() != values.size(0)) {
            throw new IllegalArgumentException(
                    file + ": must have X, [N, d], and y, N labels, got " + arrays.keySet() + " that do not fit");
        }
        boolean[] isAnomaly = new boolean[(int) labels.length()];
        for (int i = 0; i < isAnomaly.length; i++) {
            isAnomaly[i] = labels.getDouble(i) != 0;
        }
        return new AdbenchTable(name, values, isAnomaly);
    }

    int rows() {
        return isAnomaly.length;
    }

    int columns() {
        return (int) values.size(1);
    }

    double prevalence() {
        return IntStream.range(0, rows()).filter(i -> isAnomaly[i]).count() / (double) rows();
    }

    /** Fits half of the normal rows, and scores all others. */
    AdbenchSplit semiSupervised(long seed) {
        int[] normal = IntStream.range(0, rows()).filter(i -> !isAnomaly[i]).toArray();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = normal.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = normal[i];
            normal[i] = normal[j];
            normal[j] = swapped;
        }
        int[] fitted = Arrays.copyOf(normal, normal.length / 2);
        boolean[] isFitted = new boolean[rows()];
        Arrays.stream(fitted).forEach(i -> isFitted[i] = true);
        int[] scored = IntStream.range(0, rows()).filter(i -> !isFitted[i]).toArray();
        boolean[] labels = new boolean[scored.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = isAnomaly[scored[i]];
        }
        return AdbenchSplit.of(
                values.getRows(fitted).dup('c'), values.getRows(scored).dup('c'), labels, false);
    }

    /** Fits and scores all rows. */
    AdbenchSplit unsupervised() {
        return AdbenchSplit.of(values, values, isAnomaly, true);
    }
}
