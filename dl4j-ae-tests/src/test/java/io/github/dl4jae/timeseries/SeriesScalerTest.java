package io.github.dl4jae.timeseries;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SeriesScalerTest {

    /** Feature 0 runs from −2 to 6, feature 1 is constant. */
    private static final INDArray SERIES =
            Nd4j.createFromArray(new double[][][] {{{-2, 0, 2}, {7, 7, 7}}, {{6, 4, 2}, {7, 7, 7}}});

    @Test
    void scaledSeries_areThoseComputedByHand() {
        SeriesScaler scaler = SeriesScaler.fit(SERIES);

        assertThatArray(scaler.scale(SERIES))
                .isCloseTo(
                        Nd4j.createFromArray(
                                new double[][][] {{{0, 0.25, 0.5}, {0, 0, 0}}, {{1, 0.75, 0.5}, {0, 0, 0}}}),
                        1e-12);
        assertThat(scaler.minimum()).containsExactly(-2, 7);
        assertThat(scaler.range()).containsExactly(8, 1);
    }

    @Test
    void unscale_isTheInverse() {
        SeriesScaler scaler = SeriesScaler.fit(SERIES);

        assertThatArray(scaler.unscale(scaler.scale(SERIES))).isCloseTo(SERIES, 1e-12);
        assertThatArray(SeriesScaler.none(2).scale(SERIES)).isEqualTo(SERIES);
    }

    @Test
    void limitsAndSeries_thatDoNotFit_areRefused() {
        assertThatThrownBy(() -> SeriesScaler.of(new double[] {1}, new double[] {0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the limits of feature 0")
                .hasMessageContaining("got 1.0 and 0.0");
        assertThatThrownBy(() -> SeriesScaler.of(new double[] {1}, new double[] {2, 3}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a value for each feature, got 1 and 2");
        assertThatThrownBy(() -> SeriesScaler.fit(SERIES).scale(Nd4j.ones(2, 3, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("series must have 2 features, got 3");
    }
}
