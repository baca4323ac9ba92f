package io.github.dl4jae.examples.bench;

import java.util.Arrays;

/**
 * What one process measured.
 *
 * @param median of all steps, in milliseconds
 * @param minimum of all steps, in milliseconds
 * @param peakMebibytes the most memory that was resident, or NaN
 */
record Measurement(double median, double minimum, double peakMebibytes) {

    /** Begins the line by which a process reports: peak memory, then the times. */
    static final String PREFIX = "measured ";

    static Measurement parse(String line) {
        String[] words = line.substring(PREFIX.length()).split(" ");
        double[] times = Arrays.stream(words)
                .skip(1)
                .mapToDouble(Double::parseDouble)
                .sorted()
                .toArray();
        return new Measurement(times[times.length / 2], times[0], Double.parseDouble(words[0]));
    }
}
