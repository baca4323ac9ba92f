package io.github.dl4jae.safetensors;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The types of tensors that files can have, and ND4J's types for the same bits. Half-precision tensors are read as
 * {@code FLOAT16} and {@code BFLOAT16}, without loss; {@code castTo(DataType.FLOAT)} converts them.
 *
 * <p>Files with unsigned integers of more than 8 bits, complex numbers, or floating point numbers of 8 bits and fewer
 * are refused.
 */
public enum TensorType {
    // in the order of tensors in a file: those with the strictest alignment first
    /** Integers of 64 bits: {@code INT64}. */
    I64(DataType.INT64),
    /** Floating point numbers of 64 bits: {@code DOUBLE}. */
    F64(DataType.DOUBLE),
    /** Floating point numbers of 32 bits: {@code FLOAT}. */
    F32(DataType.FLOAT),
    /** Integers of 32 bits: {@code INT32}. */
    I32(DataType.INT32),
    /** Floating point numbers of 16 bits with an exponent of 8 bits: {@code BFLOAT16}. */
    BF16(DataType.BFLOAT16),
    /** Floating point numbers of 16 bits with an exponent of 5 bits: {@code FLOAT16}. */
    F16(DataType.FLOAT16),
    /** Integers of 16 bits: {@code INT16}. */
    I16(DataType.INT16),
    /** Integers of 8 bits: {@code INT8}. */
    I8(DataType.INT8),
    /** Unsigned integers of 8 bits: {@code UINT8}. */
    U8(DataType.UINT8),
    /** Bytes that are 0 or 1: {@code BOOL}. */
    BOOL(DataType.BOOL);

    private final DataType dataType;

    TensorType(DataType dataType) {
        this.dataType = dataType;
    }

    /**
     * Returns ND4J's type.
     *
     * @return the type of the arrays
     */
    public DataType dataType() {
        return dataType;
    }

    /**
     * Returns the number of bytes of a value.
     *
     * @return 1, 2, 4 or 8
     */
    public int bytes() {
        return dataType.width();
    }

    /**
     * Returns the type of an array's tensor.
     *
     * @param dataType of an array
     * @return the type with the same bits
     * @throws IllegalArgumentException if files cannot have this type
     */
    public static TensorType of(DataType dataType) {
        Require.given("TensorType", "dataType", dataType, "");
        return find(dataType)
                .orElseThrow(() -> new IllegalArgumentException("TensorType: dataType must be that of one of "
                        + Arrays.toString(values()) + ", got " + dataType + "; castTo converts arrays"));
    }

    /** Finds the type of an array's tensor. */
    static Optional<TensorType> find(DataType dataType) {
        return Arrays.stream(values()).filter(type -> type.dataType == dataType).findFirst();
    }

    /** Finds a type by its name in files. */
    static Optional<TensorType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }
}
