package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneralizedParetoTest {

    /** The quantiles of σ = 2, from their definition. */
    private static DoubleUnaryOperator quantile(double shape) {
        return p -> shape == 0 ? -2 * Math.log(1 - p) : 2 / shape * (Math.pow(1 - p, -shape) - 1);
    }

    /** Expected: Zhang and Stephens's estimator in NumPy 1.24, written from their paper. */
    @ParameterizedTest
    @CsvSource({
        "0.5, 50, 0.5072562370921941, 1.965317799748847",
        "0.5, 400, 0.5010805448239869, 1.9952514591324864",
        "0, 50, 0.04036323659356323, 1.910871316802993",
        "0, 400, 0.005353176009432071, 1.9876822325945167",
        "-0.25, 50, -0.19639627341274646, 1.8925143609362565",
        "-0.25, 400, -0.24237290124910338, 1.9837695165183957",
        "-0.5, 50, -0.43792233046469936, 1.8849129953657893",
        "-0.5, 400, -0.49222873898948444, 1.9842138726742542"
    })
    void fit_isThatOfTheReference(double shape, int n, double expectedShape, double expectedScale) {
        GeneralizedPareto fit = GeneralizedPareto.fit(IntStream.range(0, n)
                .mapToDouble(i -> (i + 0.5) / n)
                .map(quantile(shape))
                .toArray());

        assertThat(fit.shape()).isCloseTo(expectedShape, within(1e-9));
        assertThat(fit.scale()).isCloseTo(expectedScale, within(1e-9));
    }

    @Test
    void fit_ofAFewExcessesInAnyOrder_isThatOfTheReference() {
        GeneralizedPareto fit = GeneralizedPareto.fit(new double[] {0.3, 1, 0.1, 4, 0.7});

        assertThat(fit.shape()).isCloseTo(0.7994604459203227, within(1e-9));
        assertThat(fit.scale()).isCloseTo(0.5543532929666212, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.5, 0.2, 0, -0.2, -0.5})
    void fit_ofRandomExcesses_recoversTheParameters(double shape) {
        SplittableRandom random = new SplittableRandom(4);

        GeneralizedPareto fit = GeneralizedPareto.fit(DoubleStream.generate(random::nextDouble)
                .limit(20_000)
                .map(quantile(shape))
                .toArray());

        // standard errors: (1 + ξ)/√n and about σ·√(2(1 + ξ)/n)
        assertThat(fit.shape()).isCloseTo(shape, within(3 * (1 + Math.abs(shape)) / Math.sqrt(20_000)));
        assertThat(fit.scale()).isCloseTo(2, within(6 * Math.sqrt(2 * (1 + Math.abs(shape)) / 20_000)));
    }

    @Test
    void fit_scalesWithTheExcesses() {
        double[] excesses = {0.3, 1, 0.1, 4, 0.7};
        GeneralizedPareto fit = GeneralizedPareto.fit(excesses);
        GeneralizedPareto scaled =
                GeneralizedPareto.fit(Arrays.stream(excesses).map(y -> 1e6 * y).toArray());

        assertThat(scaled.shape()).isCloseTo(fit.shape(), within(1e-9));
        assertThat(scaled.scale()).isCloseTo(1e6 * fit.scale(), within(1e-3));
    }

    /** With 16 to 24 excesses, a point of the grid is θ = 0 if all are equal. */
    static Stream<Arguments> equalExcesses() {
        return IntStream.of(1, 2, 15, 16, 20, 24, 25, 200).boxed().flatMap(n -> Stream.of(0.1, 0.7, 1.0, 3.0, 1e5)
                .map(y -> Arguments.of(n, y)));
    }

    @ParameterizedTest
    @MethodSource("equalExcesses")
    void fit_ofEqualExcesses_isFinite(int n, double y) {
        double[] excesses = new double[n];
        Arrays.fill(excesses, y);

        GeneralizedPareto fit = GeneralizedPareto.fit(excesses);

        assertThat(fit.shape()).isFinite();
        assertThat(fit.scale()).isFinite().isPositive();
        assertThat(fit.tail(y / 2)).isBetween(0.0, 1.0);
        assertThat(fit.excess(0.5)).isBetween(0.0, 2 * y);
    }

    @Test
    void fit_ofZeros_hasNoTail() {
        GeneralizedPareto fit = GeneralizedPareto.fit(new double[3]);

        assertThat(fit).isEqualTo(new GeneralizedPareto(0, 0));
        assertThat(fit.tail(0)).isEqualTo(1);
        assertThat(fit.tail(1e-9)).isZero();
        assertThat(fit.excess(0.01)).isZero();
    }

    static Stream<GeneralizedPareto> distributions() {
        return Stream.of(new GeneralizedPareto(0.5, 2), new GeneralizedPareto(0, 2), new GeneralizedPareto(-0.5, 2));
    }

    @ParameterizedTest
    @MethodSource("distributions")
    void excess_invertsTail(GeneralizedPareto pareto) {
        assertThat(pareto.tail(pareto.excess(0.3))).isCloseTo(0.3, within(1e-12));
        assertThat(pareto.tail(pareto.excess(1e-6))).isCloseTo(1e-6, within(1e-15));
        assertThat(pareto.excess(1)).isZero();
        assertThat(pareto.tail(-1)).isEqualTo(1);
        assertThat(pareto.tail(Double.POSITIVE_INFINITY)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0.5, 4, 0.25", "0, 2, 0.36787944117144233", "-0.5, 2, 0.25", "-0.5, 4, 0", "-0.5, 9, 0"})
    void tail_isTheFormula(double shape, double y, double expected) {
        assertThat(new GeneralizedPareto(shape, 2).tail(y)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void unboundedTail_isExponentialWithTheSameMean_insteadOfABoundedOne() {
        GeneralizedPareto bounded = new GeneralizedPareto(-0.5, 3); // mean σ/(1 − ξ) = 2, no excess beyond 6
        assertThat(bounded.tail(7)).isZero();
        assertThat(bounded.unboundedTail(7)).isCloseTo(Math.exp(-3.5), within(1e-12));
        GeneralizedPareto heavy = new GeneralizedPareto(0.5, 3);
        assertThat(heavy.unboundedTail(7)).isEqualTo(heavy.tail(7));
    }
}
