package io.github.dl4jae.concrete;

import static io.github.dl4jae.concrete.SelectorNetworks.logits;
import static io.github.dl4jae.concrete.SelectorNetworks.network;
import static io.github.dl4jae.concrete.SelectorNetworks.selector;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.schedule.GeometricSchedule;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.testing.DefaultType;
import io.github.dl4jae.testing.LayerContract;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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
        assertThatArray(narrow.params().castTo(DataType.DOUBLE)).isCloseTo(wide.params(), 1e-4);
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
        assertThatThrownBy(() -> network(layer, d, k, DataType.FLOAT))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void options_outOfRange_areRefused() {
        assertThatThrownBy(() -> new ConcreteSelectorLayer.Builder().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("temperature must be set, got none; a usual one is new GeometricSchedule");
        assertThatThrownBy(() -> selector().temperature(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("temperature must be above 0 and finite, got 0.0");
        assertThatThrownBy(() -> selector().duplicatePenalty(-1).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("duplicatePenalty must be at least 0 and finite, got -1.0");
        assertThatThrownBy(() -> selector().duplicatePenalty(1, 0.5).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threshold of the duplicatePenalty must be at least 1 and finite, got 0.5");
    }

    @Test
    void temperature_thatReachesZeroLater_isRefusedAtOnce() {
        assertThatThrownBy(() -> selector()
                        .temperature(new LinearSchedule(ScheduleType.ITERATION, 1, 0, 2))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("temperature must be above 0 and finite")
                .hasMessageContaining("got 0.0 at the end of the schedule");
    }

    @Test
    void input_ofAnotherWidth_isRefused() {
        MultiLayerNetwork network = network(selector(), 3, 2, DataType.DOUBLE);
        assertThatThrownBy(() -> network.output(Nd4j.ones(2, 4)))
                .isInstanceOf(DL4JInvalidInputException.class)
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
