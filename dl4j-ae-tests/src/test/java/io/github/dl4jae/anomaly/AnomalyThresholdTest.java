package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.anomaly.AnomalyThreshold.Method;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AnomalyThresholdTest {

    private static double[] uniforms(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, n).mapToDouble(i -> random.nextDouble()).toArray();
    }

    /** The score of a uniform number p whose tail probability is p. */
    private record Tail(String name, ToDoubleFunction<Double> score) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Tail> tails() {
        return Stream.of(
                new Tail("uniform", p -> 1 - p),
                new Tail("exponential", p -> -Math.log(p)),
                new Tail("Pareto", p -> Math.pow(p, -0.5)),
                new Tail("square of exponential", p -> Math.log(p) * Math.log(p)));
    }

    @Test
    void quantile_isTheRankedScore() {
        double[] scores = IntStream.rangeClosed(1, 99).mapToDouble(i -> i).toArray();

        // k = ⌈100 · 0.9⌉ = 90; Beta(10, 90) has these quantiles (SciPy 1.10: beta(10, 90).ppf([.025, .975]))
        AnomalyThreshold threshold = AnomalyThreshold.find(scores, 0.1, 0.95, Method.QUANTILE);

        assertThat(threshold.value()).isEqualTo(90);
        assertThat(threshold.lowestRate()).isCloseTo(0.0495, within(5e-4));
        assertThat(threshold.highestRate()).isCloseTo(0.1651, within(5e-4));
    }

    static Stream<Arguments> simulations() {
        return tails().flatMap(tail -> Stream.of(
                Arguments.of(tail, 100, 0.05, Method.QUANTILE),
                Arguments.of(tail, 1000, 0.01, Method.QUANTILE),
                Arguments.of(tail, 400, 0.01, Method.EXTREMES),
                Arguments.of(tail, 400, 0.001, Method.EXTREMES)));
    }

    /** The true rate of a threshold t is p(t), because scores are decreasing functions of uniform numbers p. */
    @ParameterizedTest
    @MethodSource("simulations")
    void interval_containsTheTrueRate_in95Of100Repetitions(Tail tail, int n, double rate, Method method) {
        int inside = 0;
        for (int repetition = 0; repetition < 100; repetition++) {
            double[] scores = java.util.Arrays.stream(uniforms(n, repetition))
                    .map(p -> tail.score.applyAsDouble(p))
                    .toArray();
            AnomalyThreshold threshold = AnomalyThreshold.find(scores, rate, 0.99, method);
            double trueRate = rateAbove(tail, threshold.value());
            inside += trueRate >= threshold.lowestRate() && trueRate <= threshold.highestRate() ? 1 : 0;
        }
        assertThat(inside).isGreaterThanOrEqualTo(95);
    }

    private static double rateAbove(Tail tail, double value) {
        double low = 0;
        double high = 1;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (tail.score.applyAsDouble(middle) > value) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
