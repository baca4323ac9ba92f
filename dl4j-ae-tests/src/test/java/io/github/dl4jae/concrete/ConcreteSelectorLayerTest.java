package io.github.dl4jae.concrete;

import static io.github.dl4jae.concrete.SelectorNetworks.SEED;
import static io.github.dl4jae.concrete.SelectorNetworks.logits;
import static io.github.dl4jae.concrete.SelectorNetworks.network;
import static io.github.dl4jae.concrete.SelectorNetworks.selector;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.noise.NoiseStream;
import io.github.dl4jae.schedule.GeometricSchedule;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.testing.DefaultType;
import io.github.dl4jae.testing.LayerContract;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.ScheduleType;

@Tag("slow")
@DefaultType(DataType.DOUBLE)
class ConcreteSelectorLayerTest {

    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of("plain", selector()),
                Arguments.of(
                        "annealed", selector().temperature(new GeometricSchedule(ScheduleType.EPOCH, 0.8, 0.4, 3))),
                Arguments.of("stripes", selector().initialization(SelectorInitialization.STRIPES)),
                Arguments.of(
                        "initial columns and a penalty",
                        selector().initialColumns(1, 3, 2).duplicatePenalty(0.3)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void contract_holds(String name, ConcreteSelectorLayer.Builder layer) {
        LayerContract.of(layer.nOut(3).build()).differsAtTestTime().verify();
    }

    /** S by the formula, one number at a time, with the noise of the first iteration. */
    private static double[][] sample(double[][] logits, double temperature) {
        int d = logits.length;
        int k = logits[0].length;
        double[][] S = new double[d][k];
        for (int m = 0; m < k; m++) {
            double[] u = new double[d];
            NoiseStream.of(SEED, "selector").at(0, 0, 0).uniform(m, u, 0, d);
            double sum = 0;
            for (int j = 0; j < d; j++) {
                S[j][m] = Math.exp((logits[j][m] - Math.log(-Math.log(u[j]))) / temperature);
                sum += S[j][m];
            }
            for (int j = 0; j < d; j++) {
                S[j][m] /= sum;
            }
        }
        return S;
    }

    private static final double[][] LOGITS = {{0.5, -1}, {1.5, 0.3}, {-0.2, 2}};

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DOUBLE", "FLOAT"})
    void training_passesOnTheAveragesOfTheFormula(DataType type) {
        MultiLayerNetwork network = network(selector(), 3, 2, type);
        logits(network, LOGITS);
        INDArray x =
                Nd4j.createFromArray(new double[][] {{1, 2, 4}, {-1, 0, 3}}).castTo(type);

        INDArray y = network.feedForwardToLayer(0, x, true).get(1).castTo(DataType.DOUBLE);

        double[][] S = sample(LOGITS, 0.7);
        for (int m = 0; m < 2; m++) {
            assertThat(y.getDouble(0, m))
                    .isCloseTo(S[0][m] + 2 * S[1][m] + 4 * S[2][m], within(type == DataType.DOUBLE ? 1e-12 : 1e-5));
            assertThat(y.getDouble(1, m))
                    .isCloseTo(-S[0][m] + 3 * S[2][m], within(type == DataType.DOUBLE ? 1e-12 : 1e-5));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DOUBLE", "FLOAT"})
    void inference_copiesTheColumnOfTheLargestLogit(DataType type) {
        MultiLayerNetwork network = network(selector(), 3, 2, type);
        logits(network, LOGITS);
        INDArray x =
                Nd4j.createFromArray(new double[][] {{1, 2, 4}, {-1, 0.1, 3}}).castTo(type);

        INDArray y = network.feedForwardToLayer(0, x, false).get(1);

        assertThatArray(y).isEqualTo(x.getColumns(1, 2));
    }

    /** The declared surrogate: values of the hard selection, the derivative of the relaxed one. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DOUBLE", "FLOAT"})
    void straightThrough_selectsInTraining_withTheGradientOfTheRelaxedSelection(DataType type) {
        double tolerance = type == DataType.DOUBLE ? 1e-12 : 1e-5;
        MultiLayerNetwork network = network(selector().straightThrough(true), 3, 2, type);
        logits(network, LOGITS);
        double[][] values = {{1, 2, 4}, {-1, 0, 3}};
        double[][] delta = {{0.3, -0.1}, {0.2, 0.7}};
        INDArray x = Nd4j.createFromArray(values).castTo(type);

        INDArray y = network.feedForwardToLayer(0, x, true).get(1).dup();
        network.initGradientsView();
        var layer = network.getLayer(0);
        layer.setInput(x, LayerWorkspaceMgr.noWorkspaces());
        layer.activate(true, LayerWorkspaceMgr.noWorkspaces());
        var gradients =
                layer.backpropGradient(Nd4j.createFromArray(delta).castTo(type), LayerWorkspaceMgr.noWorkspaces());

        double[][] S = sample(LOGITS, 0.7);
        for (int m = 0; m < 2; m++) {
            int selector = m;
            int pick = IntStream.range(0, 3)
                    .boxed()
                    .max((i, j) -> Double.compare(S[i][selector], S[j][selector]))
                    .orElseThrow();
            assertThatArray(y.getColumn(m)).isEqualTo(x.getColumn(pick));
            double[] G = IntStream.range(0, 3)
                    .mapToDouble(j -> values[0][j] * delta[0][selector] + values[1][j] * delta[1][selector])
                    .toArray();
            double mean = IntStream.range(0, 3)
                    .mapToDouble(j -> S[j][selector] * G[j])
                    .sum();
            for (int j = 0; j < 3; j++) {
                assertThat(gradients.getFirst().getGradientFor("W").getDouble(j, m))
                        .isCloseTo(S[j][m] * (G[j] - mean) / 0.7, within(tolerance));
            }
            assertThat(gradients.getSecond().getDouble(1, pick))
                    .isCloseTo(
                            IntStream.range(0, 2)
                                    .filter(other -> argMax(S, other) == pick)
                                    .mapToDouble(other -> delta[1][other])
                                    .sum(),
                            within(tolerance));
        }
    }

    /** By declaration the gradient without the factor S/T; that of the penalty without its probability. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DOUBLE", "FLOAT"})
    void naturalGradient_isThatOfTheFormula(DataType type) {
        double lambda = 0.4;
        MultiLayerNetwork network = network(selector().naturalGradient(true).duplicatePenalty(lambda), 3, 2, type);
        double[][] wanted = {{0.5, 1}, {3, 4}, {-0.2, 2}};
        logits(network, wanted);
        double[][] values = {{1, 2, 4}, {-1, 0, 3}};
        double[][] delta = {{0.3, -0.1}, {0.2, 0.7}};
        network.initGradientsView();
        var layer = network.getLayer(0);
        layer.setInputMiniBatchSize(2);
        layer.setInput(Nd4j.createFromArray(values).castTo(type), LayerWorkspaceMgr.noWorkspaces());
        layer.activate(true, LayerWorkspaceMgr.noWorkspaces());
        INDArray gradient = layer.backpropGradient(
                        Nd4j.createFromArray(delta).castTo(type), LayerWorkspaceMgr.noWorkspaces())
                .getFirst()
                .getGradientFor("W");

        double[][] S = sample(wanted, 0.7);
        for (int m = 0; m < 2; m++) {
            int selector = m;
            double[] p = IntStream.range(0, 3)
                    .mapToDouble(j -> Math.exp(wanted[j][selector]))
                    .toArray();
            double all = Arrays.stream(p).sum();
            for (int j = 0; j < 3; j++) {
                double expected = 0;
                for (int i = 0; i < 3; i++) {
                    double G = values[0][i] * delta[0][m] + values[1][i] * delta[1][m];
                    double penalty = i == 1 ? lambda * 2 : 0; // column 1 alone is wanted by more than one; two examples
                    expected += ((i == j ? 1 : 0) - S[i][m]) * G + ((i == j ? 1 : 0) - p[i] / all) * penalty;
                }
                assertThat(gradient.getDouble(j, m))
                        .isCloseTo(expected, within(type == DataType.DOUBLE ? 1e-12 : 1e-5));
            }
        }
    }

    private static int argMax(double[][] S, int m) {
        int best = 0;
        for (int j = 1; j < S.length; j++) {
            best = S[j][m] > S[best][m] ? j : best;
        }
        return best;
    }

    /** The Gumbel-max property: at a low temperature a selector passes on feature j with probability softmax(ℓ)_j. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DOUBLE", "FLOAT"})
    void training_atALowTemperature_drawsFeaturesByTheirProbabilities(DataType type) {
        INDArray W = Nd4j.createFromArray(new double[][] {{Math.log(0.1)}, {Math.log(0.2)}, {Math.log(0.7)}})
                .castTo(type)
                .dup('f');
        int draws = 20_000;
        double[] counts = new double[3];
        INDArray S = W.ulike();
        for (int i = 0; i < draws; i++) {
            ColumnSoftmax.sample(W, 1e-3, NoiseStream.of(1, "s").at(i, 0, 0), S);
            for (int j = 0; j < 3; j++) {
                counts[j] += S.getDouble(j, 0) / draws;
            }
        }
        // four standard errors
        assertThat(counts[0]).isCloseTo(0.1, within(4 * Math.sqrt(0.1 * 0.9 / draws)));
        assertThat(counts[1]).isCloseTo(0.2, within(4 * Math.sqrt(0.2 * 0.8 / draws)));
        assertThat(counts[2]).isCloseTo(0.7, within(4 * Math.sqrt(0.7 * 0.3 / draws)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void float32_takesTheSameStepAsFloat64(boolean straightThrough) {
        int d = 40;
        int k = 5;
        MultiLayerNetwork wide =
                network(selector().straightThrough(straightThrough).duplicatePenalty(0.5), d, k, DataType.DOUBLE);
        MultiLayerNetwork narrow =
                network(selector().straightThrough(straightThrough).duplicatePenalty(0.5), d, k, DataType.FLOAT);
        wide.getParam("0_W").muli(8); // so that columns are wanted by several
        narrow.setParams(wide.params().castTo(DataType.FLOAT));
        Nd4j.getRandom().setSeed(3);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 6, d);
        wide.fit(new DataSet(x, x));
        narrow.fit(new DataSet(x.castTo(DataType.FLOAT), x.castTo(DataType.FLOAT)));

        assertThat(narrow.score()).isCloseTo(wide.score(), within(1e-4));
        assertThat(wide.params().normmaxNumber().doubleValue()).isGreaterThan(0.1);
        assertThat(narrow.params()
                        .castTo(DataType.DOUBLE)
                        .sub(wide.params())
                        .normmaxNumber()
                        .doubleValue())
                .isLessThan(1e-4);
    }

    @Test
    void duplicatePenalty_isThatOfTheFormula() {
        // probabilities of column 0: 0.6 + 0.7 + 0.1, of column 1: 0.4 + 0.3 + 0.9
        INDArray W = Nd4j.createFromArray(new double[][] {
            {Math.log(0.6), Math.log(0.7), Math.log(0.1)}, {Math.log(0.4), Math.log(0.3), Math.log(0.9)}
        });
        assertThat(new DuplicatePenalty(2, 1).value(W)).isCloseTo(2 * (0.4 + 0.6), within(1e-12));
        assertThat(new DuplicatePenalty(2, 1.5).value(W)).isCloseTo(2 * 0.1, within(1e-12));
    }

    @Test
    void score_withThePenalty_isThatWithout_andThePenalty() {
        Nd4j.getRandom().setSeed(3);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 6, 4);
        MultiLayerNetwork with = network(selector().duplicatePenalty(2), 4, 3, DataType.DOUBLE);
        MultiLayerNetwork without = network(selector(), 4, 3, DataType.DOUBLE);
        double[][] logits = {{2, 2, 0}, {0, 0, 0}, {0, 0, 1}, {0, 0, 0}};
        logits(without, logits);
        double penalty = new DuplicatePenalty(2, 1).value(logits(with, logits));

        assertThat(penalty).isNotZero();
        assertThat(with.score(new DataSet(x, x), true) - without.score(new DataSet(x, x), true))
                .isCloseTo(penalty, within(1e-12));
        assertThat(with.score(new DataSet(x, x), false) - without.score(new DataSet(x, x), false))
                .isCloseTo(penalty, within(1e-12));
    }

    @Test
    void stripes_letEverySelectorPreferColumnsOfItsOwn() {
        MultiLayerNetwork network =
                network(selector().initialization(SelectorInitialization.STRIPES), 3000, 10, DataType.FLOAT);
        INDArray P = network.getParam("0_W").ulike();
        ColumnSoftmax.softmax(network.getParam("0_W"), P);
        int[] owners = Nd4j.argMax(P, 1).toIntVector();
        double[] own = new double[10];
        for (int j = 0; j < 3000; j++) {
            own[owners[j]] += P.getDouble(j, owners[j]);
        }

        assertThat(Arrays.stream(own)).allSatisfy(mass -> assertThat(mass).isCloseTo(0.9, within(0.01)));
    }

    @Test
    void initialColumns_haveHalfOfTheProbability() {
        MultiLayerNetwork network = network(selector().initialColumns(7, 2999, 5), 3000, 3, DataType.FLOAT);
        SelectorState selection = SelectorState.of(network);

        assertThat(selection.selectedColumns()).containsExactly(7, 2999, 5);
        assertThat(Arrays.stream(selection.confidences()))
                .allSatisfy(confidence -> assertThat(confidence).isCloseTo(0.5, within(0.05)));
    }

    @Test
    void layer_of100000Features_trains() {
        MultiLayerNetwork network = network(
                selector().inputGradient(false).initialization(SelectorInitialization.STRIPES),
                100_000,
                4,
                DataType.FLOAT);
        INDArray x = Nd4j.rand(DataType.FLOAT, 8, 100_000);
        network.fit(new DataSet(x, x));

        assertThat(network.score()).isBetween(0.0, 10.0);
        assertThat(SelectorState.of(network).withoutDuplicates()).hasSize(4).doesNotHaveDuplicates();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(4, 5, selector(), "nOut must be in [1, 4] (the input has 4 features), got 5"),
                Arguments.of(4, 0, selector(), "nIn and nOut must be above 0"),
                Arguments.of(4, 2, selector().initialColumns(1), "must be 2 different columns in [0, 3], got 1: [1]"),
                Arguments.of(4, 2, selector().initialColumns(1, 1), "must be 2 different columns"),
                Arguments.of(4, 2, selector().initialColumns(1, 4), "must be 2 different columns"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void network_withWrongSizes_isRefused(int d, int k, ConcreteSelectorLayer.Builder layer, String message) {
        assertThatThrownBy(() -> network(layer, d, k, DataType.FLOAT)).hasMessageContaining(message);
    }

    @Test
    void options_outOfRange_areRefused() {
        assertThatThrownBy(() -> new ConcreteSelectorLayer.Builder().build())
                .hasMessageContaining("temperature must be set, got none; a usual one is new GeometricSchedule");
        assertThatThrownBy(() -> selector().temperature(0).build())
                .hasMessageContaining("temperature must be above 0 and finite, got 0.0");
        assertThatThrownBy(() -> selector().duplicatePenalty(-1).build())
                .hasMessageContaining("duplicatePenalty must be at least 0 and finite, got -1.0");
        assertThatThrownBy(() -> selector().duplicatePenalty(1, 0.5).build())
                .hasMessageContaining("threshold of the duplicatePenalty must be at least 1 and finite, got 0.5");
    }

    @Test
    void temperature_thatReachesZeroLater_isRefusedAtOnce() {
        assertThatThrownBy(() -> selector()
                        .temperature(new LinearSchedule(ScheduleType.ITERATION, 1, 0, 2))
                        .build())
                .hasMessageContaining("temperature must be above 0 and finite")
                .hasMessageContaining("got 0.0 at the end of the schedule");
    }

    @Test
    void input_ofAnotherWidth_isRefused() {
        MultiLayerNetwork network = network(selector(), 3, 2, DataType.DOUBLE);
        assertThatThrownBy(() -> network.output(Nd4j.ones(2, 4)))
                .hasMessageContaining("the input must have the shape [batch, 3], got [2, 4]");
    }

    @Test
    void equality_looksAtEveryOption() {
        ConcreteSelectorLayer layer = selector().nIn(5).nOut(2).build();
        assertThat(layer).isEqualTo(selector().nIn(5).nOut(2).build()).hasSameHashCodeAs(layer.clone());
        assertThat(Stream.of(
                        selector().temperature(1),
                        selector().straightThrough(true),
                        selector().naturalGradient(true),
                        selector().duplicatePenalty(1),
                        selector().duplicatePenalty(0, 2),
                        selector().initialization(SelectorInitialization.STRIPES),
                        selector().initialColumns(1, 2),
                        selector().inputGradient(false)))
                .allSatisfy(other -> {
                    assertThat(other.nIn(5).nOut(2).build()).isNotEqualTo(layer);
                    NeuralNetConfiguration configuration = new NeuralNetConfiguration.Builder()
                            .layer(other.build())
                            .build();
                    assertThat(NeuralNetConfiguration.fromJson(configuration.toJson()))
                            .isEqualTo(configuration);
                });
    }
}
