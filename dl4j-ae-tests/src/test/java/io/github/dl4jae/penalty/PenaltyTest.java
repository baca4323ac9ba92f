package io.github.dl4jae.penalty;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.testing.PenaltyContract;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PenaltyTest {

    /** Means of the columns: 0.25 and 0.5. */
    private static final INDArray A = Nd4j.createFromArray(new double[][] {{0.1, 0.8}, {0.4, 0.2}});

    static Stream<ActivityPenalty> penalties() {
        return Stream.of(
                new L1Penalty(2),
                new L2Penalty(2),
                new KLSparsityPenalty(0.05, 3),
                new AbsoluteSparsityPenalty(0.05, 2),
                new SquaredSparsityPenalty(0.05, 2));
    }

    @ParameterizedTest
    @MethodSource("penalties")
    void contract_holds(ActivityPenalty penalty) {
        PenaltyContract.verify(penalty);
    }

    static Stream<Arguments> goldenValues() {
        return Stream.of(
                // 3 · (0.1 + 0.8 + 0.4 + 0.2) / 2
                Arguments.of(new L1Penalty(3), 2.25),
                // 3 · (0.01 + 0.64 + 0.16 + 0.04) / 2
                Arguments.of(new L2Penalty(3), 1.275),
                // KL(0.1‖0.25) = 0.1·ln 0.4 + 0.9·ln 1.2 = −0.0916290732 + 0.1640894011 = 0.0724603279
                // KL(0.1‖0.5)  = 0.1·ln 0.2 + 0.9·ln 1.8 = −0.1609437912 + 0.5290079984 = 0.3680642072; times 2
                Arguments.of(new KLSparsityPenalty(0.1, 2), 0.8810490702),
                // 2 · (|0.25 − 0.3| + |0.5 − 0.3|)
                Arguments.of(new AbsoluteSparsityPenalty(0.3, 2), 0.5),
                // 2 · (0.05² + 0.2²)
                Arguments.of(new SquaredSparsityPenalty(0.3, 2), 0.085));
    }

    @ParameterizedTest
    @MethodSource("goldenValues")
    void value_isTheOneWorkedOutByHand(ActivityPenalty penalty, double expected) {
        assertThat(penalty.value(A, null, 2)).isCloseTo(expected, within(1e-9));
    }

    @Test
    void klGradient_isTheOneWorkedOutByHand() {
        // 2/2 · (−0.1/0.25 + 0.9/0.75) = 0.8 and 2/2 · (−0.1/0.5 + 0.9/0.5) = 1.6, the same for both rows
        INDArray gradient = new KLSparsityPenalty(0.1, 2).gradient(A, null, 2);

        assertThatArray(gradient).isCloseTo(Nd4j.createFromArray(new double[][] {{0.8, 1.6}, {0.8, 1.6}}), 1e-12);
    }

    /** The penalty clips activations further from 0 and 1 in 16 bits, so its gradient is smaller there. */
    @ParameterizedTest
    @CsvSource({"FLOAT, 1e4", "DOUBLE, 1e4", "HALF, 100", "BFLOAT16, 100"})
    void klPenalty_ofSaturatedUnits_isFiniteAndPullsThemBack(DataType type, double pull) {
        INDArray saturated =
                Nd4j.createFromArray(new double[][] {{0, 1}, {0, 1}}).castTo(type);

        double value = new KLSparsityPenalty(0.05, 1).value(saturated, null, 2);
        INDArray gradient = new KLSparsityPenalty(0.05, 1).gradient(saturated, null, 2);

        assertThat(value).isFinite().isGreaterThan(1);
        assertThat(gradient.dataType()).isEqualTo(type);
        assertThat(gradient.getDouble(0, 0)).isFinite().isLessThan(-pull); // a dead unit is pushed up
        assertThat(gradient.getDouble(0, 1)).isFinite().isGreaterThan(pull); // a stuck one down
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void klPenalty_outsideTheUnitInterval_isRefused(double value) {
        INDArray outside = Nd4j.createFromArray(new double[][] {{0.5, value}});

        assertThatThrownBy(() -> new KLSparsityPenalty(0.05, 1).value(outside, null, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("KLSparsityPenalty: activations must lie in [0, 1], got")
                .hasMessageContaining("use L1Penalty");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.5, Double.NaN})
    void klTarget_atOrBeyondTheEnds_isRefused(double target) {
        assertThatThrownBy(() -> new KLSparsityPenalty(target, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("targetRate must lie strictly between 0 and 1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void weight_negativeOrNotFinite_isRefused(double weight) {
        assertThatThrownBy(() -> new L1Penalty(weight))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("L1Penalty: weight must be");
        assertThatThrownBy(() -> new L2Penalty(weight))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("L2Penalty: weight must be");
        assertThatThrownBy(() -> new SquaredSparsityPenalty(0.1, weight))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weight must be");
        assertThatThrownBy(() -> new AbsoluteSparsityPenalty(Double.NaN, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("targetRate must be finite");
    }
}
