package io.github.dl4jae.safetensors;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;

/**
 * A tensor's entry in the header.
 *
 * @param name of the tensor
 * @param type of its values
 * @param shape its dimensions, not copied
 * @param from the offset of its first byte in the data
 * @param to the offset after its last byte
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
record TensorEntry(String name, TensorType type, long[] shape, long from, long to) {

    /** ND4J has no arrays of a higher rank. */
    static final int HIGHEST_RANK = 32;

    /**
     * Returns the number of bytes of an array.
     *
     * @param subject the start of error messages
     * @param type of its values
     * @param shape its dimensions
     * @return at least 0
     * @throws IllegalArgumentException if a dimension is negative, or a long has too few bits
     */
    static long bytes(String subject, TensorType type, long... shape) {
        Require.that(
                shape.length <= HIGHEST_RANK,
                subject,
                "shape must have at most " + HIGHEST_RANK + " dimensions",
                shape.length,
                "");
        long bytes = type.bytes();
        boolean empty = false;
        for (long dimension : shape) {
            Require.that(dimension >= 0, subject, "shape must have no negative size", dimension, "");
            empty |= dimension == 0;
            // sizes beside a 0 must fit, too: they become strides
            bytes = product(bytes, Math.max(1, dimension));
            Require.that(bytes > 0, subject, "shape must have less than 2^63 bytes", Arrays.toString(shape), "");
        }
        return empty ? 0 : bytes;
    }

    /** Returns the product of two positive numbers, or −1 if it is too large. */
    private static long product(long a, long b) {
        return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? -1 : a * b;
    }

    long bytes() {
        return to - from;
    }

    /**
     * Returns the entry of a part of the tensor.
     *
     * @param subject the start of error messages
     * @param first the first index of the first dimension
     * @param end the index after the last
     * @return the entry of these rows
     * @throws IllegalArgumentException if there are no such rows
     */
    TensorEntry rows(String subject, long first, long end) {
        Require.that(
                shape.length > 0 && first >= 0 && first <= end && end <= shape[0],
                subject,
                "rows must be within shape " + Arrays.toString(shape),
                "[" + first + ", " + end + ")",
                "");
        long rowBytes = shape[0] == 0 ? 0 : bytes() / shape[0];
        long[] part = shape.clone();
        part[0] = end - first;
        return new TensorEntry(name, type, part, from + first * rowBytes, from + end * rowBytes);
    }
}
