package io.github.dl4jae.testing;

import java.util.Locale;

/** Tolerances for gradients against central differences, and the message for a mismatch. */
final class CentralDifferences {

    static final double EPSILON = 1e-6;
    static final double MAX_RELATIVE = 1e-5;
    /** Rounding error of a difference of scores around 10: some 20 units in the last place, divided by 2ε. */
    static final double MIN_ABSOLUTE = 1e-8;

    private CentralDifferences() {}

    static double of(double plus, double minus) {
        return (plus - minus) / (2 * EPSILON);
    }

    static boolean agree(double found, double numeric) {
        double difference = Math.abs(found - numeric);
        return difference <= MIN_ABSOLUTE || difference <= MAX_RELATIVE * (Math.abs(found) + Math.abs(numeric));
    }

    static String disagreement(String what, double found, double numeric) {
        return String.format(
                Locale.ROOT,
                "%s: backpropagation gives %.6g, central differences %.6g (relative difference %.2g, allowed %.0g)",
                what,
                found,
                numeric,
                Math.abs(found - numeric) / (Math.abs(found) + Math.abs(numeric)),
                MAX_RELATIVE);
    }

    static void requireAgreement(String what, double found, double numeric) {
        if (!agree(found, numeric)) {
            throw new AssertionError(disagreement(what, found, numeric));
        }
    }
}
