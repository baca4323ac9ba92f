package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.variational.SmallModels.examples;
import static io.github.dl4jae.variational.SmallModels.layers;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;

class GaussianPosteriorCornersTest {

    static Stream<Arguments> accessors() {
        GaussianPosterior q = VariationalModel.of(
                        initialized(layers(
                                DataType.DOUBLE, new NoOp(), new GaussianLatentLayer.Builder(), new LossBernoulli())),
                        "z")
                .posterior(examples(DataType.DOUBLE, 4));
        return Stream.of(
                Arguments.of(q, Named.<Supplier<double[]>>of("mean", q::mean)),
                Arguments.of(q, Named.<Supplier<double[]>>of("log variance", q::logVariance)),
                Arguments.of(q, Named.<Supplier<double[]>>of("deviation", q::deviation)));
    }

    @ParameterizedTest
    @MethodSource("accessors")
    void figures_areCopies(GaussianPosterior q, Supplier<double[]> accessor) {
        double[] before = accessor.get().clone();
        double[] divergence = q.divergence(null);
        double[] sample = q.sample(NoiseStream.of(1, "z"), 2);

        Arrays.fill(accessor.get(), 7);

        assertThat(accessor.get()).containsExactly(before);
        assertThat(q.divergence(null)).containsExactly(divergence);
        assertThat(q.sample(NoiseStream.of(1, "z"), 2)).containsExactly(sample);
    }
}
