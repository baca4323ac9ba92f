package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShrunkPrecisionTest {

    private static double[] unit(int d, int j) {
        double[] unit = new double[d];
        unit[j] = 1;
        return unit;
    }

    /** Expected: scikit-learn 1.2.1, {@code ledoit_wolf(z, assume_centered=True)}, and NumPy's inverse. */
    @ParameterizedTest
    @CsvSource({
        "40, 3, 0.5, 0.14753933990262086, 2.9501014291261614, -1.71079695776402, 3.1173751257488016",
        "12, 5, 1, 0.2752039116622161, 2.2364234567984353, -0.8353128736085452, 1.8817159940701136",
        "6, 8, 0, 0.0225717898833127, 67.90205802822807, -5.889095350747956, 67.47275608115481",
        "200, 4, 3, 0.005257763959356098, 6.198557792472108, -8.83466193425731, 6.202219830355646"
    })
    void precision_isThatOfScikitLearn(int n, int d, double c, double rho, double p00, double p01, double last) {
        ShrunkPrecision precision = ShrunkPrecision.of("Test", Waves.rows(n, d, c));

        assertThat(precision.shrinkage()).isCloseTo(rho, within(1e-12));
        assertThat(precision.times(unit(d, 0))[0]).isCloseTo(p00, within(1e-9));
        assertThat(precision.times(unit(d, 0))[1]).isCloseTo(p01, within(1e-9));
        assertThat(precision.times(unit(d, d - 1))[d - 1]).isCloseTo(last, within(1e-9));
    }

    @Test
    void shrinkage_ofManyRows_isOneThousandth() {
        // scikit-learn: 0.00026
        assertThat(ShrunkPrecision.of("Test", Waves.rows(4000, 4, 3)).shrinkage())
                .isEqualTo(0.001);
    }

    @Test
    void shrinkage_ofUncorrelatedValuesOfOneVariance_isOne() {
        ShrunkPrecision precision = ShrunkPrecision.of("Test", new double[][] {{2, 0}, {-2, 0}, {0, 2}, {0, -2}});

        // S = 2 I
        assertThat(precision.shrinkage()).isEqualTo(1);
        assertThat(precision.times(new double[] {3, 5})).containsExactly(new double[] {1.5, 2.5}, within(1e-12));
        assertThat(precision.meanSquare(new double[] {3, 5})).isCloseTo((4.5 + 12.5) / 2, within(1e-12));
    }

    @Test
    void copiesOfAValue_areInvertible() {
        double[][] z = Waves.rows(4000, 4, 1);
        for (double[] row : z) {
            row[1] = row[0];
        }
        assertThat(ShrunkPrecision.of("Test", z).meanSquare(new double[] {1, 1, 0, 0}))
                .isPositive()
                .isLessThan(10);
    }

    /** For two values, Σ = [[m, c], [c, m]]: z_0 given z_1 has the mean z_1·c/m and the variance m − c²/m. */
    @Test
    void conditionalSquare_isTheStandardizedErrorGivenTheOtherValue() {
        ShrunkPrecision precision = ShrunkPrecision.of(
                "Test", new double[][] {{1, 1}, {-1, -1}, {2, 1}, {-1, -2}, {0.5, -0.5}, {-0.5, 0.5}});
        double m = 7.5 / 6;
        double c = (1 - precision.shrinkage()) * 5.5 / 6;

        double[] squares = precision.conditionalSquares(new double[] {1.5, -0.7});

        double variance = m - c * c / m;
        assertThat(squares[0]).isCloseTo(Math.pow(1.5 + 0.7 * c / m, 2) / variance, within(1e-12));
        assertThat(squares[1]).isCloseTo(Math.pow(-0.7 - 1.5 * c / m, 2) / variance, within(1e-12));
    }

    @Test
    void zeros_haveTheIdentity() {
        ShrunkPrecision precision = ShrunkPrecision.of("Test", new double[5][3]);

        assertThat(precision.shrinkage()).isEqualTo(1);
        assertThat(precision.times(new double[] {1, 2, 3})).containsExactly(1, 2, 3);
    }

    @Test
    void tooManyValues_areRefused() {
        assertThatThrownBy(() -> ShrunkPrecision.of("Subject", new double[1][4097]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Subject: examples must have at most 4096 values for a covariance matrix, got 4097; "
                        + "use StandardizedErrorScore");
    }
}
