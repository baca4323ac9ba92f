package io.github.dl4jae.signal;

import io.github.dl4jae.internal.layer.Require;
import java.util.random.RandomGenerator;

/** A source of noise, from which training draws. */
@FunctionalInterface
public interface NoiseSource {

    /**
     * Draws noise. Its power does not matter, because it is mixed with a signal in a given ratio.
     *
     * @param samples their number
     * @param random the only source of randomness, so that training can be repeated
     * @return as many samples, not all 0
     */
    double[] draw(int samples, RandomGenerator random);

    /**
     * Returns Gaussian noise with the same power at all frequencies.
     *
     * @return white noise
     */
    static NoiseSource white() {
        return (samples, random) -> {
            double[] noise = new double[samples];
            for (int i = 0; i < samples; i++) {
                noise[i] = random.nextGaussian();
            }
            return noise;
        };
    }

    /**
     * Returns Gaussian noise in which neighboring samples are correlated: more power at low frequencies.
     *
     * <pre>
     * n_t = c n_{t−1} + ε_t
     * </pre>
     *
     * @param correlation c in [0, 1)
     * @return a first-order autoregressive process
     * @throws IllegalArgumentException if it is out of range
     */
    static NoiseSource autoregressive(double correlation) {
        Require.that(
                correlation >= 0 && correlation < 1,
                "NoiseSource",
                "correlation must be in [0, 1)",
                correlation,
                "0.9 resembles traffic");
        return (samples, random) -> {
            double[] noise = new double[samples];
            double before = random.nextGaussian() / Math.sqrt(1 - correlation * correlation);
            for (int i = 0; i < samples; i++) {
                before = correlation * before + random.nextGaussian();
                noise[i] = before;
            }
            return noise;
        };
    }

    /**
     * Returns excerpts of a recording.
     *
     * @param recording samples of noise; copied
     * @return excerpts from random positions; the recording begins again at its end
     * @throws IllegalArgumentException if it is empty, silent or not finite
     */
    static NoiseSource recorded(double[] recording) {
        double[] samples =
                Signals.require("NoiseSource", "recording", recording).clone();
        Require.that(Signals.energy(samples) > 0, "NoiseSource", "the recording must not be silence", "zeros", "");
        return (count, random) -> {
            int from = random.nextInt(samples.length);
            double[] noise = new double[count];
            for (int i = 0; i < count; i++) {
                noise[i] = samples[(from + i) % samples.length];
            }
            return noise;
        };
    }
}
