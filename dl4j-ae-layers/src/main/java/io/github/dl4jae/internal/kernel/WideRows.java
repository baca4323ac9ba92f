package io.github.dl4jae.internal.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Views of a matrix with fewer, longer rows, for loops that do not care which row a value belongs to. */
public final class WideRows {

    /** The number of values per row up to which rows are joined. */
    private static final int WIDTH = 2048;

    private WideRows() {}

    /**
     * Joins adjacent rows.
     *
     * @param rows {@code [N, m]} in 'c' order
     * @param columns m, or a multiple of it that the rows of the result must keep together
     * @return the same values, {@code [N·m/w, w]}, where w is a multiple of {@code columns}
     */
    public static INDArray of(INDArray rows, long columns) {
        long width = width(rows.length(), columns);
        return rows.reshape('c', rows.length() / width, width);
    }

    /** Returns the length of joined rows. */
    static long width(long values, long columns) {
        long width = columns;
        long count = values / width;
        while (width < WIDTH && count % 2 == 0) {
            count /= 2;
            width *= 2;
        }
        return width;
    }
}
