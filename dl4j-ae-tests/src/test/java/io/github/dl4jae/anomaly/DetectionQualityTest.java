package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.evaluation.curves.ReliabilityDiagram;

class DetectionQualityTest {

    private static final double INFINITE = Double.POSITIVE_INFINITY;

    private static boolean[] labels(int... ones) {
        boolean[] labels = new boolean[ones.length];
        for (int i = 0; i < ones.length; i++) {
            labels[i] = ones[i] == 1;
        }
        return labels;
    }

    private static double[] scores(double... scores) {
        return scores;
    }

    /** Expected: scikit-learn 1.2.1, roc_auc_score and average_precision_score; with 9 in place of infinity. */
    static Stream<Arguments> references() {
        return Stream.of(
                Arguments.of(scores(.1, .4, .35, .8), labels(0, 0, 1, 1), 0.75, 0.8333333333333333),
                Arguments.of(scores(1, 1, 2, 2, 3, 3, 1, 2), labels(0, 1, 0, 1, 1, 0, 0, 1), 0.59375, 0.55),
                Arguments.of(scores(5, 5, 5, 5), labels(1, 0, 0, 1), 0.5, 0.5),
                Arguments.of(
                        scores(1, INFINITE, 3, INFINITE, 2, 7),
                        labels(0, 1, 0, 0, 1, 1),
                        0.6111111111111112,
                        0.5888888888888889),
                Arguments.of(scores(-INFINITE, -0.0, 0.0, 4), labels(0, 0, 1, 1), 0.875, 0.8333333333333333),
                Arguments.of(scores(1, 2, 3), labels(1, 0, 0), 0, 1 / 3.0),
                Arguments.of(scores(1, 2, 3), labels(0, 0, 1), 1, 1));
    }

    @ParameterizedTest
    @MethodSource("references")
    void quality_isThatOfScikitLearn(double[] scores, boolean[] labels, double area, double precision) {
        DetectionQuality quality = DetectionQuality.compute(scores, labels);

        assertThat(quality.areaUnderRoc()).isCloseTo(area, within(1e-12));
        assertThat(quality.averagePrecision()).isCloseTo(precision, within(1e-12));
        assertThat(quality.examples()).isEqualTo(scores.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 17, 500})
    void rocOfDeeplearning4j_ofDifferentScores_hasTheArea(int n) {
        SplittableRandom random = new SplittableRandom(n);
        double[] scores = new double[n];
        boolean[] labels = new boolean[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i % 4 == 1;
            scores[i] = 1e9 + random.nextDouble() + (labels[i] ? 0.3 : 0);
        }
        scores[n / 2] = INFINITE;
        double area = DetectionQuality.compute(scores, labels).areaUnderRoc();

        assertThat(DetectionQuality.roc(scores, labels).calculateAUC()).isCloseTo(area, within(1e-9));
        assertThat(DetectionQuality.roc(scores, labels).getRocCurve().calculateAUC())
                .isCloseTo(area, within(1e-9));
    }

    /** All scores are equal, so the area is 0.5; Deeplearning4j ranks the examples anyway. */
    @Test
    void rocOfDeeplearning4j_ofEqualScores_breaksTies() {
        boolean[] labels = labels(1, 0, 0, 1, 0);

        assertThat(DetectionQuality.compute(new double[5], labels).areaUnderRoc())
                .isEqualTo(0.5);
        assertThat(DetectionQuality.roc(new double[5], labels).calculateAUC()).isNotEqualTo(0.5);
    }

    @Test
    void quality_dependsOnTheOrderOfScoresOnly() {
        DetectionQuality quality = DetectionQuality.compute(scores(1, 2, 3, 2), labels(0, 1, 1, 0));

        assertThat(DetectionQuality.compute(scores(-5, 1e300, INFINITE, 1e300), labels(0, 1, 1, 0)))
                .isEqualTo(quality);
        assertThat(DetectionQuality.compute(scores(2, 3, 2, 1), labels(0, 1, 1, 0)))
                .isEqualTo(quality);
        assertThat(quality.prevalence()).isEqualTo(0.5);
        assertThat(quality.anomalies()).isEqualTo(2);
    }

    @Test
    void reliability_countsAnomaliesByProbability() {
        ReliabilityDiagram diagram = DetectionQuality.reliability(
                scores(0.1, 0.2, 0.3, 0.4, 0.9, 1, 0.8, 0.7), labels(0, 0, 1, 0, 1, 1, 1, 0), 2);

        assertThat(diagram.getMeanPredictedValueX()).containsExactly(new double[] {0.25, 0.85}, within(1e-6));
        assertThat(diagram.getFractionPositivesY()).containsExactly(new double[] {0.25, 0.75}, within(1e-6));
    }

    static Stream<Arguments> mistakes() {
        double[] two = scores(1, 2);
        boolean[] both = labels(0, 1);
        return Stream.of(
                mistake(() -> DetectionQuality.compute(null, both), "scores must be given, got null"),
                mistake(() -> DetectionQuality.compute(two, null), "isAnomaly must be given, got null"),
                mistake(
                        () -> DetectionQuality.compute(two, labels(0, 1, 1)),
                        "there must be one label per score, got 2 scores and 3 labels"),
                mistake(() -> DetectionQuality.compute(scores(1, Double.NaN), both), "scores must be numbers, got NaN"),
                mistake(
                        () -> DetectionQuality.compute(two, labels(0, 0)),
                        "there must be anomalies and normal examples, got 0 anomalies among 2 examples"),
                mistake(
                        () -> DetectionQuality.roc(two, labels(1, 1)),
                        "there must be anomalies and normal examples, got 2 anomalies among 2 examples"),
                mistake(
                        () -> DetectionQuality.compute(new double[0], new boolean[0]),
                        "there must be anomalies and normal examples, got 0 anomalies among 0 examples"),
                mistake(
                        () -> DetectionQuality.reliability(two, both, 10),
                        "probabilities must be in [0, 1], got 2.0; pass probabilities, not scores"),
                mistake(() -> DetectionQuality.reliability(scores(0, 1), both, 1), "bins must be at least 2, got 1"));
    }

    private static Arguments mistake(ThrowingCallable call, String message) {
        return Arguments.of(call, message);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistake_isNamed(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("DetectionQuality: " + message);
    }
}
