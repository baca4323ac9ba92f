package io.github.dl4jae.timeseries;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.testing.Networks;
import io.github.dl4jae.testing.RefusesNull;
import io.github.dl4jae.variational.GaussianLatentLayer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

class TimeVaeModelTest implements RefusesNull {

    private static final INDArray SERIES = SmallSeries.seasonal(200, 1);
    private static final INDArray OTHERS = SmallSeries.seasonal(20, 2);

    private static TimeVaeModel model;

    @BeforeAll
    static void train() {
        model = SmallSeries.quick().build().fit(SERIES).model();
    }

    private static double error(INDArray found, INDArray wanted) {
        return Transforms.abs(found.sub(wanted)).meanNumber().doubleValue();
    }

    private static INDArray steps(INDArray series, int from, int to) {
        return series.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(from, to))
                .dup('c');
    }

    @Test
    void parts_areNamed_andSumToTheReconstruction() {
        SeriesParts parts = model.parts(OTHERS);

        assertThat(parts.names()).containsExactly("level", "trend", "season1", "residual");
        assertThatArray(parts.sum()).isCloseTo(model.reconstruct(OTHERS), 1e-5);
    }

    /** Dense layers and bases by loops over the parameters, for one code. */
    @Test
    void parts_areThoseOfTheFormulas() {
        double[] z = {0.7, -1.2};
        SeriesParts parts = model.partsOfCodes(Nd4j.createFromArray(new double[][] {z}));
        double[] minimum = model.scaler().minimum();
        double[] range = model.scaler().range();

        double[] level = affine("level-coefficients", relu(affine("level-hidden", z)));
        double[] slopes = affine("trend-coefficients", relu(affine("trend-hidden", z)));
        double[] season = affine("season1-coefficients", z);

        int t = 6;
        assertThat(parts.get(SeriesParts.LEVEL).getDouble(0, 1, t))
                .isCloseTo(minimum[1] + range[1] * level[1], within(1e-4));
        assertThat(parts.get(SeriesParts.TREND).getDouble(0, 1, t))
                .isCloseTo(range[1] * slopes[1] * t / SmallSeries.STEPS, within(1e-4));
        assertThat(parts.get(SeriesParts.season(0)).getDouble(0, 1, t))
                .isCloseTo(range[1] * season[4 + t % 4], within(1e-4));
    }

    private static double[] affine(String layer, double[] x) {
        INDArray weights = model.network().getParam(layer + "_W");
        INDArray bias = model.network().getParam(layer + "_b");
        double[] y = new double[(int) bias.length()];
        for (int j = 0; j < y.length; j++) {
            y[j] = bias.getDouble(j);
            for (int i = 0; i < x.length; i++) {
                y[j] += x[i] * weights.getDouble(i, j);
            }
        }
        return y;
    }

    private static double[] relu(double[] z) {
        return Arrays.stream(z).map(value -> Math.max(0, value)).toArray();
    }

    @Test
    void partThatTheModelDoesNotHave_isRefused() {
        assertThatThrownBy(() -> model.parts(OTHERS).get("season2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one of [level, trend, season1, residual], got season2");
    }

    @Test
    void generatedSeries_areDecodedSamplesOfThePrior_inTheUnitOfTheData() {
        INDArray generated = model.generate(50, 3);

        assertThatArray(generated).hasShape(50, 2, SmallSeries.STEPS).hasType(DataType.DOUBLE);
        INDArray scaled =
                model.variationalModel().decode(model.variationalModel().samplePrior(50, 3));
        assertThatArray(model.scaler().scale(generated)).isCloseTo(scaled.castTo(DataType.DOUBLE), 1e-6);
        assertThat(model.generate(50, 4)).isNotEqualTo(generated);
    }

    /** The data have two degrees of freedom, which half of the steps determine. */
    @Test
    void forecast_isBetterThanTheLastValue() {
        INDArray beginning = steps(OTHERS, 0, 4);
        INDArray rest = steps(OTHERS, 4, 8);

        INDArray forecast = model.forecast(beginning);

        INDArray last = steps(OTHERS, 3, 4).broadcast(rest.shape());
        assertThat(error(forecast, rest)).isLessThan(0.3 * error(last, rest));
    }

    @Test
    void imputation_keepsWhatIsPresent_andIsBetterThanInterpolation() {
        Nd4j.getRandom().setSeed(5);
        INDArray present = Nd4j.rand(DataType.DOUBLE, OTHERS.shape()).gt(0.4).castTo(DataType.DOUBLE);
        INDArray holes = present.rsub(1);
        INDArray damaged = OTHERS.dup();
        for (long i = 0; i < damaged.length(); i++) {
            damaged.putScalar(i, present.getDouble(i) == 0 ? Double.NaN : damaged.getDouble(i));
        }

        INDArray imputed = model.impute(damaged, present);

        assertThatArray(imputed.mul(present)).isEqualTo(OTHERS.mul(present));
        INDArray interpolated = new GapFiller("test", model.scaler()).fill(damaged, present);
        assertThat(error(imputed.mul(holes), OTHERS.mul(holes)))
                .isLessThan(0.5 * error(interpolated.mul(holes), OTHERS.mul(holes)));
    }

    @Test
    void savedModel_generatesTheSameSeries(@TempDir Path directory) {
        TimeVaeModel loaded = TimeVaeModel.load(model.save(directory.resolve("model.zip")));

        assertThatArray(loaded.generate(5, 1)).isEqualTo(model.generate(5, 1));
        assertThat(loaded).hasToString("TimeVaeModel(2 features, 8 steps, 2 latents)");
    }

    static Stream<Arguments> refused() {
        INDArray mask = Nd4j.ones(DataType.DOUBLE, OTHERS.shape());
        return Stream.of(
                refusal("the beginning must have fewer than 8 steps", () -> model.forecast(OTHERS)),
                refusal("series must have 8 steps", () -> model.encode(steps(OTHERS, 0, 7))),
                refusal("series must have 2 features", () -> model.encode(Nd4j.ones(3, 4, 8))),
                refusal("codes must have the shape [N, 2]", () -> model.partsOfCodes(Nd4j.ones(3, 4))),
                refusal("series and mask must have one shape", () -> model.impute(OTHERS, Nd4j.ones(3, 4, 8))),
                refusal("0 and 1 only", () -> model.impute(OTHERS, mask.mul(0.5))),
                refusal(
                        "a value that is present must be finite",
                        () -> model.impute(OTHERS.dup().putScalar(0, 0, 0, Double.NaN), mask)));
    }

    private static Arguments refusal(String message, ThrowingCallable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void argument_thatDoesNotFit_isRefused(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    @Test
    void anotherGraph_isRefused() {
        ComputationGraph graph = Networks.initialized(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("input")
                .addLayer("z", new GaussianLatentLayer.Builder().nIn(4).nOut(2).build(), "input")
                .addLayer(
                        "out",
                        new FastOutputLayer.Builder(new LossGaussian())
                                .nIn(2)
                                .nOut(4)
                                .build(),
                        "z")
                .setOutputs("out"));

        assertThatThrownBy(() -> TimeVaeModel.of(graph, SeriesScaler.none(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the graph must be one of TimeVae.network, got [z, out]");
    }

    static Stream<Arguments> nulls() {
        ComputationGraph graph = SmallSeries.quick().build().network(2, 8);
        return Stream.of(
                RefusesNull.call("graph must be given", () -> TimeVaeModel.of(null, SeriesScaler.none(2))),
                RefusesNull.call("scaler must be given", () -> TimeVaeModel.of(graph, null)),
                RefusesNull.call("present must be given", () -> model.impute(OTHERS, null)),
                RefusesNull.call("series must be an array", () -> model.forecast(null)));
    }
}
