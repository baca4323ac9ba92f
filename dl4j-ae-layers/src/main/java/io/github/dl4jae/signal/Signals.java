package io.github.dl4jae.signal;

import io.github.dl4jae.internal.layer.Require;

/** Checks of signals. */
final class Signals {

    private Signals() {}

    /** Requires samples, all of them finite. */
    static double[] require(String subject, String name, double[] signal) {
        Require.given(subject, name, signal, "");
        Require.that(signal.length > 0, subject, name + " must have samples", "none", "");
        for (double sample : signal) {
            Require.finite(subject, "a sample of " + name, sample, "");
        }
        return signal;
    }

    static double energy(double[] signal) {
        double energy = 0;
        for (double sample : signal) {
            energy += sample * sample;
        }
        return energy;
    }
}
