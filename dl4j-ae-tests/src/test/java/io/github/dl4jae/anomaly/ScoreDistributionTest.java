package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.anomaly.AnomalyThreshold.Method;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreDistributionTest {

    private static double[] upTo(int n) {
        return IntStream.rangeClosed(1, n).mapToDouble(i -> i).toArray();
    }

    private static double[] exponential(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return DoubleStream.generate(() -> -Math.log(1 - random.nextDouble()))
                .limit(n)
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({"-5, 1", "1, 1", "1.5, 0.99", "50, 0.51", "79, 0.22"})
    void tail_upToTheStart_isTheShareOfScores(double s, double expected) {
        // 99 scores, of which 20 are above the start 79
        assertThat(ScoreDistribution.of(upTo(99)).tail(s)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void tail_aboveTheStart_isThatOfTheParetoDistribution() {
        ScoreDistribution scores = ScoreDistribution.of(upTo(99));
        GeneralizedPareto pareto = GeneralizedPareto.fit(upTo(20));

        assertThat(scores.tail(90))
                .isCloseTo(Math.min(11 / 100.0, 20 / 99.0 * pareto.unboundedTail(11)), within(1e-12));
        assertThat(scores.tail(105))
                .isCloseTo(Math.min(1 / 100.0, 20 / 99.0 * pareto.unboundedTail(26)), within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 19, 40, 199, 1000})
    void tail_falls(int n) {
        ScoreDistribution scores = ScoreDistribution.of(exponential(n, n));
        double[] tails =
                IntStream.range(0, 400).mapToDouble(i -> scores.tail(i / 20.0)).toArray();

        assertThat(tails[0]).isEqualTo(1);
        assertThat(IntStream.range(1, 400).allMatch(i -> tails[i] <= tails[i - 1] && tails[i] >= 0))
                .isTrue();
        assertThat(scores.tail(Double.POSITIVE_INFINITY)).isZero();
    }

    @Test
    void tail_ofManyScores_isTrueBeyondThem() {
        ScoreDistribution scores = ScoreDistribution.of(exponential(20_000, 1));

        // P(S ≥ s) = exp(−s)
        assertThat(Math.log(scores.tail(2))).isCloseTo(-2, within(0.05));
        assertThat(Math.log(scores.tail(7))).isCloseTo(-7, within(0.3));
        assertThat(Math.log(scores.tail(11))).isCloseTo(-11, within(1.5));
    }

    @Test
    void constantScores_haveNoTail() {
        ScoreDistribution scores = ScoreDistribution.of(new double[] {3, 3, 3});

        assertThat(scores.isConstant()).isTrue();
        assertThat(scores.tail(3)).isEqualTo(1);
        assertThat(scores.tail(4)).isEqualTo(0.25);
        assertThat(scores.largest()).isEqualTo(3);
    }

    /** 200 scores of two values, so all 20 excesses are equal. */
    @Test
    void twoScores_haveAFiniteThresholdFromExtremes() {
        double[] scores = new double[200];
        Arrays.fill(scores, 180, 200, 1);

        AnomalyThreshold threshold = AnomalyThreshold.find(scores, 0.001, 0.99, Method.EXTREMES);

        assertThat(threshold.value()).isBetween(0.9, 5.0);
        assertThat(ScoreDistribution.of(scores).tail(0.5)).isBetween(0.01, 0.11);
    }

    @Test
    void scores_areCopied() {
        double[] scores = {3, 1, 2};

        ScoreDistribution.of(scores);

        assertThat(scores).containsExactly(3, 1, 2);
    }

    @ParameterizedTest
    @CsvSource({"99, 0.01, QUANTILE", "98, 0.01, EXTREMES", "9, 0.1, QUANTILE", "8, 0.1, EXTREMES"})
    void automaticMethod_dependsOnTheNumberOfScores(int n, double rate, Method expected) {
        assertThat(AnomalyThreshold.find(upTo(n), rate).method()).isEqualTo(expected);
    }

    @Test
    void extremes_aboveTheirShare_areAQuantile() {
        assertThat(AnomalyThreshold.find(upTo(99), 0.5, 0.9, Method.EXTREMES))
                .isEqualTo(AnomalyThreshold.find(upTo(99), 0.5, 0.9, Method.QUANTILE));
    }

    @Test
    void threshold_beyondAllScores_hasAnIntervalFromZero() {
        AnomalyThreshold threshold = AnomalyThreshold.find(exponential(100, 2), 1e-4);

        assertThat(threshold.value())
                .isGreaterThan(Arrays.stream(exponential(100, 2)).max().orElseThrow());
        assertThat(threshold.lowestRate()).isZero();
        // Clopper and Pearson: 1 − 0.005^(1/100)
        assertThat(threshold.highestRate()).isCloseTo(1 - Math.pow(0.005, 0.01), within(1e-6));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(() -> AnomalyThreshold.find(null, 0.1), "heldOut must be given, got null"),
                mistake(() -> AnomalyThreshold.find(upTo(1), 0.1), "heldOut must have at least 2 scores, got 1"),
                mistake(() -> AnomalyThreshold.find(upTo(9), 0), "rate must be in (0, 1), got 0.0; such as 0.01"),
                mistake(() -> AnomalyThreshold.find(upTo(9), 1), "rate must be in (0, 1), got 1.0; such as 0.01"),
                mistake(
                        () -> AnomalyThreshold.find(upTo(9), Double.NaN),
                        "rate must be in (0, 1), got NaN; such as 0.01"),
                mistake(
                        () -> AnomalyThreshold.find(upTo(9), 0.1, 1, Method.QUANTILE),
                        "confidence must be in (0, 1), got 1.0; such as 0.01"),
                mistake(
                        () -> AnomalyThreshold.find(upTo(9), 0.1, 0.9, null),
                        "method must be given, got null; such as AUTOMATIC"),
                mistake(
                        () -> AnomalyThreshold.find(upTo(98), 0.01, 0.9, Method.QUANTILE),
                        "a quantile for the rate 0.01 needs at least 99 held-out examples, got 98; hold out more, "
                                + "accept a higher rate, or take the threshold from extremes"),
                mistake(
                        () -> AnomalyThreshold.find(new double[] {1, Double.NaN, 2}, 0.1),
                        "scores of held-out examples must be finite, got NaN; the autoencoder's reconstructions of "
                                + "normal examples are not finite; train it again"),
                mistake(
                        () -> AnomalyThreshold.find(new double[] {1, Double.POSITIVE_INFINITY}, 0.1),
                        "scores of held-out examples must be finite, got Infinity; the autoencoder's reconstructions "
                                + "of normal examples are not finite; train it again"),
                mistake(
                        () -> new AnomalyThreshold(Double.NaN, 0.1, 0, 1, 0.9, Method.QUANTILE),
                        "value must be finite, got NaN"),
                mistake(
                        () -> new AnomalyThreshold(1, 0.1, -0.1, 1, 0.9, Method.QUANTILE),
                        "lowestRate must be in [0, 1], got -0.1"),
                mistake(() -> new AnomalyThreshold(1, 0.1, 0, 1, 0.9, null), "method must be given, got null"));
    }

    private static Arguments mistake(ThrowingCallable call, String message) {
        return Arguments.of(call, message);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistake_isNamed(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("AnomalyThreshold: " + message);
    }
}
