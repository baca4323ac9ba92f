package io.github.dl4jae.signal;

import io.github.dl4jae.internal.layer.Require;
import org.jspecify.annotations.Nullable;

/** A filter that multiplies spectra by gains, which depend on the powers of signal and noise. */
abstract class SpectralFilter implements SignalFilter {

    private final String subject;
    private final int length;
    private final int hop;
    private final double quantile;
    private final double @Nullable [] noise;

    SpectralFilter(Builder<?> builder) {
        this.subject = builder.subject;
        this.length = builder.length;
        this.hop = builder.hop;
        this.quantile = builder.quantile;
        this.noise = builder.noise;
        SignalFrames.requireLength(subject, length, hop);
    }

    /** Computes the gains of all frames from the powers of the noisy signal. */
    abstract double[][] gains(double[][] power, double[] noise);

    @Override
    public final double[] filter(double[] noisy) {
        Signals.require(subject, "noisy", noisy);
        SignalFrames frames = SignalFrames.of(noisy, length, hop);
        NoiseProfile profile = noise == null
                ? NoiseProfile.estimate(frames, quantile)
                : NoiseProfile.of(SignalFrames.of(noise, length, hop));
        double[][] power = new double[frames.frames()][];
        for (int t = 0; t < power.length; t++) {
            power[t] = frames.power(t);
        }
        return frames.scaled(gains(power, profile.power())).signal();
    }

    /** Setters that spectral filters share. */
    abstract static class Builder<B extends Builder<B>> {
        private final String subject;
        private int length = 512;
        private int hop = 256;
        private double quantile = 0.2;
        private double @Nullable [] noise;

        Builder(String subject) {
            this.subject = subject;
        }

        abstract B self();

        /**
         * Sets the frames. Default: 512 samples, every 256 samples.
         *
         * @param frameLength a power of 2, at least 4
         * @param frameHop from 1 to half of the length
         * @return this
         * @throws IllegalArgumentException if a number is out of range
         */
        public final B frames(int frameLength, int frameHop) {
            SignalFrames.requireLength(subject, frameLength, frameHop);
            this.length = frameLength;
            this.hop = frameHop;
            return self();
        }

        /**
         * Sets the quantile by which the noise is estimated from the noisy signal itself. Default: 0.2.
         *
         * @param q the share of frames that are noise, in (0, 1)
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public final B quantile(double q) {
            this.quantile = NoiseProfile.requireQuantile(subject, q);
            return self();
        }

        /**
         * Measures the noise in a recording without a signal. Default: it is estimated from the noisy signal.
         *
         * @param recording samples of noise; copied
         * @return this
         * @throws IllegalArgumentException if it is empty or not finite
         */
        public final B noise(double[] recording) {
            this.noise = Signals.require(subject, "noise", recording).clone();
            return self();
        }
    }

    static double ratio(double power, double noise) {
        return noise == 0 ? Double.MAX_VALUE : power / noise;
    }

    static double requireShare(String subject, String name, double value) {
        Require.that(value >= 0 && value < 1, subject, name + " must be in [0, 1)", value, "");
        return value;
    }
}
