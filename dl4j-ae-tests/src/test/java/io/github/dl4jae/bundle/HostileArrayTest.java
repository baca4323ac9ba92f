package io.github.dl4jae.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays whose headers claim what their data do not have. */
class HostileArrayTest {

    private static final int LENGTH = 6;

    private static byte[] array(
            String mode, List<Long> shape, String shapeType, long length, String type, double... values)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(mode);
        out.writeLong(shape.size());
        out.writeUTF(shapeType);
        for (long each : shape) {
            out.writeLong(each);
        }
        out.writeUTF(mode);
        out.writeLong(length);
        out.writeUTF(type);
        for (double each : values) {
            if (type.equals("DOUBLE")) {
                out.writeDouble(each);
            } else {
                out.writeFloat((float) each);
            }
        }
        return bytes.toByteArray();
    }

    private static List<Long> row(long rows, long columns) {
        return List.of(2L, rows, columns, 1L, 1L, 8192L, 1L, 99L);
    }

    private static INDArray read(byte[] bytes) throws IOException {
        return ArrayData.read("a", new ByteArrayInputStream(bytes), bytes.length, LENGTH);
    }

    private static final double[] SIX = {1, 2, 3, 4, 5, 6};

    @Test
    void arrayOfNd4j_isRead() throws IOException {
        INDArray expected = Nd4j.create(SIX).reshape(1, LENGTH);

        assertThat(read(ofNd4j(expected))).isEqualTo(expected);
        assertThat(read(array("MIXED_DATA_TYPES", row(1, 6), "LONG", 6, "DOUBLE", SIX)))
                .isEqualTo(expected);
        assertThat(read(array("MIXED_DATA_TYPES", List.of(1L, 6L, 1L, 0L, 1L, 99L), "LONG", 6, "FLOAT", SIX)))
                .isEqualTo(expected.castTo(DataType.FLOAT));
    }

    private static byte[] ofNd4j(INDArray array) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Nd4j.write(array, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    /** Floats are written and read in blocks of 2¹⁴. */
    @ParameterizedTest
    @CsvSource({"1, FLOAT", "16383, FLOAT", "16384, FLOAT", "16385, FLOAT", "50000, FLOAT", "16385, DOUBLE"})
    void array_hasTheBytesOfNd4j(int length, DataType type) throws IOException {
        INDArray array = Nd4j.arange(length).castTo(type).divi(7).reshape(1, length);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ArrayData.write(array, bytes);

        assertThat(bytes.toByteArray()).isEqualTo(ofNd4j(array));
        assertThat(ArrayData.read("a", new ByteArrayInputStream(bytes.toByteArray()), bytes.size(), length))
                .isEqualTo(array);
    }

    @Test
    void viewOfAnArray_hasTheBytesOfItsCopy() throws IOException {
        INDArray whole = Nd4j.arange(40_000).castTo(DataType.FLOAT).divi(7);
        INDArray view = whole.get(NDArrayIndex.interval(100, 30_100));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ArrayData.write(view, bytes);

        assertThat(bytes.toByteArray()).isEqualTo(ofNd4j(view.dup().reshape(1, 30_000)));
    }

    @Test
    void nanInALaterBlock_isFound() throws IOException {
        byte[] bytes = ofNd4j(Nd4j.ones(DataType.FLOAT, 1, 50_000).putScalar(40_000, Float.NaN));

        assertThatThrownBy(() -> ArrayData.read("a", new ByteArrayInputStream(bytes), bytes.length, 50_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be finite, got NaN at 40000; training diverged");
    }

    static Stream<Arguments> arrays() throws IOException {
        String mode = "MIXED_DATA_TYPES";
        byte[] good = array(mode, row(1, 6), "LONG", 6, "FLOAT", SIX);
        return Stream.of(
                Arguments.arguments("must have the 6 elements", array(mode, row(1, 1L << 40), "LONG", 6, "FLOAT", SIX)),
                Arguments.arguments("got a matrix", array(mode, row(1 << 20, 1 << 20), "LONG", 6, "FLOAT", SIX)),
                Arguments.arguments("got a matrix", array(mode, row(2, 3), "LONG", 6, "FLOAT", SIX)),
                Arguments.arguments("must have 6 elements, got 7", array(mode, row(1, 6), "LONG", 7, "FLOAT", SIX)),
                Arguments.arguments("must have 6 elements", array(mode, row(1, 6), "LONG", 1L << 60, "FLOAT", SIX)),
                Arguments.arguments("must have 6 elements, got -1", array(mode, row(1, 6), "LONG", -1, "FLOAT", SIX)),
                Arguments.arguments(
                        "6 elements of 4 bytes, got 20", array(mode, row(1, 6), "LONG", 6, "FLOAT", 1, 2, 3, 4, 5)),
                Arguments.arguments("6 elements of 8 bytes", array(mode, row(1, 6), "LONG", 6, "DOUBLE", 1, 2)),
                Arguments.arguments(
                        "must be FLOAT or DOUBLE, got 'HALF'", array(mode, row(1, 6), "LONG", 6, "HALF", SIX)),
                Arguments.arguments("must be LONG, got 'INT'", array(mode, row(1, 6), "INT", 6, "FLOAT", SIX)),
                Arguments.arguments(
                        "must be MIXED_DATA_TYPES, got 'JAVACPP'",
                        array("JAVACPP", row(1, 6), "LONG", 6, "FLOAT", SIX)),
                Arguments.arguments(
                        "of 6 or 8 numbers, got 3", array(mode, List.of(1L, 6L, 1L), "LONG", 6, "FLOAT", SIX)),
                Arguments.arguments(
                        "rank 9", array(mode, List.of(9L, 1L, 6L, 1L, 1L, 0L, 1L, 99L), "LONG", 6, "FLOAT", SIX)),
                Arguments.arguments(
                        "must be finite, got NaN at 2",
                        array(mode, row(1, 6), "LONG", 6, "FLOAT", 1, 2, Double.NaN, 4, 5, 6)),
                Arguments.arguments(
                        "got -Infinity at 5",
                        array(mode, row(1, 6), "LONG", 6, "DOUBLE", 1, 2, 3, 4, 5, Double.NEGATIVE_INFINITY)),
                Arguments.arguments("must be an array in ND4J's format", new byte[0]),
                Arguments.arguments("must be an array in ND4J's format", Arrays.copyOf(good, 40)),
                Arguments.arguments(
                        "must be an array in ND4J's format", new byte[] {0, 2, (byte) 0xff, (byte) 0xff, 0}));
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void array_thatIsWrong_isRefused(String reason, byte[] bytes) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a: ")
                .hasMessageContaining(reason);
    }
}
