package io.github.dl4jae.examples.bench;

import java.util.Locale;

/**
 * A load on the machine: threads that compute without end beside a contender, or several processes of the contender at
 * once.
 *
 * @param busy number of busy threads
 * @param together number of processes
 */
record Load(int busy, int together) {

    Load {
        if (busy < 0 || together < 1 || (busy > 0 && together > 1)) {
            throw new IllegalArgumentException("bench: --busy must be at least 0, --together at least 1, and only one"
                    + " of them above that, got " + busy + " and " + together + "; run bench twice for both");
        }
    }

    boolean isNone() {
        return busy == 0 && together == 1;
    }

    String title() {
        return busy > 0 ? busy + " busy" : together + " together";
    }

    /**
     * Returns the slowdown of a program that uses all processors and loses no more than its share.
     *
     * <p>Equal processes share the processors. Busy threads take an equal share per thread if the program can move its
     * work to the processor that is free, and whole processors if it cannot.
     */
    String share(int processors) {
        if (together > 1) {
            return String.format(Locale.ROOT, "%.2f", (double) together);
        }
        double perThread = (processors + busy) / (double) processors;
        return busy < processors
                ? String.format(Locale.ROOT, "%.2f to %.2f", perThread, processors / (double) (processors - busy))
                : String.format(Locale.ROOT, "%.2f", perThread);
    }
}
