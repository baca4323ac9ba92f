package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class OcclusionTest {

    /** The score Σ_j (j + 1)·x_j², so a_j = (j + 1)(x_j² − y_j²). */
    private static double[] score(INDArray block, int count) {
        return Arrays.stream(ExampleBlocks.rows(block, count))
                .mapToDouble(row -> {
                    double sum = 0;
                    for (int j = 0; j < row.length; j++) {
                        sum += (j + 1) * row[j] * row[j];
                    }
                    return sum;
                })
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 40})
    void attribution_isTheChangeByTheReplacement(int d) {
        double[][] x = Waves.rows(16, d, 0.3);
        double[][] y = Waves.rows(16, d, -0.8);

        double[][] parts = Occlusion.attribute(Waves.array(x), Waves.array(y), 3, OcclusionTest::score);

        assertThat(parts).hasDimensions(3, d);
        double[] expected = new double[d];
        Arrays.setAll(expected, j -> (j + 1) * (x[2][j] * x[2][j] - y[2][j] * y[2][j]));
        assertThat(parts[2]).containsExactly(expected, within(1e-4));
    }
}
