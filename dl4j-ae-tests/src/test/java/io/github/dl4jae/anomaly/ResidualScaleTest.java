package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResidualScaleTest {

    @Test
    void scale_hasMeansAndSampleDeviations() {
        ResidualScale scale = ResidualScale.of("Test", new double[][] {{1, 10}, {2, 30}, {6, 20}});

        // squared deviations 4 + 1 + 9 and 100 + 100 + 0, each over 2
        assertThat(scale.means()).containsExactly(new double[] {3, 20}, within(1e-12));
        assertThat(scale.deviations()).containsExactly(new double[] {Math.sqrt(7), 10}, within(1e-12));
        assertThat(scale.standardized(new double[] {3 + Math.sqrt(7), 0}))
                .containsExactly(new double[] {1, -2}, within(1e-12));
    }

    @Test
    void constantValue_hasAHundredthOfTheRootMeanSquare() {
        ResidualScale scale = ResidualScale.of("Test", new double[][] {{5, 1}, {5, -1}, {5, 3}, {5, 1}});

        // variances 0 and 8/3
        assertThat(scale.deviations()[0]).isCloseTo(0.01 * Math.sqrt(8 / 3.0 / 2), within(1e-12));
    }

    @Test
    void constantRows_haveAPositiveDeviation() {
        ResidualScale scale = ResidualScale.of("Test", new double[][] {{5, 1}, {5, 1}});

        assertThat(scale.standardized(new double[] {5, 1})).containsExactly(0, 0);
        assertThat(scale.deviations()).containsExactly(1e-12, 1e-12);
    }

    @Test
    void oneRow_isRefused() {
        assertThatThrownBy(() -> ResidualScale.of("Subject", new double[][] {{1, 2}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Subject: heldOut must have at least 2 examples, got 1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void infiniteRows_areRefused(double value) {
        assertThatThrownBy(() -> ResidualScale.of("Subject", new double[][] {{1, 2}, {1, value}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Subject: codes and reconstructions of heldOut must be finite, got NaN");
    }
}
