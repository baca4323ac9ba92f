package io.github.dl4jae.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.testing.RefusesNull;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SpectralFiltersTest implements RefusesNull {

    private static final int RATE = 8000;
    private static final double[] CLEAN = SyntheticSignals.speechLike(3 * RATE, RATE, 1);
    private static final double[] NOISE = NoiseSource.white().draw(CLEAN.length, new Random(2));
    private static final double[] NOISY = SignalToNoise.mix(CLEAN, NOISE, 5);

    static Stream<SignalFilter> filters() {
        return Stream.of(
                new SpectralSubtraction.Builder().frames(256, 128).build(),
                new WienerFilter.Builder().frames(256, 128).build(),
                new SpectralSubtraction.Builder().frames(256, 128).noise(NOISE).build(),
                new WienerFilter.Builder().frames(256, 64).noise(NOISE).build());
    }

    /** The recorded noise has another level than the mixed one; its filter must be told the right one. */
    @ParameterizedTest
    @MethodSource("filters")
    void filter_ofSilence_returnsSilence(SignalFilter filter) {
        assertThat(filter.filter(new double[1000])).hasSize(1000).containsOnly(0);
    }

    static Stream<SignalFilter> matchedFilters() {
        double[] noise = new double[NOISE.length];
        Arrays.setAll(noise, i -> NOISY[i] - CLEAN[i]);
        return Stream.of(
                new SpectralSubtraction.Builder().frames(256, 128).noise(noise).build(),
                new WienerFilter.Builder().frames(256, 128).noise(noise).build(),
                new SpectralSubtraction.Builder().frames(256, 128).build(),
                new WienerFilter.Builder().frames(256, 128).build());
    }

    @ParameterizedTest
    @MethodSource("matchedFilters")
    void filter_ofNoisySpeech_gainsSomeDecibels(SignalFilter filter) {
        assertThat(SignalToNoise.gain(CLEAN, NOISY, filter.filter(NOISY))).isBetween(2.0, 15.0);
    }

    /** Powers 4, 1 and 0.5 with noise 1, α = 2, β = 0.04: √(1 − 2/4), and twice the floor √0.04. */
    @Test
    void gainsOfSpectralSubtraction_areThoseComputedByHand() {
        SpectralSubtraction filter =
                new SpectralSubtraction.Builder().factor(2).floor(0.04).build();

        double[] gains = filter.gains(new double[][] {{4, 1, 0.5}}, new double[] {1, 1, 1})[0];

        assertThat(gains).containsExactly(new double[] {Math.sqrt(0.5), 0.2, 0.2}, within(1e-12));
    }

    /**
     * Powers 5 and 3 with noise 1, η = 0.5: ξ = 0.5·4 = 2, G = 2/3; then ξ = 0.5·(4/9)·5 + 0.5·2 = 19/9, G = 19/28.
     */
    @Test
    void gainsOfTheWienerFilter_areThoseComputedByHand() {
        WienerFilter filter = new WienerFilter.Builder().smoothing(0.5).floor(0).build();

        double[][] gains = filter.gains(new double[][] {{5}, {3}}, new double[] {1});

        assertThat(gains[0][0]).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(gains[1][0]).isCloseTo(19.0 / 28, within(1e-12));
    }

    /** White noise of variance σ² has the power σ² Σ w² = σ² L/2 in each bin. */
    @Test
    void noiseProfile_ofWhiteNoise_isFlat() {
        SignalFrames frames = SignalFrames.of(NoiseSource.white().draw(100_000, new Random(3)), 32, 16);

        assertThat(Arrays.stream(NoiseProfile.of(frames).power()).average().orElseThrow())
                .isCloseTo(16, within(0.5));
        double[] estimated = NoiseProfile.estimate(frames, 0.3).power();
        assertThat(Arrays.stream(estimated, 2, 15).min().orElseThrow()).isGreaterThan(14);
        assertThat(Arrays.stream(estimated, 2, 15).max().orElseThrow()).isLessThan(18);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void argument_thatDoesNotFit_isRefused(String message, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> refused() {
        WienerFilter filter = new WienerFilter.Builder().build();
        return Stream.of(
                Arguments.of("noisy must have samples", (Runnable) () -> filter.filter(new double[0])),
                Arguments.of("must be finite, got NaN", (Runnable) () -> filter.filter(new double[] {Double.NaN})),
                Arguments.of("smoothing must be in [0, 1)", (Runnable) () -> new WienerFilter.Builder().smoothing(1)),
                Arguments.of("floor must be in [0, 1)", (Runnable) () -> new SpectralSubtraction.Builder().floor(-1)),
                Arguments.of("factor must be above 0", (Runnable) () -> new SpectralSubtraction.Builder().factor(0)),
                Arguments.of("quantile must be in (0, 1)", (Runnable) () -> new WienerFilter.Builder().quantile(0)));
    }

    static Stream<Arguments> nulls() {
        return Stream.of(
                RefusesNull.call("noise must be given", () -> new WienerFilter.Builder().noise(null)),
                RefusesNull.call(
                        "noisy must be given",
                        () -> new WienerFilter.Builder().build().filter(null)),
                RefusesNull.call("recording must be given", () -> NoiseSource.recorded(null)));
    }
}
