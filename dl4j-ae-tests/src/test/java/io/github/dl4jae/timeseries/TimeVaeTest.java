package io.github.dl4jae.timeseries;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.testing.GradientCheck;
import io.github.dl4jae.testing.RefusesNull;
import io.github.dl4jae.training.CheckpointMismatchException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

class TimeVaeTest implements RefusesNull {

    static Stream<TimeVae.Builder> architectures() {
        return Stream.of(
                new TimeVae.Builder().latents(2).dense(3),
                new TimeVae.Builder()
                        .latents(2)
                        .dense(4, 3)
                        .trend(2)
                        .season(2, 1)
                        .season(2, 3),
                new TimeVae.Builder().latents(2).convolutional(3, 2).trend(1),
                new TimeVae.Builder()
                        .latents(2)
                        .convolutional(2)
                        .stride(1)
                        .kernel(2)
                        .residual(false),
                new TimeVae.Builder().latents(2).dense(3).season(3, 1).residual(false));
    }

    private static ComputationGraph float64(TimeVae.Builder builder) {
        return builder.dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .seed(3)
                .build()
                .network(2, 5);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("architectures")
    void gradientOfEveryArchitecture_agreesWithCentralDifferences(TimeVae.Builder builder) {
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.rand(DataType.DOUBLE, 3, 2, 5);

        GradientCheck.requireGradient(float64(builder), new DataSet(x, x));
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void configurationOfEveryArchitecture_survivesJson(TimeVae.Builder builder) {
        ComputationGraphConfiguration configuration = float64(builder).getConfiguration();

        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson()))
                .isEqualTo(configuration);
    }

    /** The network of the paper for 24 steps of 5 features: the numbers of its layers, one by one. */
    @Test
    void networkOfThePaper_hasItsParameters() {
        long encoder = 5 * 50 * 3 + 50 + 50 * 100 * 3 + 100 + 100 * 200 * 3 + 200;
        long code = 600 * 16 + 16;
        long level = 8 * 5 + 5 + 5 * 5 + 5;
        long residual = 8 * 600 + 600 + 200 * 100 * 3 + 100 + 100 * 50 * 3 + 50 + 50 * 5 * 3 + 5 + 120 * 120 + 120;

        assertThat(new TimeVae.Builder().build().network(5, 24).numParams())
                .isEqualTo(encoder + code + level + residual);
    }

    /** The mean score of a network whose decoder knows nothing is that of the data; a trained one is far below. */
    @Test
    void training_lowersTheError_andResultsAreInTheUnitOfTheData() {
        INDArray series = SmallSeries.seasonal(200, 1);

        TimeVaeResult result = SmallSeries.quick().build().fit(series);

        INDArray difference = result.model().reconstruct(series).sub(series);
        INDArray spread = series.sub(series.mean(true, 0));
        assertThat(difference.norm2Number().doubleValue())
                .isLessThan(0.35 * spread.norm2Number().doubleValue());
        assertThat(result.training().epochs()).isEqualTo(40);
        assertThat(result.training().steps()).isEqualTo(40 * 20);
    }

    @Test
    void resumedTraining_hasTheParametersOfAnUninterruptedOne(@TempDir Path directory) {
        INDArray series = SmallSeries.seasonal(45, 1);
        Path file = directory.resolve("checkpoint.zip");
        TimeVaeModel whole = SmallSeries.quick().epochs(4).build().fit(series).model();

        SmallSeries.quick().epochs(2).checkpoint(file).build().fit(series);
        TimeVaeResult resumed =
                SmallSeries.quick().epochs(4).checkpoint(file).build().fit(series);

        assertThat(resumed.training().epochs()).isEqualTo(4);
        assertThatArray(resumed.model().network().params())
                .isEqualTo(whole.network().params());
    }

    @Test
    void checkpointOfOtherData_isRefused(@TempDir Path directory) {
        TimeVae.Builder builder = SmallSeries.quick().epochs(1).checkpoint(directory.resolve("checkpoint.zip"));
        builder.build().fit(SmallSeries.seasonal(30, 1));

        assertThatThrownBy(() -> builder.epochs(2).build().fit(SmallSeries.seasonal(30, 2)))
                .isInstanceOf(CheckpointMismatchException.class);
    }

    @Test
    void validation_holdsOutTheLastSeries_andStopsEarly() {
        TimeVaeResult result = SmallSeries.quick()
                .epochs(200)
                .validation(0.25)
                .patience(1)
                .build()
                .fit(SmallSeries.seasonal(40, 1));

        assertThat(result.training().steps() / result.training().epochs()).isEqualTo(3); // of 30 series
        assertThat(result.training().epochs()).isLessThan(200);
        assertThat(result.training().best()).isPresent();
    }

    @Test
    void seeds_determineTheResult() {
        INDArray series = SmallSeries.seasonal(20, 1);
        TimeVae.Builder builder = SmallSeries.quick().epochs(2);

        INDArray first = builder.seed(5).build().fit(series).model().network().params();

        assertThatArray(builder.seed(5).build().fit(series).model().network().params())
                .isEqualTo(first);
        assertThat(builder.seed(6).build().fit(series).model().network().params())
                .isNotEqualTo(first);
    }

    static Stream<Arguments> refused() {
        TimeVae vae = SmallSeries.quick().build();
        INDArray series = SmallSeries.seasonal(4, 1);
        return Stream.of(
                refusal(
                        "series must have the shape [N, features, time], got [4, 16]",
                        () -> vae.fit(series.reshape(4, 16))),
                refusal(
                        "series must be finite, got NaN",
                        () -> vae.fit(series.dup().putScalar(1, 1, 1, Double.NaN))),
                refusal(
                        "training and validation must both have series, got 0 and 4",
                        () -> SmallSeries.quick().validation(0.9).build().fit(series)),
                refusal(
                        "patience needs validation, got none",
                        () -> SmallSeries.quick().patience(3).build()),
                refusal("units must have at least one layer, got none", () -> SmallSeries.quick()
                        .dense()),
                refusal("filters must be at least 1, got 0", () -> SmallSeries.quick()
                        .convolutional(3, 0)),
                refusal("validation must be in [0, 1), got 1.0", () -> SmallSeries.quick()
                        .validation(1)));
    }

    private static Arguments refusal(String message, ThrowingCallable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void argument_thatDoesNotFit_isRefused(String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("TimeVae: ")
                .hasMessageContaining(message);
    }

    static Stream<Arguments> nulls() {
        TimeVae.Builder builder = new TimeVae.Builder();
        return Stream.of(
                RefusesNull.call("updater must be given", () -> builder.updater(null)),
                RefusesNull.call("beta must be given", () -> builder.beta(null)),
                RefusesNull.call("dataType must be given", () -> builder.dataType(null)),
                RefusesNull.call("checkpoint must be given", () -> builder.checkpoint(null)),
                RefusesNull.call("listener must be given", () -> builder.listener(null)),
                RefusesNull.call(
                        "series must be an array", () -> builder.build().fit(null)));
    }
}
