package io.github.dl4jae.signal;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.testing.GradientCheck;
import io.github.dl4jae.testing.Networks;
import io.github.dl4jae.testing.RefusesNull;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

class ConvolutionalDenoiserTest implements RefusesNull {

    private static final double[] CLEAN = SyntheticSignals.chirps(8000, 8000, 1);

    private static ConvolutionalDenoiser.Builder quick() {
        return new ConvolutionalDenoiser.Builder()
                .window(128)
                .filters(8, 16)
                .kernel(7)
                .updater(new FastAdam(3e-3))
                .windowsPerEpoch(160)
                .epochs(1);
    }

    @Tag("slow")
    @Test
    void denoiserOfChirps_gainsSomeDecibelsOnOthers() {
        ConvolutionalDenoiser denoiser = quick().epochs(6).fit(CLEAN);
        double[] other = SyntheticSignals.chirps(4000, 8000, 2);
        double[] noisy = SignalToNoise.mix(other, NoiseSource.white().draw(4000, new Random(3)), 5);

        double[] denoised = denoiser.filter(noisy);

        assertThat(SignalToNoise.gain(other, noisy, denoised)).isGreaterThan(1.5);
    }

    /** Half as loud is half as loud afterwards, because windows are divided by their level. */
    @Test
    void volume_doesNotMatter() {
        ConvolutionalDenoiser denoiser = quick().fit(CLEAN);
        double[] halved = Arrays.stream(CLEAN).map(x -> x / 2).toArray();

        double[] expected =
                Arrays.stream(denoiser.filter(CLEAN)).map(x -> x / 2).toArray();

        assertThat(denoiser.filter(halved)).containsExactly(expected, within(1e-5));
        assertThat(denoiser.filter(new double[300])).hasSize(300).containsOnly(0);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradient_agreesWithCentralDifferences(boolean skip) {
        DenoiserOptions options =
                new DenoiserOptions(8, List.of(2, 3), 3, skip, 0, 15, null, new NoOp(), 1, 1, 1, 5, null, List.of());
        ComputationGraph graph = Networks.initialized(DenoiserNetwork.of(options, DataType.DOUBLE));
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 3, 1, 8);

        GradientCheck.requireGradient(graph, new DataSet(x, x.mul(0.5)));
    }

    @Test
    void resumedTraining_hasTheParametersOfAnUninterruptedOne(@TempDir Path directory) {
        Path file = directory.resolve("checkpoint.zip");
        quick().checkpoint(file).fit(CLEAN);

        ConvolutionalDenoiser resumed = quick().epochs(2).checkpoint(file).fit(CLEAN);

        assertThatArray(resumed.network().params())
                .isEqualTo(quick().epochs(2).fit(CLEAN).network().params());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void savedDenoiser_filtersAlike(boolean skip, @TempDir Path directory) {
        ConvolutionalDenoiser denoiser = quick().skipConnections(skip).fit(CLEAN);

        ConvolutionalDenoiser loaded = ConvolutionalDenoiser.load(denoiser.save(directory.resolve("d.zip")));

        assertThat(loaded.filter(CLEAN)).isEqualTo(denoiser.filter(CLEAN));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("at least one signal, got none", (Runnable) () -> quick().fit()),
                Arguments.of("window must be a multiple of 4", (Runnable)
                        () -> quick().window(130).fit(CLEAN)),
                Arguments.of("signals must not be silence, got zeros", (Runnable) () -> quick().fit(new double[500])),
                Arguments.of("least must not be above most", (Runnable) () -> quick().signalToNoise(5, 4)),
                Arguments.of("filters must have at least one layer", (Runnable) () -> quick().filters()),
                Arguments.of("a sample of clean must be finite", (Runnable)
                        () -> quick().fit(new double[] {1, Double.POSITIVE_INFINITY})));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void argument_thatDoesNotFit_isRefused(String message, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> nulls() {
        return Stream.of(
                RefusesNull.call("noise must be given", () -> quick().noise(null)),
                RefusesNull.call("updater must be given", () -> quick().updater(null)),
                RefusesNull.call("clean must be given", () -> quick().fit((double[][]) null)));
    }
}
