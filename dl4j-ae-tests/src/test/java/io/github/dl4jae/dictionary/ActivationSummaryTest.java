package io.github.dl4jae.dictionary;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ActivationSummaryTest {

    /** Columns 1 and 2 of rows of 3: (3, 4), (0, 5), (0, 0). E‖x‖² = 50/3, so s² = 2·3/50. */
    @Test
    void scale_makesTheMeanSquaredNormTheWidth() {
        ActivationSummary summary = new ActivationSummary(1, 2, 3, 2);

        summary.accept(new float[] {9, 3, 4, 9, 0, 5});
        summary.accept(new float[] {9, 0, 0});

        assertThat(summary.scale()).isCloseTo(Math.sqrt(6.0 / 50), within(1e-12));
        assertThatArray(summary.start(BiasStart.MEAN)).isCloseTo(Nd4j.create(new double[][] {{1.5, 4.5}}), 1e-12);
        assertThatArray(summary.start(BiasStart.ZERO)).isEqualTo(Nd4j.zeros(DataType.DOUBLE, 1, 2));
    }

    @Test
    void scale_ofZeros_isOne() {
        ActivationSummary summary = new ActivationSummary(0, 2, 2, 2);

        summary.accept(new float[4]);

        assertThat(summary.scale()).isEqualTo(1);
    }

    /** The Fermat point of a right triangle with legs 1: (3 − √3)/6 in both coordinates. */
    @Test
    void geometricMedian_ofTriangle_isItsFermatPoint() {
        INDArray triangle = Nd4j.create(new double[][] {{0, 0}, {1, 0}, {0, 1}});

        INDArray median = GeometricMedian.of(triangle);

        double expected = (3 - Math.sqrt(3)) / 6;
        assertThatArray(median).isCloseTo(Nd4j.create(new double[][] {{expected, expected}}), 1e-4);
    }

    @Test
    void geometricMedian_isNotMovedByAnOutlier() {
        INDArray rows = Nd4j.zeros(DataType.DOUBLE, 11, 2);
        rows.putScalar(10, 0, 1e6);

        assertThat(GeometricMedian.of(rows).norm2Number().doubleValue()).isLessThan(1e-3);
    }

    @ParameterizedTest
    @CsvSource({"0,0.5", "79,0.5", "80,0.5", "90,0.25", "99,0.025", "100,0", "120,0"})
    void finalDecay_isConstantThenLinear(int iteration, double expected) {
        assertThat(new FinalDecay(0.5, 100, 20).valueAt(iteration, 0)).isCloseTo(expected, within(1e-12));
    }
}
