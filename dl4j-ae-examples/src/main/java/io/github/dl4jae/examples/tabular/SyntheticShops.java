package io.github.dl4jae.examples.tabular;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A generated table of shops, whose columns depend on each other: numbers, counts, flags, categories, and gaps. */
final class SyntheticShops {

    private static final String[] REGIONS = {"coast", "hills", "plain"};
    private static final String[] KINDS = {"bakery", "books", "garden", "tools"};
    private static final double[] AREAS = {60, 120, 900, 400};
    private static final double GAPS = 0.05;

    private SyntheticShops() {}

    /**
     * Writes a table.
     *
     * @param rows the number of shops
     * @param file a CSV file
     * @param seed of all random draws
     * @return the file
     * @throws IOException if it cannot be written
     */
    static Path write(int rows, Path file, long seed) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("shop;kind;region;area;staff;parking;revenue;rating"));
        for (int i = 1; i <= rows; i++) {
            int kind = random.nextInt(KINDS.length);
            int region = (kind + (random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0)) % REGIONS.length;
            double area = AREAS[kind] * Math.exp(0.3 * random.nextGaussian());
            long staff = Math.round(2 + Math.sqrt(area) / 4 + random.nextGaussian());
            boolean parking = random.nextDouble() < (area > 200 ? 0.9 : 0.2);
            double revenue = 40 * staff + 0.1 * area + (parking ? 30 : 0) + 15 * random.nextGaussian();
            double rating = Math.min(5, Math.max(1, 3.5 + 0.4 * (region - 1) + 0.5 * random.nextGaussian()));
            lines.add(String.join(
                    ";",
                    "shop " + i,
                    KINDS[kind],
                    gap(random, REGIONS[region]),
                    gap(random, number("%.0f", area)),
                    gap(random, Long.toString(Math.max(1, staff))),
                    parking ? "yes" : "no",
                    gap(random, number("%.1f", revenue)),
                    gap(random, number("%.1f", rating))));
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.write(file, lines);
    }

    private static String gap(Random random, String value) {
        return random.nextDouble() < GAPS ? "" : value;
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
