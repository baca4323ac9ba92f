package io.github.dl4jae.compression;

import static io.github.dl4jae.compression.SmallCompressors.picture;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.RefusesNull.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.bundle.ImageShape;
import io.github.dl4jae.testing.Networks;
import io.github.dl4jae.testing.RefusesNull;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

class CompressiveNetworkTest implements RefusesNull {

    private static MultiLayerNetwork network(int channels, double w) {
        return CompressiveNetwork.of(new ImageShape(24, 32, channels), w, 100, 42);
    }

    /** At a small step rounding does nothing, and the cosine transform and its inverse remain. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void firstNetwork_isAnInvertibleTransform(int channels) {
        INDArray x = Pixels.padded(picture(24, 32, channels), channels, 4);

        assertThatArray(network(channels, 1e-12).output(x)).isCloseTo(x, 1e-5);
    }

    /** A constant image has one coefficient: 4 times the level in gray, √3 times that in RGB. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void firstCode_isTheCosineTransform(int channels) {
        INDArray x = Pixels.padded(picture(24, 32, channels), channels, 4).assign(0.5);

        INDArray code = network(channels, 0.001).feedForward(x).get(1);

        assertThat(code.getDouble(0, 0, 2, 3)).isCloseTo(2 * Math.sqrt(channels), within(1e-5));
        code.slice(0).slice(0).assign(0);
        assertThat(code.amaxNumber().doubleValue()).isLessThan(1e-5);
    }

    /** Δ²/12 for each of the coefficients that are not rounded to 0, here nearly all of them. */
    @Test
    void errorOfTheFirstNetwork_isThatOfUniformQuantization() {
        INDArray x = Pixels.padded(picture(24, 32, 1), 1, 4);
        double w = 1e-5;

        double error = network(1, w).output(x).squaredDistance(x) / x.length();

        assertThat(error).isBetween(0.2 * 6 * w / Math.log(2) / 12, 1.1 * 6 * w / Math.log(2) / 12);
    }

    @Test
    void training_lowersTheScore() {
        MultiLayerNetwork network = network(1, 0.002);
        INDArray x = Pixels.padded(picture(24, 32, 1), 1, 4);
        DataSet data = new DataSet(x, x);
        double before = network.score(data);

        Networks.fit(network, data, 100);

        assertThat(network.score(data)).isLessThan(before - 1);
    }

    static Stream<Arguments> nulls() {
        return Stream.of(call("images must be given", () -> CompressiveNetwork.of(null, 1, 1, 1)));
    }

    static Stream<Arguments> wrongUses() {
        ImageShape shape = new ImageShape(8, 8, 1);
        return Stream.of(
                call("multiples of 4, got 28×30×1", () -> CompressiveNetwork.of(new ImageShape(28, 30, 1), 1, 1, 1)),
                call("rateWeight must be above 0", () -> CompressiveNetwork.of(shape, 0, 1, 1)),
                call("steps must be at least 1", () -> CompressiveNetwork.of(shape, 1, 0, 1)));
    }

    @ParameterizedTest
    @MethodSource("wrongUses")
    void wrongUse_isRefused(String message, ThrowingCallable use) {
        assertThatThrownBy(use).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }
}
