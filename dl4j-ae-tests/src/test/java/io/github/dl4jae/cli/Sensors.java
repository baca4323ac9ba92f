package io.github.dl4jae.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A plant whose six sensors depend on two hidden quantities. */
final class Sensors {

    static final List<String> NAMES = List.of("temperature", "pressure", "humidity", "voltage", "mode", "flow");

    private Sensors() {}

    /** Returns rows of values. */
    static List<List<String>> rows(int count, long seed) {
        Random random = new Random(seed);
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double load = random.nextGaussian();
            double weather = random.nextGaussian();
            rows.add(new ArrayList<>(List.of(
                    shown(20 + 5 * load + 0.3 * random.nextGaussian()),
                    shown(1013 - 4 * load + 2 * weather + 0.3 * random.nextGaussian()),
                    shown(50 + 10 * weather + 0.8 * random.nextGaussian()),
                    shown(230 + load + weather + 0.1 * random.nextGaussian()),
                    load > 0 ? "run" : "idle",
                    shown(3 * load - weather + 0.2 * random.nextGaussian()))));
        }
        return rows;
    }

    private static String shown(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** Writes some columns of rows, by their numbers. */
    static Path write(Path file, List<List<String>> rows, int... columns) {
        StringBuilder text = new StringBuilder();
        append(text, NAMES, columns);
        rows.forEach(row -> append(text, row, columns));
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(StringBuilder text, List<String> values, int... columns) {
        for (int j = 0; j < columns.length; j++) {
            text.append(j == 0 ? "" : ",").append(values.get(columns[j]));
        }
        text.append('\n');
    }
}
