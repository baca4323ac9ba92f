package io.github.dl4jae.internal.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LogSumExpTest {

    private static final double INF = Double.POSITIVE_INFINITY;
    /** ln(1 + e + e²). */
    private static final double GOLDEN = 2.4076059644443806;

    private static double streamed(double... values) {
        LogSumExp sum = new LogSumExp();
        Arrays.stream(values).forEach(sum::add);
        return sum.value();
    }

    private static double ofArray(double... values) {
        return LogSumExp.of(values, 0, values.length);
    }

    private static Arguments golden(double expected, double... values) {
        return Arguments.of(expected, values);
    }

    /** ln Σ e^(m + a_i) = m + ln Σ e^(a_i). */
    static Stream<Arguments> goldenValues() {
        return Stream.of(
                golden(GOLDEN, 0, 1, 2),
                golden(GOLDEN, 2, 1, 0),
                golden(GOLDEN, 1, 2, 0),
                golden(5000 + GOLDEN, 5000, 5001, 5002),
                golden(-5000 + GOLDEN, -4998, -5000, -4999),
                golden(Math.log(4), 0, 0, 0, 0),
                golden(1000, 1000, -1000),
                golden(1000, -1000, 1000),
                golden(Math.log(3), Math.log(1), -INF, Math.log(2)),
                golden(Math.log(3), -INF, Math.log(1), Math.log(2)));
    }

    @ParameterizedTest
    @MethodSource("goldenValues")
    void array_equalsTheGoldenValue(double expected, double[] values) {
        assertThat(ofArray(values)).isCloseTo(expected, within(1e-15 * Math.max(1, Math.abs(expected))));
    }

    @ParameterizedTest
    @MethodSource("goldenValues")
    void stream_equalsTheGoldenValue(double expected, double[] values) {
        assertThat(streamed(values)).isCloseTo(expected, within(1e-15 * Math.max(1, Math.abs(expected))));
    }

    /** No rounding is involved. */
    static Stream<Arguments> exactValues() {
        return Stream.of(
                golden(-INF),
                golden(-INF, -INF),
                golden(-INF, -INF, -INF, -INF),
                golden(0.7, 0.7),
                golden(-1e300, -1e300),
                golden(INF, 3, INF),
                golden(INF, INF, 3),
                golden(INF, INF, INF),
                golden(INF, -INF, INF),
                golden(Double.NaN, 3, Double.NaN),
                golden(Double.NaN, Double.NaN, 3),
                golden(Double.NaN, -INF, Double.NaN));
    }

    @ParameterizedTest
    @MethodSource("exactValues")
    void array_ofOneOrInfiniteOrNoValues_isExact(double expected, double[] values) {
        assertThat(ofArray(values)).isEqualTo(Double.valueOf(expected)); // equal also for NaN
    }

    @ParameterizedTest
    @MethodSource("exactValues")
    void stream_ofOneOrInfiniteOrNoValues_isExact(double expected, double[] values) {
        assertThat(streamed(values)).isEqualTo(Double.valueOf(expected)); // equal also for NaN
    }

    @Test
    void array_readsOnlyItsRange() {
        assertThat(LogSumExp.of(new double[] {99, 0, 1, 2, 99}, 1, 3)).isCloseTo(GOLDEN, within(1e-15));
    }

    @Test
    void value_betweenAdditions_isThatOfTheTermsSoFar() {
        LogSumExp sum = new LogSumExp();
        sum.add(2);
        assertThat(sum.value()).isEqualTo(2);
        sum.add(0);
        sum.add(1);
        assertThat(sum.value()).isCloseTo(GOLDEN, within(1e-15));
    }
}
