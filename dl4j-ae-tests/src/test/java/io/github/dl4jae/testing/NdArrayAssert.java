package io.github.dl4jae.testing;

import java.util.Arrays;
import org.assertj.core.api.AbstractAssert;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * Assertions on arrays. A failure shows both shapes and types, the first difference, and the largest one.
 *
 * <pre>{@code
 * assertThatArray(network.output(x)).hasShape(4, 3).isFinite().isCloseTo(expected, 1e-6);
 * }</pre>
 */
public final class NdArrayAssert extends AbstractAssert<NdArrayAssert, INDArray> {

    private NdArrayAssert(INDArray actual) {
        super(actual, NdArrayAssert.class);
    }

    /** Starts assertions on an array. */
    public static NdArrayAssert assertThatArray(INDArray actual) {
        return new NdArrayAssert(actual);
    }

    /** Requires this shape. */
    public NdArrayAssert hasShape(long... shape) {
        isNotNull();
        if (!Arrays.equals(actual.shape(), shape)) {
            failWithMessage("array: shape must be %s, got %s", Arrays.toString(shape), kind(actual));
        }
        return this;
    }

    /** Requires this data type. */
    public NdArrayAssert hasType(DataType type) {
        isNotNull();
        if (actual.dataType() != type) {
            failWithMessage("array: data type must be %s, got %s", type, kind(actual));
        }
        return this;
    }

    /** Requires that no value is NaN or infinite. */
    public NdArrayAssert isFinite() {
        isNotNull();
        double[] values = values(actual);
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                failWithMessage("array: values must be finite, got %s at %s of %s", values[i], at(i), kind(actual));
            }
        }
        return this;
    }

    /** Requires the same shape, data type and values, to the last bit; zeros of both signs are equal. */
    @Override
    public NdArrayAssert isEqualTo(Object expected) {
        return expected instanceof INDArray array ? isCloseTo(array, 0) : super.isEqualTo(expected);
    }

    /**
     * Requires the same shape and data type, and values that differ by at most the tolerance. NaN is close to nothing.
     *
     * @param expected the expected array
     * @param tolerance the largest permitted difference, at least 0
     * @return this assertion
     */
    public NdArrayAssert isCloseTo(INDArray expected, double tolerance) {
        isNotNull();
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("isCloseTo: tolerance must be at least 0, got " + tolerance);
        }
        if (!Arrays.equals(actual.shape(), expected.shape()) || actual.dataType() != expected.dataType()) {
            failWithMessage("array: shape and data type must be %s, got %s", kind(expected), kind(actual));
        }
        double[] found = values(actual);
        double[] wanted = values(expected);
        int first = -1;
        int largest = -1;
        int count = 0;
        for (int i = 0; i < found.length; i++) {
            if (!close(found[i], wanted[i], tolerance)) {
                count++;
                first = first < 0 ? i : first;
                largest =
                        largest < 0 || difference(found, wanted, i) > difference(found, wanted, largest) ? i : largest;
            }
        }
        if (count > 0) {
            failWithMessage(
                    "array: values must be within %s of the expected ones,%n"
                            + "  got      %s%n"
                            + "  expected %s%n"
                            + "  %d of %d values differ%n"
                            + "  first difference at %s: got %s, expected %s%n"
                            + "  largest difference %s at %s: got %s, expected %s",
                    tolerance,
                    kind(actual),
                    kind(expected),
                    count,
                    found.length,
                    at(first),
                    found[first],
                    wanted[first],
                    Math.abs(found[largest] - wanted[largest]),
                    at(largest),
                    found[largest],
                    wanted[largest]);
        }
        return this;
    }

    private static boolean close(double found, double wanted, double tolerance) {
        return found == wanted || Math.abs(found - wanted) <= tolerance; // the former for infinities
    }

    /** NaN counts as the largest difference of all. */
    private static double difference(double[] found, double[] wanted, int i) {
        double difference = Math.abs(found[i] - wanted[i]);
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }

    /** Row by row, whatever the order in memory. */
    private static double[] values(INDArray array) {
        if (array.isEmpty()) {
            return new double[0];
        }
        return array.castTo(DataType.DOUBLE).dup('c').reshape(array.length()).toDoubleVector();
    }

    private String at(int i) {
        return actual.rank() == 0 ? "[]" : Arrays.toString(Shape.ind2subC(actual.shape(), i));
    }

    private static String kind(INDArray array) {
        return array.dataType() + Arrays.toString(array.shape());
    }
}
