package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.LargestValues;
import java.lang.ref.Reference;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The values of a matrix in a Java array, in which any set of indices can be searched for the largest values. An index
 * counts row by row.
 *
 * <p>Float32 stays float32; other types become float64, which represents them exactly.
 */
abstract sealed class MatrixValues {

    /** A search for the k largest of a set of values. Among equal values those that come first in the set win. */
    @FunctionalInterface
    interface Search {

        /**
         * Finds the k largest values.
         *
         * @param indices of the values to choose from
         * @param count their number, at least k
         * @param found receives the indices of the k largest, in no particular order
         * @param at the first element of {@code found} to set
         */
        void largest(int[] indices, int count, int[] found, int at);
    }

    /** Copies a matrix. */
    static MatrixValues of(INDArray matrix) {
        return FloatRows.canView(matrix) ? new Floats(FloatRows.of(matrix).toArray()) : new Doubles(doubles(matrix));
    }

    /**
     * Creates a search, for one thread.
     *
     * @param k the number of values to find
     * @param most the largest number of values to choose from
     */
    abstract Search search(int k, int most);

    /**
     * Writes the values at some indices to a matrix of the same shape, and 0 to all others.
     *
     * @param indices those to write; only the first {@code count} count
     * @param to overwritten
     */
    abstract void writeOnly(int[] indices, int count, INDArray to);

    private static double[] doubles(INDArray array) {
        INDArray contiguous = array.castTo(DataType.DOUBLE).dup('c');
        double[] values = new double[Math.toIntExact(contiguous.length())];
        try {
            contiguous.data().asNioDouble().get(values); // value by value is several times slower
        } finally {
            Reference.reachabilityFence(contiguous); // a direct buffer does not keep its memory alive
        }
        return values;
    }

    private static final class Floats extends MatrixValues {
        private final float[] values;

        Floats(float[] values) {
            this.values = values;
        }

        @Override
        Search search(int k, int most) {
            LargestValues largest = new LargestValues(k);
            float[] line = new float[most];
            return (indices, count, found, at) -> {
                for (int i = 0; i < count; i++) {
                    line[i] = values[indices[i]];
                }
                largest.select(line, count);
                for (int i = 0; i < k; i++) {
                    found[at + i] = indices[largest.column(i)];
                }
            };
        }

        @Override
        void writeOnly(int[] indices, int count, INDArray to) {
            float[] kept = new float[values.length];
            for (int i = 0; i < count; i++) {
                kept[indices[i]] = values[indices[i]];
            }
            if (FloatRows.canView(to)) {
                FloatRows rows = FloatRows.of(to);
                for (int i = 0; i < rows.rows(); i++) {
                    rows.write(i, 0, kept, i * rows.columns(), rows.columns());
                }
            } else {
                to.assign(Nd4j.createFromArray(kept).reshape('c', to.shape()));
            }
        }
    }

    private static final class Doubles extends MatrixValues {
        private final double[] values;

        Doubles(double[] values) {
            this.values = values;
        }

        @Override
        Search search(int k, int most) {
            long[] keys = new long[most];
            return (indices, count, found, at) -> {
                for (int i = 0; i < count; i++) {
                    keys[i] = key(values[indices[i]]);
                }
                Arrays.sort(keys, 0, count);
                long least = keys[count - k];
                int above = 0;
                while (above < k && keys[count - 1 - above] > least) {
                    above++;
                }
                int places = k - above; // for values equal to the least
                int end = at;
                for (int i = 0; end < at + k; i++) {
                    long key = key(values[indices[i]]);
                    if (key > least || (key == least && places-- > 0)) {
                        found[end++] = indices[i];
                    }
                }
            };
        }

        /** Returns an integer of the same order; NaN is the largest. */
        private static long key(double value) {
            long bits = Double.doubleToLongBits(value + 0d);
            return bits ^ ((bits >> 63) & Long.MAX_VALUE);
        }

        @Override
        void writeOnly(int[] indices, int count, INDArray to) {
            double[] kept = new double[values.length];
            for (int i = 0; i < count; i++) {
                kept[indices[i]] = values[indices[i]];
            }
            to.assign(Nd4j.createFromArray(kept).reshape('c', to.shape()));
        }
    }
}
