package io.github.dl4jae.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LearningCurveTest {

    private static LearningCurve curve(double... validation) {
        LearningCurve curve = new LearningCurve();
        for (double score : validation) {
            curve.add(new LearningCurve.Epoch(2 * score, score, 0.5));
        }
        return curve;
    }

    @Test
    void csv_readBack_givesTheSameCurve() {
        List<String> csv = curve(3, 1.25).toCsv("100 of digits");

        LearningCurve read = LearningCurve.ofCsv(csv, 2, "100 of digits");

        assertThat(read.train()).containsExactly(6, 2.5);
        assertThat(read.validation()).containsExactly(3, 1.25);
        assertThat(read.seconds()).isEqualTo(1);
    }

    @Test
    void csv_withMoreEpochsThanTheCheckpoint_isCutOff() {
        assertThat(LearningCurve.ofCsv(curve(3, 2, 1).toCsv("x"), 2, "x").validation())
                .containsExactly(3, 2);
    }

    @Test
    void csv_ofOtherDataOrWithoutEpochs_isNoCurve() {
        assertThat(LearningCurve.ofCsv(curve(3).toCsv("x"), 1, "y")).isNull();
        assertThat(LearningCurve.ofCsv(curve().toCsv("x"), 1, "x")).isNull();
    }

    @Test
    void curve_withoutABetterScore_stallsAfterThePatience() {
        assertThat(curve(3, 1, 2).hasStalled(2)).isFalse();
        assertThat(curve(3, 1, 2, 1).hasStalled(2)).isTrue(); // the same score is no gain
        assertThat(curve().hasStalled(0)).isFalse();
        assertThat(curve(3, 2).endsAtBest()).isTrue();
        assertThat(curve(2, 3).endsAtBest()).isFalse();
    }
}
