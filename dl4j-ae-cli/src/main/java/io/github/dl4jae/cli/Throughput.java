package io.github.dl4jae.cli;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Calls per second of several works, measured in turn, so that what else the machine does meets all alike. */
final class Throughput {

    private static final int ROUNDS = 5;

    private Throughput() {}

    /**
     * Measures works, after a warm-up of half the time.
     *
     * @param seconds time for each
     * @return the median of five rounds, for each
     */
    static double[] measure(double seconds, Runnable... works) {
        double each = seconds / ROUNDS;
        for (Runnable work : works) {
            perSecond(seconds / 2, work);
        }
        double[][] measured = new double[works.length][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < works.length; i++) {
                measured[i][round] = perSecond(each, works[i]);
            }
        }
        return Arrays.stream(measured).mapToDouble(Throughput::median).toArray();
    }

    private static double perSecond(double seconds, Runnable work) {
        long start = System.nanoTime();
        long calls = 0;
        double elapsed;
        do {
            work.run();
            calls++;
            elapsed = 1e-9 * (System.nanoTime() - start);
        } while (elapsed < seconds);
        return calls / elapsed;
    }

    private static double median(double... values) {
        return DoubleStream.of(values).sorted().toArray()[values.length / 2];
    }
}
