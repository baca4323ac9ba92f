package io.github.dl4jae.internal.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The rows of a matrix, which {@link RowVector}s read and write: float32 in CPU memory without a detour, any other type
 * value by value. So does float32 that is not contiguous or above 2 GiB.
 */
public final class RowMatrix {

    private final INDArray matrix;
    private final @Nullable FloatRows floats;

    private RowMatrix(INDArray matrix) {
        this.matrix = matrix;
        this.floats = FloatRows.canView(matrix) ? FloatRows.of(matrix) : null;
    }

    /**
     * Returns a view of a matrix.
     *
     * @param matrix in 'c' order, contiguous; the transpose of an 'f' ordered matrix is such a matrix
     * @return a view; writes change the matrix
     */
    public static RowMatrix of(INDArray matrix) {
        return new RowMatrix(matrix);
    }

    /**
     * Returns the number of rows.
     *
     * @return at least 0
     */
    public int rows() {
        return Math.toIntExact(matrix.size(0));
    }

    /**
     * Returns the length of a row.
     *
     * @return at least 0
     */
    public int columns() {
        return Math.toIntExact(matrix.size(1));
    }

    /**
     * Creates a vector as long as a row.
     *
     * @return zeros
     */
    public RowVector vector() {
        return RowVector.of(matrix.dataType(), columns());
    }

    /**
     * Reads a row.
     *
     * @param row its index
     * @param to receives the values
     */
    public void read(int row, RowVector to) {
        to.read(this, row);
    }

    /**
     * Writes a row.
     *
     * @param row its index
     * @param from the values
     */
    public void write(int row, RowVector from) {
        from.write(this, row);
    }

    /**
     * Writes rows from the first on.
     *
     * @param rows the values
     */
    public void write(RowVector[] rows) {
        for (int i = 0; i < rows.length; i++) {
            write(i, rows[i]);
        }
    }

    /**
     * Reads all rows.
     *
     * @return a vector per row
     */
    public RowVector[] vectors() {
        RowVector[] all = new RowVector[rows()];
        for (int i = 0; i < all.length; i++) {
            all[i] = vector();
            read(i, all[i]);
        }
        return all;
    }

    void readFloats(int row, float[] to) {
        if (floats != null) {
            floats.read(row, to);
        } else {
            for (int j = 0; j < to.length; j++) {
                to[j] = matrix.getFloat(row, j);
            }
        }
    }

    void writeFloats(int row, float[] from) {
        if (floats != null) {
            floats.write(row, from);
        } else {
            for (int j = 0; j < from.length; j++) {
                matrix.putScalar(row, j, from[j]);
            }
        }
    }

    void readDoubles(int row, double[] to) {
        for (int j = 0; j < to.length; j++) {
            to[j] = matrix.getDouble(row, j);
        }
    }

    void writeDoubles(int row, double[] from) {
        for (int j = 0; j < from.length; j++) {
            matrix.putScalar(row, j, from[j]);
        }
    }
}
