package io.github.dl4jae.internal.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The nonzero values of a matrix, by row or by column, as compressed sparse rows.
 *
 * <pre>
 * line i holds values[p] at index[p] for p in [start[i], start[i+1])
 * </pre>
 */
final class SparseRows {

    /** The start of each line in {@code values}, followed by the number of values. */
    final int[] start;
    /** The other coordinate of each value. */
    final int[] index;

    final float[] values;
    /** The number of possible indices. */
    private final int width;

    private SparseRows(int[] start, int[] index, float[] values, int width) {
        this.start = start;
        this.index = index;
        this.values = values;
        this.width = width;
    }

    int lines() {
        return start.length - 1;
    }

    /**
     * Collects the nonzero values of a matrix. It stops after the first row if that exceeds the density by a factor of
     * more than four, as in a dense matrix.
     *
     * @param matrix any matrix
     * @param density the largest fraction of nonzero values
     * @return the values, or null if there are more
     */
    static @Nullable SparseRows of(FloatRows matrix, double density) {
        Lines first = new Lines(matrix.columns());
        first.add(matrix, 0);
        if (first.count > 4 * density * matrix.columns()) {
            return null;
        }
        int[] start = new int[matrix.rows() + 1];
        RowBlocks blocks = RowBlocks.of(matrix.rows(), matrix.columns());
        Lines[] found = new Lines[blocks.count()];
        blocks.forEach((block, from, to) -> {
            Lines lines = new Lines(matrix.columns());
            for (int i = from; i < to; i++) {
                start[i + 1] = lines.add(matrix, i);
            }
            found[block] = lines;
        });
        int count = Arrays.stream(found).mapToInt(lines -> lines.count).sum();
        return count > density * matrix.rows() * matrix.columns() ? null : join(start, found, count, matrix.columns());
    }

    /** Concatenates the blocks; {@code start} holds the length of line i at index i + 1. */
    private static SparseRows join(int[] start, Lines[] blocks, int count, int width) {
        for (int i = 1; i < start.length; i++) {
            start[i] += start[i - 1];
        }
        int[] index = new int[count];
        float[] values = new float[count];
        int at = 0;
        for (Lines block : blocks) {
            System.arraycopy(block.index, 0, index, at, block.count);
            System.arraycopy(block.values, 0, values, at, block.count);
            at += block.count;
        }
        return new SparseRows(start, index, values, width);
    }

    /** Returns the transpose. */
    SparseRows transpose() {
        int[] begin = new int[width + 1];
        for (int j : index) {
            begin[j + 1]++;
        }
        for (int j = 0; j < width; j++) {
            begin[j + 1] += begin[j];
        }
        int[] next = begin.clone();
        int[] line = new int[index.length];
        float[] moved = new float[index.length];
        for (int i = 0; i < lines(); i++) {
            for (int p = start[i]; p < start[i + 1]; p++) {
                int to = next[index[p]]++;
                line[to] = i;
                moved[to] = values[p];
            }
        }
        return new SparseRows(begin, line, moved, lines());
    }

    /** A growing list of the values of adjacent lines. */
    private static final class Lines {
        private int[] index = new int[256];
        private float[] values = new float[256];
        private int count;
        private final int[] bits;

        Lines(int columns) {
            bits = new int[columns];
        }

        /** Adds the nonzero values of a row and returns their number. */
        int add(FloatRows matrix, int row) {
            int before = count;
            matrix.readBits(row, bits);
            int j = 0;
            for (; j + 8 <= bits.length; j += 8) {
                if ((bits[j]
                                | bits[j + 1]
                                | bits[j + 2]
                                | bits[j + 3]
                                | bits[j + 4]
                                | bits[j + 5]
                                | bits[j + 6]
                                | bits[j + 7])
                        != 0) {
                    add(j, j + 8);
                }
            }
            add(j, bits.length);
            return count - before;
        }

        private void add(int from, int to) {
            if (count + to - from > index.length) {
                index = Arrays.copyOf(index, 2 * index.length);
                values = Arrays.copyOf(values, index.length);
            }
            for (int j = from; j < to; j++) {
                float value = Float.intBitsToFloat(bits[j]);
                if (value != 0f) {
                    index[count] = j;
                    values[count++] = value;
                }
            }
        }
    }
}
