package io.github.dl4jae.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalFramesTest {

    private static double[] noise(int samples, long seed) {
        Random random = new Random(seed);
        return random.doubles(samples, -1, 1).toArray();
    }

    @ParameterizedTest
    @CsvSource({"1, 4, 2", "7, 8, 3", "100, 16, 8", "101, 16, 5", "1000, 64, 16"})
    void spectraWithoutChange_giveTheSignal(int samples, int length, int hop) {
        double[] signal = noise(samples, 1);

        assertThat(SignalFrames.of(signal, length, hop).signal()).containsExactly(signal, within(1e-12));
    }

    /** The discrete Fourier transform of one frame by its definition. */
    @Test
    void power_isThatOfTheDefinition() {
        int length = 8;
        double[] signal = noise(20, 2);
        SignalFrames frames = SignalFrames.of(signal, length, 4);
        int frame = 2; // begins at 2·4 − 4 = 4

        for (int k = 0; k < frames.bins(); k++) {
            double real = 0;
            double imaginary = 0;
            for (int n = 0; n < length; n++) {
                double value = Math.sin(Math.PI * (n + 0.5) / length) * signal[4 + n];
                real += value * Math.cos(2 * Math.PI * k * n / length);
                imaginary -= value * Math.sin(2 * Math.PI * k * n / length);
            }
            assertThat(frames.power(frame)[k]).isCloseTo(real * real + imaginary * imaginary, within(1e-12));
        }
        assertThat(frames.bins()).isEqualTo(5);
        assertThat(frames.frames()).isEqualTo(6);
    }

    @Test
    void gains_scaleTheSignal() {
        double[] signal = noise(50, 3);
        SignalFrames frames = SignalFrames.of(signal, 16, 8);
        double[][] gains = new double[frames.frames()][frames.bins()];
        Arrays.stream(gains).forEach(row -> Arrays.fill(row, 0.25));

        double[] scaled = frames.scaled(gains).signal();

        assertThat(scaled).containsExactly(Arrays.stream(signal).map(x -> x / 4).toArray(), within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"12, 4, power of 2", "2, 1, power of 2", "16, 0, the hop must be", "16, 9, the hop must be"})
    void framesOutOfRange_areRefused(int length, int hop, String message) {
        assertThatThrownBy(() -> SignalFrames.of(new double[] {1}, length, hop))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void gainsOfAnotherShape_areRefused() {
        SignalFrames frames = SignalFrames.of(noise(50, 3), 16, 8);

        assertThatThrownBy(() -> frames.scaled(new double[3][9]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gains must be of " + frames.frames() + " frames, got 3");
        assertThatThrownBy(() -> frames.scaled(new double[frames.frames()][4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gains must be of 9 bins, got 4");
    }
}
