package io.github.dl4jae.examples.anomaly;

import io.github.dl4jae.examples.support.TableInput;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.UnseenLevel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The rows that a detector is fitted to, and those that it scores.
 *
 * @param name the file of the scored rows
 * @param fitted rows, mostly normal
 * @param scored rows
 * @param numbers the places of the scored rows in their file, from 1
 * @param known the known anomalies among the scored rows, for evaluation
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TableRows(String name, FeatureTable fitted, FeatureTable scored, int[] numbers, Optional<KnownAnomalies> known) {

    /** Fits random rows of a file, and scores the others. */
    static TableRows split(TableInput table, String label, long seed) {
        Path file = table.file(null);
        FeatureTable all = read(table, file, label);
        int n = (int) all.features().size(0);
        int[] order = IntStream.range(0, n).toArray();
        Random random = new Random(seed);
        for (int i = n - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        int fitted = (int) Math.round(table.trainFraction() * n);
        if (fitted <= 0 || fitted >= n) {
            throw new IllegalArgumentException("--train-fraction: must leave rows for both parts, got "
                    + table.trainFraction() + " of " + n + " rows; 0.8 fits four fifths");
        }
        int[] others = IntStream.range(fitted, n).map(i -> order[i]).sorted().toArray();
        return new TableRows(
                file.getFileName().toString(),
                all.rows(Arrays.copyOf(order, fitted)),
                all.rows(others),
                Arrays.stream(others).map(i -> i + 1).toArray(),
                known(table, file, label).map(known -> known.rows(others)));
    }

    /** Fits all rows of a file, and scores those of another. */
    static TableRows ofTwoFiles(TableInput table, Path file, Path other, String label) {
        FeatureTable fitted = read(table, file, label);
        FeatureTable scored = fitted.schema().read(other);
        return new TableRows(
                other.getFileName().toString(),
                fitted,
                scored,
                IntStream.rangeClosed(1, (int) scored.features().size(0)).toArray(),
                known(table, other, label));
    }

    private static FeatureTable read(TableInput table, Path file, String label) {
        FeatureTable all = table.reader().unseenLevel(UnseenLevel.ZEROS).build().read(file);
        return label != null && all.schema().columnNames().contains(label)
                ? table.reader()
                        .unseenLevel(UnseenLevel.ZEROS)
                        .ignore(label)
                        .build()
                        .read(file)
                : all;
    }

    private static Optional<KnownAnomalies> known(TableInput table, Path file, String label) {
        return label == null
                ? Optional.empty()
                : Optional.of(
                        KnownAnomalies.of(table.reader().label(label).build().read(file), label));
    }
}
