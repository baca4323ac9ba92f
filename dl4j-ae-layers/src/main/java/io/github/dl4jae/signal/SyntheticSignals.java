package io.github.dl4jae.signal;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.RandomStreams;
import java.util.random.RandomGenerator;

/**
 * Generated signals: chirps, whose frequency glides, and speech-like sounds of voiced and unvoiced syllables and
 * pauses. They depend on their seed alone.
 *
 * <pre>
 * chirp        sin φ(t), φ′ = 2π f(t), f from a random to another random frequency, with a smooth envelope
 * speech-like  pulses of a gliding pitch (90 to 250 Hz), or noise, through three resonators (formants), per syllable
 * </pre>
 */
public final class SyntheticSignals {

    private static final String SUBJECT = "SyntheticSignals";
    private static final double LOUDEST = 0.5;

    private SyntheticSignals() {}

    private static void require(int samples, double rate) {
        Require.atLeast(1, SUBJECT, "samples", samples, "");
        Require.positive(SUBJECT, "rate", rate, "8000 is usual for speech");
    }

    /**
     * Generates chirps, one after the other.
     *
     * @param samples the length of the signal
     * @param rate samples per second
     * @param seed the seed
     * @return the signal, its largest magnitude 0.5
     * @throws IllegalArgumentException if a number is not above 0
     */
    public static double[] chirps(int samples, double rate, long seed) {
        require(samples, rate);
        RandomGenerator random = RandomStreams.of(seed, 0);
        double[] signal = new double[samples];
        for (int from = 0; from < samples; ) {
            int length = (int) Math.max(1, rate * (0.2 + 0.4 * random.nextDouble()));
            double first = frequency(random, rate);
            double last = frequency(random, rate);
            double phase = 0;
            for (int i = 0; i < length && from + i < samples; i++) {
                phase += 2 * Math.PI * (first + (last - first) * i / length) / rate;
                signal[from + i] = Math.sin(phase) * Math.sin(Math.PI * i / length);
            }
            from += length;
        }
        return normalized(signal);
    }

    /** Returns a frequency between 1/80 and 1/5 of the sample rate, uniform on a logarithmic scale. */
    private static double frequency(RandomGenerator random, double rate) {
        return rate / 80 * Math.pow(16, random.nextDouble());
    }

    /**
     * Generates speech-like sound.
     *
     * @param samples the length of the signal
     * @param rate samples per second; 8000 or more, because formants go up to 3500 Hz
     * @param seed the seed
     * @return the signal, its largest magnitude 0.5
     * @throws IllegalArgumentException if there are no samples, or the rate is below 8000
     */
    public static double[] speechLike(int samples, double rate, long seed) {
        require(samples, rate);
        Require.that(rate >= 8000, SUBJECT, "the rate must be at least 8000", rate, "");
        RandomGenerator random = RandomStreams.of(seed, 1);
        double[] signal = new double[samples];
        for (int from = 0; from < samples; ) {
            int length = (int) (rate * (0.1 + 0.2 * random.nextDouble()));
            double kind = random.nextDouble();
            if (kind > 0.2) { // else a pause
                addSyllable(signal, from, length, rate, kind > 0.4, random);
            }
            from += length;
        }
        return normalized(signal);
    }

    private static void addSyllable(
            double[] signal, int from, int length, double rate, boolean voiced, RandomGenerator random) {
        double[] source = voiced ? pulses(length, rate, random) : noise(length, random);
        double[] sound = source;
        double[][] formants = voiced
                ? new double[][] {{300, 800}, {900, 2200}, {2300, 3000}}
                : new double[][] {{1800, 2600}, {2600, 3500}};
        for (double[] range : formants) {
            sound = resonate(sound, range[0] + (range[1] - range[0]) * random.nextDouble(), rate);
        }
        double scale = (voiced ? 1 : 0.3) * (0.5 + random.nextDouble()) / Math.sqrt(Signals.energy(sound) / length);
        for (int i = 0; i < length && from + i < signal.length; i++) {
            signal[from + i] += scale * sound[i] * Math.sin(Math.PI * i / length);
        }
    }

    private static double[] pulses(int length, double rate, RandomGenerator random) {
        double pitch = 90 + 160 * random.nextDouble();
        double glide = 0.8 + 0.4 * random.nextDouble();
        double[] pulses = new double[length];
        double phase = 0;
        for (int i = 0; i < length; i++) {
            phase += pitch * (1 + (glide - 1) * i / length) / rate;
            if (phase >= 1) {
                phase -= 1;
                pulses[i] = 1;
            }
        }
        pulses[0] = 1; // no syllable is silent
        return pulses;
    }

    private static double[] noise(int length, RandomGenerator random) {
        return NoiseSource.white().draw(length, random);
    }

    /** Filters by two conjugate poles: y_t = x_t + 2r cos(ω) y_{t−1} − r² y_{t−2}. */
    private static double[] resonate(double[] x, double frequency, double rate) {
        double radius = Math.exp(-Math.PI * 80 / rate); // a bandwidth of 80 Hz
        double first = 2 * radius * Math.cos(2 * Math.PI * frequency / rate);
        double[] y = new double[x.length];
        for (int t = 0; t < x.length; t++) {
            y[t] = x[t] + (t > 0 ? first * y[t - 1] : 0) - (t > 1 ? radius * radius * y[t - 2] : 0);
        }
        return y;
    }

    private static double[] normalized(double[] signal) {
        double largest = 0;
        for (double sample : signal) {
            largest = Math.max(largest, Math.abs(sample));
        }
        for (int i = 0; i < signal.length && largest > 0; i++) {
            signal[i] *= LOUDEST / largest;
        }
        return signal;
    }
}
