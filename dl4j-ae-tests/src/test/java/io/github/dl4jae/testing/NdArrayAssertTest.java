package io.github.dl4jae.testing;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NdArrayAssertTest {

    private static final INDArray EXPECTED = Nd4j.createFromArray(new double[][] {{1, 2, 3}, {4, 5, 6}});

    @ParameterizedTest
    @ValueSource(strings = {"c", "f"})
    void arrays_withinTheTolerance_pass(String order) {
        INDArray close = EXPECTED.add(0.001).dup(order.charAt(0));

        assertThatArray(close)
                .hasShape(2, 3)
                .hasType(DataType.DOUBLE)
                .isFinite()
                .isCloseTo(EXPECTED, 0.002);
        assertThatArray(EXPECTED.dup(order.charAt(0))).isEqualTo(EXPECTED);
    }

    @Test
    void differences_areReportedWithShapesIndexesAndValues() {
        INDArray array = EXPECTED.dup();
        array.putScalar(0, 2, 3.5);
        array.putScalar(1, 1, 7);

        String message = """
                [the code] array: values must be within 0.25 of the expected ones,
                  got      DOUBLE[2, 3]
                  expected DOUBLE[2, 3]
                  2 of 6 values differ
                  first difference at [0, 2]: got 3.5, expected 3.0
                  largest difference 2.0 at [1, 1]: got 7.0, expected 5.0""";
        assertThatThrownBy(
                        () -> assertThatArray(array).as("the code").isCloseTo(EXPECTED.castTo(DataType.DOUBLE), 0.25))
                .isInstanceOf(AssertionError.class)
                .hasMessage(message.replace("\n", System.lineSeparator()));
    }

    @Test
    void differenceInTheLastBit_isNotEqual() {
        assertThatThrownBy(
                        () -> assertThatArray(EXPECTED.mul(1 + Math.ulp(1.0))).isEqualTo(EXPECTED))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("within 0.0")
                .hasMessageContaining("first difference at [0, 0]: got 1.0000000000000002, expected 1.0");
    }

    @Test
    void nan_isCloseToNothing() {
        INDArray array = EXPECTED.dup();
        array.putScalar(1, 0, Double.NaN);

        assertThatThrownBy(() -> assertThatArray(array).isCloseTo(array, 1e9))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("largest difference NaN at [1, 0]: got NaN, expected NaN");
        assertThatThrownBy(() -> assertThatArray(array).isFinite())
                .isInstanceOf(AssertionError.class)
                .hasMessage("array: values must be finite, got NaN at [1, 0] of DOUBLE[2, 3]");
    }

    @Test
    void anotherShapeOrType_isReported() {
        assertThatThrownBy(() -> assertThatArray(EXPECTED.reshape(3, 2)).isCloseTo(EXPECTED, 1e9))
                .isInstanceOf(AssertionError.class)
                .hasMessage("array: shape and data type must be DOUBLE[2, 3], got DOUBLE[3, 2]");
        assertThatThrownBy(
                        () -> assertThatArray(EXPECTED.castTo(DataType.FLOAT)).isEqualTo(EXPECTED))
                .isInstanceOf(AssertionError.class)
                .hasMessage("array: shape and data type must be DOUBLE[2, 3], got FLOAT[2, 3]");
        assertThatThrownBy(() -> assertThatArray(EXPECTED).hasShape(6))
                .isInstanceOf(AssertionError.class)
                .hasMessage("array: shape must be [6], got DOUBLE[2, 3]");
        assertThatThrownBy(() -> assertThatArray(EXPECTED).hasType(DataType.FLOAT))
                .isInstanceOf(AssertionError.class)
                .hasMessage("array: data type must be FLOAT, got DOUBLE[2, 3]");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN})
    void tolerance_thatIsNegativeOrNaN_isRefused(double tolerance) {
        assertThatThrownBy(() -> assertThatArray(EXPECTED).isCloseTo(EXPECTED, tolerance))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tolerance must be at least 0, got " + tolerance);
    }

    @Test
    void scalarsAndEmptyArrays_areCompared() {
        assertThatArray(Nd4j.scalar(2.0)).isEqualTo(Nd4j.scalar(2.0));
        assertThatArray(Nd4j.create(DataType.FLOAT, 0, 3)).isEqualTo(Nd4j.create(DataType.FLOAT, 0, 3));
        assertThatThrownBy(() -> assertThatArray(Nd4j.scalar(2.0)).isEqualTo(Nd4j.scalar(3.0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("first difference at []: got 2.0, expected 3.0");
    }
}
