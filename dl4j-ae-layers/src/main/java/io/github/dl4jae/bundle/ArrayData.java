package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.io.FoundText;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.layer.Require;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Row vectors in the format of {@code Nd4j.write}, read without trust in their headers. {@code Nd4j.read} allocates
 * what the header claims, and accepts a shape that is larger than the data.
 *
 * <pre>
 * text "MIXED_DATA_TYPES", long length of the shape information, text "LONG", shape information:
 *   rank, shape, stride, extras, element stride, order
 * text "MIXED_DATA_TYPES", long n, text "FLOAT" or "DOUBLE", n values
 * </pre>
 */
final class ArrayData {

    private static final String MODE = "MIXED_DATA_TYPES";
    private static final String OLDER = "restore the file with Deeplearning4j if you trust it, and save it again";
    private static final int MOST_SHAPE = 8;
    private static final int CHUNK = 1 << 16;

    private ArrayData() {}

    /** Writes a vector as float32 or float64; smaller types as float32, which is exact. */
    static void write(INDArray vector, OutputStream out) throws IOException {
        boolean known = vector.dataType() == DataType.FLOAT || vector.dataType() == DataType.DOUBLE;
        INDArray written = known ? vector : vector.castTo(DataType.FLOAT);
        INDArray row = written.reshape(1, written.length());
        DataOutputStream data = new DataOutputStream(out);
        if (FloatRows.canView(row)) {
            shape(row.length()).write(data);
            data.writeUTF(MODE);
            data.writeLong(row.length());
            data.writeUTF(DataType.FLOAT.name());
            writeValues(FloatRows.of(row), data);
        } else {
            Nd4j.write(row, data);
        }
        data.flush();
    }

    /** Returns the shape information of a copy of a row, which has other strides than a view. */
    private static DataBuffer shape(long length) {
        return Nd4j.getShapeInfoProvider()
                .createShapeInformation(new long[] {1, length}, new long[] {1, 1}, 1, 'c', DataType.FLOAT, false)
                .getFirst();
    }

    /** Writes values in blocks, several times as fast as {@code Nd4j.write}, which writes one after the other. */
    private static void writeValues(FloatRows row, OutputStream out) throws IOException {
        float[] values = new float[CHUNK / Float.BYTES];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (int i = 0; i < row.columns(); i += values.length) {
            int count = Math.min(values.length, row.columns() - i);
            row.read(0, i, values, 0, count);
            chunk.asFloatBuffer().put(values, 0, count);
            out.write(chunk.array(), 0, count * Float.BYTES);
        }
    }

    /**
     * Reads a vector.
     *
     * @param subject the start of error messages
     * @param in an entry
     * @param size its size
     * @param expected the number of elements that is needed
     * @return a new array {@code [1, expected]} of finite values
     * @throws IllegalArgumentException if the entry has anything else
     */
    static INDArray read(String subject, InputStream in, long size, long expected) throws IOException {
        try {
            DataInputStream data = new DataInputStream(new BufferedInputStream(in, CHUNK));
            long header = readShape(subject, data, expected);
            header += requireText(subject, data, "the data's format", MODE);
            long length = data.readLong();
            String name = data.readUTF();
            Require.that(
                    name.equals("FLOAT") || name.equals("DOUBLE"),
                    subject,
                    "must be FLOAT or DOUBLE",
                    FoundText.quoted(name),
                    "convert the network to float32");
            header += Long.BYTES + 2 + name.length();
            DataType type = DataType.valueOf(name);
            Require.that(length == expected, subject, "must have " + expected + " elements", length, "");
            Require.that(
                    (size - header) / type.width() == expected && (size - header) % type.width() == 0,
                    subject,
                    "must have " + expected + " elements of " + type.width() + " bytes",
                    (size - header) + " bytes",
                    "");
            return readValues(subject, data, type, expected);
        } catch (EOFException | UTFDataFormatException e) {
            throw new IllegalArgumentException(subject + ": must be an array in ND4J's format, got others", e);
        }
    }

    /** Reads the shape and returns its bytes. */
    private static long readShape(String subject, DataInputStream data, long expected) throws IOException {
        long bytes = requireText(subject, data, "the shape's format", MODE);
        long count = data.readLong();
        Require.that(
                count == MOST_SHAPE || count == MOST_SHAPE - 2,
                subject,
                "must be a vector, with shape information of 6 or 8 numbers",
                count,
                "");
        bytes += Long.BYTES + requireText(subject, data, "the shape's type", "LONG");
        long rank = data.readLong();
        Require.that(rank * 2 + 4 == count, subject, "must be a vector", "rank " + rank, "");
        boolean row = rank == 1 || data.readLong() == 1;
        long length = data.readLong();
        Require.that(
                row && length == expected,
                subject,
                "must have the " + expected + " elements of the configuration's network",
                row ? length : "a matrix",
                "the file mixes two models, or is damaged");
        for (long i = rank + 1; i < count; i++) {
            data.readLong();
        }
        return bytes + count * Long.BYTES;
    }

    private static long requireText(String subject, DataInputStream data, String name, String text) throws IOException {
        String found = data.readUTF();
        Require.that(found.equals(text), subject, name + " must be " + text, FoundText.quoted(found), OLDER);
        return 2L + text.length();
    }

    private static INDArray readValues(String subject, DataInputStream data, DataType type, long count)
            throws IOException {
        INDArray array = Nd4j.createUninitialized(type, 1, count);
        if (FloatRows.canView(array)) {
            readValues(subject, data, FloatRows.of(array));
            return array;
        }
        DataBuffer buffer = array.data();
        byte[] bytes = new byte[CHUNK];
        ByteBuffer chunk = ByteBuffer.wrap(bytes);
        for (long i = 0; i < count; ) {
            int values = (int) Math.min(CHUNK / type.width(), count - i);
            data.readFully(bytes, 0, values * type.width());
            chunk.rewind();
            for (int j = 0; j < values; j++, i++) {
                double value = type == DataType.FLOAT ? chunk.getFloat() : chunk.getDouble();
                requireFinite(subject, value, i);
                buffer.put(i, value);
            }
        }
        return array;
    }

    private static void readValues(String subject, DataInputStream data, FloatRows row) throws IOException {
        float[] values = new float[CHUNK / Float.BYTES];
        byte[] bytes = new byte[CHUNK];
        FloatBuffer chunk = ByteBuffer.wrap(bytes).asFloatBuffer();
        for (int i = 0; i < row.columns(); i += values.length) {
            int count = Math.min(values.length, row.columns() - i);
            data.readFully(bytes, 0, count * Float.BYTES);
            chunk.get(0, values, 0, count);
            for (int j = 0; j < count; j++) {
                requireFinite(subject, values[j], i + j);
            }
            row.write(0, i, values, 0, count);
        }
    }

    private static void requireFinite(String subject, double value, long index) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(subject + ": must be finite, got " + value + " at " + index
                    + "; training diverged: use an earlier model");
        }
    }
}
