package io.github.dl4jae.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SampleDiscrepancyTest {

    private static INDArray normal(int rows, double deviation, int seed) {
        Random random = new Random(seed);
        double[][] points = new double[rows][2];
        for (double[] point : points) {
            point[0] = deviation * random.nextGaussian();
            point[1] = deviation * random.nextGaussian();
        }
        return Nd4j.createFromArray(points);
    }

    @Test
    void discrepancy_ofFourPoints_isThatOfTheFormula() {
        INDArray x = Nd4j.createFromArray(new double[][] {{0}, {1}});
        INDArray y = Nd4j.createFromArray(new double[][] {{3}, {5}});

        double squared = SampleDiscrepancy.test(x, y, 1, 0).squared();

        // squared distances 1, 4, 4, 9, 16, 25: the fourth of them is the median
        assertThat(squared).isCloseTo(k(1) + k(4) - 2 * (k(9) + k(25) + k(4) + k(16)) / 4, within(1e-12));
    }

    private static double k(double squaredDistance) {
        double sum = 0;
        for (double scale : new double[] {0.25, 0.5, 1, 2}) {
            sum += Math.exp(-squaredDistance / (scale * 9));
        }
        return sum;
    }

    @Test
    void pValue_ofOneDistribution_isUniform() {
        int small = 0;
        for (int i = 0; i < 40; i++) {
            small += SampleDiscrepancy.test(normal(60, 1, 2 * i), normal(60, 1, 2 * i + 1), 50, i)
                                    .pValue()
                            < 0.25
                    ? 1
                    : 0;
        }
        assertThat(small).isBetween(3, 19); // 10 expected
    }

    @Test
    void pValue_ofDifferentDeviations_isSmall() {
        assertThat(SampleDiscrepancy.test(normal(200, 1, 1), normal(200, 1.4, 2), 200, 3)
                        .pValue())
                .isLessThan(0.01);
    }

    @Test
    void points_thatDoNotFit_areRefused() {
        INDArray x = normal(5, 1, 1);
        assertThatThrownBy(() -> SampleDiscrepancy.test(x, Nd4j.zeros(5, 3), 10, 1))
                .hasMessageContaining("equal widths");
        INDArray broken = x.dup();
        broken.putScalar(2, 1, Double.NaN);
        assertThatThrownBy(() -> SampleDiscrepancy.test(x, broken, 10, 1)).hasMessageContaining("finite");
    }
}
