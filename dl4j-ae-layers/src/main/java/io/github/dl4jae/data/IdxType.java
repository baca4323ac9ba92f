package io.github.dl4jae.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The types of the values of an IDX file, with their codes in its header. All are big-endian. */
enum IdxType {
    UNSIGNED_BYTE(0x08, 1, "unsigned bytes"),
    SIGNED_BYTE(0x09, 1, "signed bytes"),
    SHORT(0x0b, 2, "16-bit integers"),
    INT(0x0c, 4, "32-bit integers"),
    FLOAT(0x0d, 4, "32-bit floats"),
    DOUBLE(0x0e, 8, "64-bit floats");

    private final int code;
    private final int bytes;
    private final String description;

    IdxType(int code, int bytes, String description) {
        this.code = code;
        this.bytes = bytes;
        this.description = description;
    }

    /** Returns the type with a code, or null if there is none. */
    static @Nullable IdxType of(byte code) {
        return Arrays.stream(values())
                .filter(type -> type.code == code)
                .findFirst()
                .orElse(null);
    }

    /** Returns the number of bytes of a value. */
    int bytes() {
        return bytes;
    }

    /** Returns all values of a big-endian buffer as a vector: floats as they are, integers as {@code INT32}. */
    INDArray array(ByteBuffer values) {
        int count = values.capacity() / bytes;
        if (this == FLOAT) {
            float[] floats = new float[count];
            values.asFloatBuffer().get(floats);
            return Nd4j.createFromArray(floats);
        } else if (this == DOUBLE) {
            double[] doubles = new double[count];
            values.asDoubleBuffer().get(doubles);
            return Nd4j.createFromArray(doubles);
        }
        int[] integers = new int[count];
        Arrays.setAll(integers, i -> integer(values, i * bytes));
        return Nd4j.createFromArray(integers);
    }

    private int integer(ByteBuffer values, int at) {
        return switch (this) {
            case UNSIGNED_BYTE -> values.get(at) & 0xff;
            case SIGNED_BYTE -> values.get(at);
            case SHORT -> values.getShort(at);
            case INT -> values.getInt(at);
            case FLOAT, DOUBLE -> throw new IllegalStateException(this + " are not integers");
        };
    }

    @Override
    public String toString() {
        return String.format("%s (type 0x%02x)", description, code);
    }
}
