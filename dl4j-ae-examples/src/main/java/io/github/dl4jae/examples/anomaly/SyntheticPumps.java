package io.github.dl4jae.examples.anomaly;

import io.github.dl4jae.examples.support.CsvFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A generated table of the hourly readings of three pumps. A fault changes one or two readings. They mostly stay within
 * their usual range, but no longer fit the others.
 */
final class SyntheticPumps {

    /** The column with the faults, yes or no. */
    static final String FAULT = "fault";

    private static final String[] PRODUCTS = {"water", "brine", "oil"};
    private static final double[] DENSITIES = {1.0, 1.2, 0.85};
    private static final double[] SIZES = {40, 60, 100};
    private static final double GAPS = 0.02;
    private static final int KINDS = 4;

    private SyntheticPumps() {}

    /** Writes readings, of which a share has a fault. */
    static Path write(int rows, double faults, Path file, long seed) {
        Random random = new Random(seed);
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of(
                "pump",
                "product",
                "valve %",
                "flow m3/h",
                "pressure bar",
                "power kW",
                "temperature C",
                "vibration mm/s",
                FAULT));
        for (int i = 0; i < rows; i++) {
            int kind = random.nextDouble() < faults ? random.nextInt(KINDS) : KINDS;
            int pump = random.nextInt(SIZES.length);
            int product = random.nextInt(3) > 0 ? pump : random.nextInt(PRODUCTS.length);
            double valve = 30 + 70 * random.nextDouble();
            double flow = SIZES[pump] * Math.sqrt(valve / 100) * noise(random, 0.02);
            double pressure = 6 + pump - 3 * Math.pow(flow / SIZES[pump], 2) + 0.1 * random.nextGaussian();
            if (kind == 0) { // a clogged filter
                flow *= 0.65;
                pressure += 1;
            }
            double power =
                    flow * pressure * DENSITIES[product] / 22 * noise(random, 0.03) * (kind == 1 ? 1.5 : 1); // wear
            double vibration = (0.8 + 0.02 * power) * noise(random, 0.08) * (kind == 2 ? 2 : 1); // a bearing
            double temperature = kind == 3 ? 25 : 30 + 0.8 * power + random.nextGaussian() + (kind == 2 ? 9 : 0);
            lines.add(List.of(
                    "P" + (pump + 1),
                    PRODUCTS[product],
                    number(random, "%.0f", valve),
                    number(random, "%.1f", flow),
                    number(random, "%.2f", pressure),
                    number(random, "%.1f", power),
                    number(random, "%.1f", temperature), // 25 if the sensor is stuck
                    number(random, "%.2f", vibration),
                    kind < KINDS ? "yes" : "no"));
        }
        return CsvFile.write(file, lines);
    }

    private static double noise(Random random, double deviation) {
        return 1 + deviation * random.nextGaussian();
    }

    /** Returns a number, or sometimes a gap. */
    private static String number(Random random, String format, double value) {
        return random.nextDouble() < GAPS ? "" : String.format(Locale.ROOT, format, value);
    }
}
