package io.github.dl4jae.signal;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The power of stationary noise in each bin of a spectrum.
 *
 * <pre>
 * N[k] = mean_t |Y_t[k]|²                              of a recording of noise alone
 * N[k] = quantile_q(|Y_t[k]|²)/(−ln(1 − q))            of a noisy signal, where at least the share q is noise
 * </pre>
 *
 * <p>The second is exact where the lowest powers are those of Gaussian noise, whose power has an exponential
 * distribution.
 */
public final class NoiseProfile {

    private static final String SUBJECT = "NoiseProfile";

    private final double[] power;

    private NoiseProfile(double[] power) {
        this.power = power;
    }

    /**
     * Measures noise alone.
     *
     * @param noise spectra without a signal
     * @return its power
     */
    public static NoiseProfile of(SignalFrames noise) {
        Require.given(SUBJECT, "noise", noise, "");
        return new NoiseProfile(IntStream.range(0, noise.bins())
                .mapToDouble(k -> Arrays.stream(powers(noise, k)).average().orElseThrow())
                .toArray());
    }

    /**
     * Estimates the noise of a signal with pauses.
     *
     * @param noisy spectra of the signal
     * @param quantile q in (0, 1), such as 0.2
     * @return the power of its noise
     * @throws IllegalArgumentException if the quantile is out of range
     */
    public static NoiseProfile estimate(SignalFrames noisy, double quantile) {
        Require.given(SUBJECT, "noisy", noisy, "");
        requireQuantile(SUBJECT, quantile);
        return new NoiseProfile(IntStream.range(0, noisy.bins())
                .mapToDouble(k -> {
                    double[] sorted = powers(noisy, k);
                    Arrays.sort(sorted);
                    return sorted[(int) (quantile * sorted.length)] / -Math.log1p(-quantile);
                })
                .toArray());
    }

    static double requireQuantile(String subject, double quantile) {
        Require.that(quantile > 0 && quantile < 1, subject, "the quantile must be in (0, 1)", quantile, "0.2 is usual");
        return quantile;
    }

    private static double[] powers(SignalFrames frames, int bin) {
        return IntStream.range(0, frames.frames())
                .mapToDouble(t -> frames.power(t)[bin])
                .toArray();
    }

    /**
     * Returns the power of the noise.
     *
     * @return one value per bin, a new array
     */
    public double[] power() {
        return power.clone();
    }
}
