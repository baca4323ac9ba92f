package io.github.dl4jae.internal.kernel;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The rows of a float32 matrix in the memory of the CPU, to be copied into Java arrays and back.
 *
 * <p>How it is meant: a row in a Java array lies in the first-level cache, and simple loops over it are compiled to vector
 * instructions. Such a loop may do in one pass what takes several ND4J operations, each of which goes through the whole
 * array and wakes all threads.
 *
 * <p>Threads may work on different rows at once. An array in a workspace must not outlive
 * its scope, as ever.
 */
@SuppressWarnings("ReachabilityFenceUsage") // a copy that fails has nothing left to read
public final class FloatRows {

    /** What one direct buffer can address. */
    private static final long LARGEST = Integer.MAX_VALUE / Float.BYTES;

    /** Kept so that its memory is not freed while it is read: a buffer on it does not count as a reference. */
    private final INDArray owner;

    private final FloatBuffer memory;
    /** The same memory, to look at many values at once. */
    private final IntBuffer bits;

    private final int rows;
    private final int columns;

    private FloatRows(INDArray array, long rows, long columns) {
        // addressPointer() starts at a view's first element
        this.owner = array;
        ByteBuffer bytes = new FloatPointer(array.data().addressPointer())
                .capacity(array.length())
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
        this.memory = bytes.asFloatBuffer();
        this.bits = bytes.asIntBuffer();
        this.rows = Math.toIntExact(rows);
        this.columns = Math.toIntExact(columns);
    }

    /**
     * Whether all these arrays can be seen as rows: float32, in the memory of the CPU, without gaps, matrices in 'c' order.
     *
     * @param arrays matrices and vectors
     * @return whether {@link #of} and {@link #vector} take them
     */
    public static boolean canView(INDArray... arrays) {
        for (INDArray array : arrays) {
            if (array.dataType() != DataType.FLOAT
                    || array.length() > LARGEST
                    || array.isEmpty()
                    || !contiguous(array)) {
                return false;
            }
        }
        return Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU;
    }

    /**
     * Whether {@link #of} takes the transpose of this matrix: the same for 'f' order.
     *
     * @param matrix such as the weights of a dense layer
     * @return whether its columns can be seen as rows
     */
    static boolean canViewColumns(INDArray matrix) {
        return matrix.dataType() == DataType.FLOAT
                && matrix.length() <= LARGEST
                && (matrix.stride(0) == 1 || matrix.size(0) == 1)
                && (matrix.stride(1) == matrix.size(0) || matrix.size(1) == 1)
                && Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU;
    }

    private static boolean contiguous(INDArray array) {
        return switch (array.rank()) {
            case 0 -> true;
            case 1 -> array.stride(0) == 1 || array.length() == 1;
            case 2 ->
                (array.stride(1) == 1 || array.size(1) == 1)
                        && (array.stride(0) == array.size(1) || array.size(0) == 1);
            default -> false;
        };
    }

    /**
     * The rows of a matrix.
     *
     * @param matrix for which {@link #canView} holds
     * @return a view: what is written shows in the matrix
     */
    public static FloatRows of(INDArray matrix) {
        return new FloatRows(matrix, matrix.size(0), matrix.size(1));
    }

    /**
     * A vector as a single row.
     *
     * @param vector for which {@link #canView} holds
     * @return a view
     */
    public static FloatRows vector(INDArray vector) {
        return new FloatRows(vector, 1, vector.length());
    }

    /**
     * The number of rows.
     *
     * @return at least 1
     */
    public int rows() {
        return rows;
    }

    /**
     * The length of a row.
     *
     * @return at least 1
     */
    public int columns() {
        return columns;
    }

    /**
     * Copies a row into an array.
     *
     * @param row which
     * @param to at least as long
     */
    public void read(int row, float[] to) {
        memory.get(row * columns, to, 0, columns);
        Reference.reachabilityFence(owner);
    }

    /**
     * Copies an array into a row.
     *
     * @param row which
     * @param from at least as long; what is beyond the row is left out
     */
    public void write(int row, float[] from) {
        memory.put(row * columns, from, 0, columns);
        Reference.reachabilityFence(owner);
    }

    /**
     * Copies a part of a row into an array.
     *
     * @param row which
     * @param column the first of the part
     * @param to its destination
     * @param offset where in the destination
     * @param length how many values
     */
    public void read(int row, int column, float[] to, int offset, int length) {
        memory.get(row * columns + column, to, offset, length);
        Reference.reachabilityFence(owner);
    }

    /**
     * Copies a part of an array into a row.
     *
     * @param row which
     * @param column the first to be written
     * @param from the source
     * @param offset where in the source
     * @param length how many values
     */
    public void write(int row, int column, float[] from, int offset, int length) {
        memory.put(row * columns + column, from, offset, length);
        Reference.reachabilityFence(owner);
    }

    /**
     * Copies the bits of a row into an array: 0, or the sign bit alone, where the value is zero.
     *
     * @param row which
     * @param to at least as long
     */
    void readBits(int row, int[] to) {
        bits.get(row * columns, to, 0, columns);
        Reference.reachabilityFence(owner);
    }

    /**
     * All values, row after row.
     *
     * @return a new array
     */
    public float[] toArray() {
        float[] all = new float[rows * columns];
        memory.get(0, all);
        Reference.reachabilityFence(owner);
        return all;
    }
}
