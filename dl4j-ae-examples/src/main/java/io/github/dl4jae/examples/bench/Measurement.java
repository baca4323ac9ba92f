package io.github.dl4jae.examples.bench;

import java.util.Arrays;

/**
 * The steps of one process in one stretch of time.
 *
 * @param peakMebibytes peak resident memory since the start of the process, or NaN
 * @param median median time of a step, in milliseconds
 * @param minimum fastest step, in milliseconds
 * @param mean mean time of a step, in milliseconds; unlike the median, it includes the time without a processor
 */
record Measurement(double peakMebibytes, double median, double minimum, double mean) {

    /** Prefix of the line that a process prints. */
    static final String PREFIX = "measured ";

    /** Returns the measurement of the steps whose times, in milliseconds, are given. */
    static Measurement of(double peakMebibytes, double[] times) {
        return new Measurement(
                peakMebibytes,
                PairedRatio.median(times),
                Arrays.stream(times).min().orElseThrow(),
                Arrays.stream(times).average().orElseThrow());
    }

    static Measurement parse(String line) {
        double[] numbers = Arrays.stream(line.substring(PREFIX.length()).split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        if (numbers.length != 4) {
            throw new IllegalArgumentException(
                    "bench: a measurement must have 4 numbers, got " + numbers.length + " in '" + line + "'");
        }
        return new Measurement(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    /** Returns the line that {@link #parse} reads. */
    String line() {
        return PREFIX + peakMebibytes + " " + median + " " + minimum + " " + mean;
    }
}
