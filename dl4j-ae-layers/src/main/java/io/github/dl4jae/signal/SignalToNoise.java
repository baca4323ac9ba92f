package io.github.dl4jae.signal;

import io.github.dl4jae.internal.layer.Require;

/**
 * The ratio of signal and noise.
 *
 * <pre>
 * SNR(x, y) = 10 lg(Σ x²/Σ (y − x)²)          in decibels
 * gain = SNR(x, x̂) − SNR(x, y)                x: clean, y: noisy, x̂: denoised
 * </pre>
 */
public final class SignalToNoise {

    private static final String SUBJECT = "SignalToNoise";

    private SignalToNoise() {}

    /**
     * Computes the ratio of a signal to its difference from another.
     *
     * @param clean x, not all 0
     * @param other y, as many samples
     * @return decibels; infinite if the signals are equal
     * @throws IllegalArgumentException if the lengths differ, a sample is not finite, or the clean signal is silence
     */
    public static double decibels(double[] clean, double[] other) {
        Signals.require(SUBJECT, "clean", clean);
        Signals.require(SUBJECT, "other", other);
        Require.that(
                clean.length == other.length,
                SUBJECT,
                "signals must have one length",
                clean.length + " and " + other.length + " samples",
                "");
        double[] difference = new double[clean.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = other[i] - clean[i];
        }
        double energy = Signals.energy(clean);
        Require.that(energy > 0, SUBJECT, "the clean signal must not be silence", "zeros", "");
        return 10 * Math.log10(energy / Signals.energy(difference));
    }

    /**
     * Computes what a filter gains.
     *
     * @param clean x
     * @param noisy y
     * @param denoised x̂
     * @return decibels; negative if the filter does harm
     * @throws IllegalArgumentException as for {@link #decibels}
     */
    public static double gain(double[] clean, double[] noisy, double[] denoised) {
        return decibels(clean, denoised) - decibels(clean, noisy);
    }

    /**
     * Adds noise to a signal.
     *
     * @param clean x, not all 0
     * @param noise samples of noise, as many, not all 0
     * @param decibels the ratio of the result
     * @return y = x + c·noise, a new array
     * @throws IllegalArgumentException if the lengths differ, a sample is not finite, or a signal is silence
     */
    public static double[] mix(double[] clean, double[] noise, double decibels) {
        Signals.require(SUBJECT, "clean", clean);
        Signals.require(SUBJECT, "noise", noise);
        Require.finite(SUBJECT, "decibels", decibels, "");
        double ratio = Signals.energy(clean) / Signals.energy(noise);
        Require.that(
                clean.length == noise.length && ratio > 0 && ratio < Double.POSITIVE_INFINITY,
                SUBJECT,
                "signal and noise must have one length, and not be silence",
                clean.length + " and " + noise.length + " samples, energies with the ratio " + ratio,
                "");
        double factor = Math.sqrt(ratio / Math.pow(10, decibels / 10));
        double[] noisy = new double[clean.length];
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] = clean[i] + factor * noise[i];
        }
        return noisy;
    }
}
