package io.github.dl4jae.timeseries;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.testing.Clause;
import io.github.dl4jae.testing.LayerContract;
import io.github.dl4jae.testing.Networks;
import io.github.dl4jae.testing.RefusesNull;
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
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TimeBasisLayerTest implements RefusesNull {

    private static TimeBasisLayer layer(TimeBasis basis, int steps) {
        return new TimeBasisLayer.Builder().basis(basis).steps(steps).build();
    }

    private static INDArray output(TimeBasis basis, int steps, double[][] coefficients) {
        MultiLayerNetwork network = Networks.initialized(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(layer(basis, steps))
                .build());
        return network.output(Nd4j.createFromArray(coefficients));
    }

    static Stream<Arguments> seriesByHand() {
        return Stream.of(
                Arguments.of(
                        new TimeBasis.Level(), new double[] {3, 4}, new double[] {3, 3, 3, 3}, new double[] {4, 4, 4, 4
                        }),
                // 8 t/4 + 16 (t/4)² and −4 t/4 + 32 (t/4)²
                Arguments.of(
                        new TimeBasis.Trend(2), new double[] {8, 16, -4, 32}, new double[] {0, 3, 8, 15}, new double[] {
                            0, 1, 6, 15
                        }),
                Arguments.of(
                        new TimeBasis.Season(2, 1), new double[] {1, 2, 5, 6}, new double[] {1, 2, 1, 2}, new double[] {
                            5, 6, 5, 6
                        }),
                Arguments.of(
                        new TimeBasis.Season(3, 2),
                        new double[] {1, 2, 3, 4, 5, 6},
                        new double[] {1, 1, 2, 2},
                        new double[] {4, 4, 5, 5}));
    }

    @ParameterizedTest
    @MethodSource("seriesByHand")
    void coefficientsOfTwoFeatures_giveTheSeriesComputedByHand(
            TimeBasis basis, double[] coefficients, double[] first, double[] second) {
        INDArray y = output(basis, 4, new double[][] {coefficients});

        assertThatArray(y).hasShape(1, 2, 4);
        assertThat(y.dup('c').data().asDouble())
                .startsWith(first, within(1e-12))
                .endsWith(second, within(1e-12));
    }

    static Stream<TimeBasis> bases() {
        return Stream.of(new TimeBasis.Level(), new TimeBasis.Trend(2), new TimeBasis.Season(2, 2));
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("bases")
    void layer_keepsTheContract(TimeBasis basis) {
        LayerContract.of(layer(basis, 3))
                .without(Clause.MASK) // a mask of vectors is none of sequences
                .verify();
    }

    @Test
    void widthThatIsNoMultipleOfTheFunctions_isRefused() {
        assertThatThrownBy(() -> output(new TimeBasis.Trend(2), 4, new double[][] {{1, 2, 3}}))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("a multiple of 2 columns")
                .hasMessageContaining("got 3");
    }

    @Test
    void sequence_isRefused() {
        MultiLayerNetwork network = Networks.initialized(new NeuralNetConfiguration.Builder()
                .list()
                .layer(layer(new TimeBasis.Level(), 4))
                .build());

        assertThatThrownBy(() -> network.output(Nd4j.ones(2, 4, 3)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("[batch, n], got [2, 4, 3]");
    }

    @ParameterizedTest
    @MethodSource("tooSmall")
    void sizeThatIsTooSmall_isRefused(String name, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name + " must be at least");
    }

    static Stream<Arguments> tooSmall() {
        return Stream.of(
                Arguments.of("degree", (Runnable) () -> new TimeBasis.Trend(0)),
                Arguments.of("values", (Runnable) () -> new TimeBasis.Season(1, 1)),
                Arguments.of("steps", (Runnable) () -> new TimeBasis.Season(2, 0)),
                Arguments.of("steps", (Runnable) () -> layer(new TimeBasis.Level(), 0)));
    }

    static Stream<Arguments> nulls() {
        return Stream.of(
                RefusesNull.call(
                        "basis must be given",
                        () -> new TimeBasisLayer.Builder().steps(3).build()),
                RefusesNull.call("basis must be given", () -> new TimeBasisLayer.Builder().basis(null)));
    }
}
