package io.github.dl4jae.examples.bench;

import java.util.Arrays;

/**
 * The measurements of one process.
 *
 * @param median median of all steps, in milliseconds
 * @param minimum fastest step, in milliseconds
 * @param peakMebibytes peak resident memory, or NaN
 */
record Measurement(double median, double minimum, double peakMebibytes) {

    /** Prefix of the line that a process prints: peak memory, then the times. */
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
