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
 * A view of the rows of a float32 matrix in CPU memory, which copies rows to and from Java arrays.
 *
 * <p>A row in a Java array fits the first-level cache, and HotSpot compiles simple loops over it to vector
 * instructions. One such loop replaces several ND4J operations, each of which passes over the whole array and wakes all
 * threads.
 *
 * <p>Threads can process different rows concurrently. A view of an array in a workspace must not outlive the
 * workspace's scope.
 */
@SuppressWarnings("ReachabilityFenceUsage") // a failed copy does not read further
public final class FloatRows {

    /** The largest number of floats in one direct buffer. */
    public static final long LARGEST = Integer.MAX_VALUE / Float.BYTES;

    /** Keeps the memory alive: the buffers do not count as references to it. */
    private final Object owner;

    private final FloatBuffer memory;
    /** A view of the memory as integers, for fast tests of many values. */
    private final IntBuffer bits;

    private final FloatPointer start;
    private final int rows;
    private final int columns;

    private FloatRows(INDArray array, long rows, long columns) {
        // addressPointer() starts at a view's first element
        this(array, new FloatPointer(array.data().addressPointer()).capacity(array.length()), rows, columns);
    }

    private FloatRows(Object owner, FloatPointer start, long rows, long columns) {
        this.owner = owner;
        this.start = start;
        ByteBuffer bytes = start.asByteBuffer().order(ByteOrder.nativeOrder());
        this.memory = bytes.asFloatBuffer();
        this.bits = bytes.asIntBuffer();
        this.rows = Math.toIntExact(rows);
        this.columns = Math.toIntExact(columns);
    }

    private FloatRows(FloatRows whole, int offset, int rows, int columns) {
        this.owner = whole.owner;
        this.start = whole.start.getPointer(offset);
        this.memory = whole.memory.slice(offset, rows * columns);
        this.bits = whole.bits.slice(offset, rows * columns);
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * Returns whether all arrays can be viewed as rows: float32, in CPU memory, contiguous, not empty, and matrices in
     * 'c' order.
     *
     * @param arrays matrices and vectors
     * @return whether {@link #of} and {@link #vector} accept them
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
     * Returns whether {@link #of} accepts the transpose of a matrix, that is, a matrix in 'f' order.
     *
     * @param matrix such as the weights of a dense layer
     * @return whether its columns can be viewed as rows
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
     * Returns a view of the rows of a matrix.
     *
     * @param matrix a matrix that {@link #canView} accepts
     * @return a view; writes change the matrix
     */
    public static FloatRows of(INDArray matrix) {
        return new FloatRows(matrix, matrix.size(0), matrix.size(1));
    }

    /**
     * Returns the columns of a matrix as rows.
     *
     * @param matrix such as the weights of a dense layer, {@code [n, m]} in 'f' order; copied if it is in another order
     * @return {@code [m, n]}
     */
    public static FloatRows ofColumns(INDArray matrix) {
        return of((canViewColumns(matrix) ? matrix : matrix.dup('f')).transpose());
    }

    /**
     * Returns a view of a vector as a single row.
     *
     * @param vector a vector that {@link #canView} accepts
     * @return a view; writes change the vector
     */
    public static FloatRows vector(INDArray vector) {
        return new FloatRows(vector, 1, vector.length());
    }

    /** Returns a view of the values from an offset on, as rows. */
    FloatRows slice(int offset, int rows, int columns) {
        return new FloatRows(this, offset, rows, columns);
    }

    /** Returns a view of adjacent rows. */
    FloatRows part(int row, int count) {
        return row == 0 && count == rows ? this : slice(row * columns, count, columns);
    }

    /**
     * Returns a view of all values of an array as a single row, without the cost of another ND4J array.
     *
     * @param array contiguous, in 'c' order, of any rank
     * @return a view; writes change the array
     */
    static FloatRows flat(INDArray array) {
        return new FloatRows(array, 1, array.length());
    }

    /**
     * Returns memory of its own, whose values are not initialized.
     *
     * @param rows the number of rows
     * @param columns the length of a row
     * @return a matrix, freed with the last reference to it, or by {@link #free}
     */
    public static FloatRows allocate(long rows, long columns) {
        FloatPointer memory = new FloatPointer(rows * columns);
        return new FloatRows(memory, memory, rows, columns);
    }

    /** Frees memory of {@link #allocate} at once; neither this view nor others of it may be used any more. */
    void free() {
        start.close();
    }

    /**
     * Returns a view of the same values as rows of another length, without the cost of another ND4J array.
     *
     * @param length the length of a row, a divisor of the number of values
     * @return a view; writes change this one
     */
    public FloatRows ofLength(long length) {
        return slice(0, Math.toIntExact(rows * (long) columns / length), Math.toIntExact(length));
    }

    /**
     * Joins adjacent rows, for loops that do not care which row a value belongs to. See {@link WideRows}.
     *
     * @param length the length that rows of the result must keep together, a divisor of the number of values
     * @return a view; the length of its rows is a multiple of {@code length}
     */
    public FloatRows wide(long length) {
        return ofLength(WideRows.width(rows * (long) columns, length));
    }

    /**
     * Returns the number of rows.
     *
     * @return at least 1
     */
    public int rows() {
        return rows;
    }

    /**
     * Returns the length of a row.
     *
     * @return at least 1
     */
    public int columns() {
        return columns;
    }

    /**
     * Returns the address of a value, for BLAS. The view must be reachable while the address is in use: see {@link
     * #keepReachable}.
     *
     * @param row the index of the row
     * @param column the index of the value in the row; can exceed the row's length
     * @return a pointer to the value and those that follow it
     */
    FloatPointer pointer(int row, long column) {
        return start.getPointer((long) row * columns + column);
    }

    /**
     * Keeps the memory of views until this call. Addresses do not count as references, so without it the garbage
     * collector can free an array that BLAS still reads.
     *
     * @param views whose addresses were used before
     */
    static void keepReachable(FloatRows... views) {
        for (FloatRows view : views) {
            Reference.reachabilityFence(view.owner);
        }
    }

    /**
     * Copies a row into an array.
     *
     * @param row the index of the row
     * @param to the destination, at least as long as the row
     */
    public void read(int row, float[] to) {
        memory.get(row * columns, to, 0, columns);
        Reference.reachabilityFence(owner);
    }

    /**
     * Copies an array into a row.
     *
     * @param row the index of the row
     * @param from the source, at least as long as the row; further values are ignored
     */
    public void write(int row, float[] from) {
        memory.put(row * columns, from, 0, columns);
        Reference.reachabilityFence(owner);
    }

    /**
     * Copies a part of a row into an array.
     *
     * @param row the index of the row
     * @param column the first column to read
     * @param to the destination
     * @param offset the first index in the destination
     * @param length the number of values
     */
    public void read(int row, int column, float[] to, int offset, int length) {
        memory.get(row * columns + column, to, offset, length);
        Reference.reachabilityFence(owner);
    }

    /**
     * Copies a part of an array into a row.
     *
     * @param row the index of the row
     * @param column the first column to write
     * @param from the source
     * @param offset the first index in the source
     * @param length the number of values
     */
    public void write(int row, int column, float[] from, int offset, int length) {
        memory.put(row * columns + column, from, offset, length);
        Reference.reachabilityFence(owner);
    }

    /** Copies adjacent rows into an array. */
    void readRows(int row, int count, float[] to) {
        memory.get(row * columns, to, 0, count * columns);
        Reference.reachabilityFence(owner);
    }

    /** Copies an array into adjacent rows. */
    void writeRows(int row, int count, float[] from) {
        memory.put(row * columns, from, 0, count * columns);
        Reference.reachabilityFence(owner);
    }

    /** Copies an array into all rows. */
    void writeAll(float[] from) {
        memory.put(0, from, 0, rows * columns);
        Reference.reachabilityFence(owner);
    }

    /** Returns whether the first rows, a given number of them, are repeated to the end. */
    boolean repeats(int period) {
        int length = period * columns;
        FloatBuffer first = memory.slice(0, length);
        for (int from = length; from < rows * columns; from += length) {
            if (first.mismatch(memory.slice(from, length)) >= 0) {
                return false;
            }
        }
        Reference.reachabilityFence(owner);
        return true;
    }

    /** Returns the sum of the rows, added from the first to the last. */
    float[] sumOfRows() {
        float[] all = new float[columns];
        RowBlocks.of(columns, rows).forEach((block, from, to) -> {
            float[] sum = new float[to - from];
            float[] row = new float[to - from];
            read(0, from, sum, 0, to - from);
            for (int i = 1; i < rows; i++) {
                read(i, from, row, 0, to - from);
                add(sum, row, to - from);
            }
            System.arraycopy(sum, 0, all, from, to - from);
        });
        return all;
    }

    private static void add(float[] sum, float[] row, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] += row[j];
        }
    }

    /**
     * Copies the bits of a row into an array. The bits of zero are 0 or the sign bit alone.
     *
     * @param row the index of the row
     * @param to the destination, at least as long as the row
     */
    void readBits(int row, int[] to) {
        bits.get(row * columns, to, 0, columns);
        Reference.reachabilityFence(owner);
    }

    /**
     * Returns all values, row by row.
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
