package io.github.dl4jae.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AxisTest {

    private static Axis linear(boolean counts, double... values) {
        return Axis.linear(values, 600, 60, counts);
    }

    private static String label(Axis axis, double value) {
        return axis.label(axis.scaled(new double[] {value})[0]);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1.01, 2", "2.2, 5", "5.1, 10", "0.03, 0.05", "1e-6, 1e-6", "3e6, 5e6", "0.3, 0.5"})
    void step_isTheNextMultipleOfAPowerOfTen(double least, double step) {
        assertThat(Axis.step(least)).isCloseTo(step, within(1e-12 * step));
    }

    @ParameterizedTest
    @CsvSource({"1e-6, 9e-6", "-3e6, 4e6", "1, 200", "1000000.1, 1000000.4"})
    void linearAxis_hasASpanBetweenOneAndTen_andEndsBeyondTheValues(double least, double greatest) {
        Axis axis = linear(false, least, greatest);
        double[] ends = axis.scaled(new double[] {least, greatest});
        assertThat(axis.scaledUpper() - axis.scaledLower()).isBetween(1.0, 10.0);
        assertThat(axis.scaledLower()).isLessThan(ends[0]);
        assertThat(axis.scaledUpper()).isGreaterThan(ends[1]);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0.1, 0.1",
        "0, 1, 0.30000000000000004, 0.3",
        "-40, 160, -20, -20",
        "0, 5e-7, 2e-7, 2e-7",
        "0, 5e-6, 0, 0",
        "0, 3e6, 1.5e6, 1.5e6",
        "0, 900000, 500000, 500000",
        "1000000.1, 1000000.4, 1000000.25, 1000000.25"
    })
    void label_hasAsManyDigitsAsTheTicksNeed(double least, double greatest, double value, String label) {
        assertThat(label(linear(false, least, greatest), value)).isEqualTo(label);
    }

    @ParameterizedTest
    @ValueSource(doubles = {143.2187, 0, -2e-6})
    void equalValues_areInTheMiddle(double value) {
        Axis axis = linear(false, value, value);
        assertThat(axis.scaled(new double[] {value})[0]).isStrictlyBetween(axis.scaledLower(), axis.scaledUpper());
        assertThat(label(axis, value)).hasSizeLessThan(8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 20, 200, 3280})
    void counts_haveLabelsAtIntegersAlone(int epochs) {
        Axis axis =
                linear(true, IntStream.rangeClosed(1, epochs).asDoubleStream().toArray());
        DoubleStream.iterate(0.5, value -> value < epochs, value -> value + 1)
                .forEach(value -> assertThat(label(axis, value)).isBlank());
        assertThat(label(axis, epochs)).isEqualTo(Integer.toString(epochs));
        assertThat(axis.spacing()).isBetween(25, 250);
    }

    /** XChart leaves out all labels of an axis whose ends have the same one. */
    @Test
    void counts_haveDifferentBlanksAtTheEnds() {
        Axis axis = linear(true, 1, 2);
        assertThat(axis.label(axis.scaledLower())).isNotEqualTo(axis.label(axis.scaledUpper()));
    }

    @Test
    void logarithmicAxis_hasLabelsAtOneTwoAndFive() {
        Axis axis = Axis.logarithmic(new double[] {0.003, 0.7});
        assertThat(axis.scaledLower()).isBetween(0.0019, 0.002);
        assertThat(axis.scaledUpper()).isBetween(1.0, 1.06);
        assertThat(axis.decadesOnly()).isTrue();
        assertThat(axis.label(0.01)).isEqualTo("0.01");
        assertThat(axis.label(0.05)).isEqualTo("0.05");
        assertThat(axis.label(0.03)).isBlank();
        assertThat(axis.label(1e-6)).isEqualTo("1e-6");
        assertThat(axis.label(1e6)).isEqualTo("1e6");
    }

    @Test
    void logarithmicAxis_ofOneValue_hasALength() {
        Axis axis = Axis.logarithmic(new double[] {1});
        assertThat(axis.scaledLower()).isLessThan(0.2);
        assertThat(axis.decadesOnly()).isFalse();
    }
}
