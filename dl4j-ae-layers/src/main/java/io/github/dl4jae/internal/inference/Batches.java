package io.github.dl4jae.internal.inference;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The rows of an array in batches that fit in memory, and results joined from theirs.
 *
 * @param rows the number of rows
 * @param step the largest number of rows of a batch
 */
public record Batches(long rows, long step) {

    /** A batch has at most this many values, unless one example has more. */
    private static final long VALUES = 1 << 20;

    private static final long EXAMPLES = 1024;

    /** A function of the rows {@code [from, to)}. */
    @FunctionalInterface
    public interface Part {

        /**
         * Computes the part of a result that belongs to some rows.
         *
         * @param from the first row
         * @param to the row after the last
         * @return {@code [to − from, …]}
         */
        INDArray compute(long from, long to);
    }

    /** An action on the rows {@code [from, to)}. */
    @FunctionalInterface
    public interface Action {

        /**
         * Handles some rows.
         *
         * @param from the first row
         * @param to the row after the last
         */
        void accept(long from, long to);
    }

    /**
     * Returns the batches of examples.
     *
     * @param examples {@code [N, …]}
     * @return batches of at most 1024 examples and about a million values
     */
    public static Batches of(INDArray examples) {
        return new Batches(examples.size(0), step(examples));
    }

    /**
     * Returns batches of rows that are as large as examples.
     *
     * @param rows the number of rows
     * @param examples {@code [N, …]}
     * @return batches of at most 1024 rows
     */
    public static Batches of(long rows, INDArray examples) {
        return new Batches(rows, step(examples));
    }

    private static long step(INDArray examples) {
        return Math.max(1, Math.min(EXAMPLES, VALUES * examples.size(0) / examples.length()));
    }

    /**
     * Handles all batches in turn.
     *
     * @param action of the rows of a batch
     */
    public void forEach(Action action) {
        for (long from = 0; from < rows; from += step) {
            action.accept(from, Math.min(from + step, rows));
        }
    }

    /**
     * Computes a result batch by batch.
     *
     * @param part of the result
     * @return the parts, one below the other, a new array
     */
    public INDArray join(Part part) {
        INDArray[] result = new INDArray[1];
        forEach((from, to) -> {
            INDArray computed = part.compute(from, to);
            if (result[0] == null) {
                long[] shape = computed.shape().clone();
                shape[0] = rows;
                result[0] = Nd4j.createUninitialized(computed.dataType(), shape);
            }
            result[0].get(NDArrayIndex.interval(from, to)).assign(computed);
        });
        return result[0];
    }

    /**
     * Copies rows into an array that layers can change. Past the last row of the array, rows repeat from the first.
     *
     * @param array {@code [N, …]}
     * @param from the first row
     * @param to the row after the last
     * @param type of the copy
     * @return {@code [to − from, …]}
     */
    public static INDArray copy(INDArray array, long from, long to, DataType type) {
        long n = array.size(0);
        if (to <= n) {
            return rows(array, from, to).castTo(type).dup('c');
        }
        long[] shape = array.shape().clone();
        shape[0] = to - from;
        INDArray rows = Nd4j.createUninitialized(type, shape, 'c');
        for (long done = 0; done < to - from; ) {
            long first = (from + done) % n;
            long length = Math.min(n - first, to - from - done);
            rows.get(NDArrayIndex.interval(done, done + length)).assign(rows(array, first, first + length));
            done += length;
        }
        return rows;
    }

    /** Returns a view. Of arrays that are views themselves, {@code get(interval)} can return an empty array. */
    private static INDArray rows(INDArray array, long from, long to) {
        long[] shape = array.shape().clone();
        shape[0] = to - from;
        long offset = array.offset() + from * array.stride(0);
        return Nd4j.create(array.data(), shape, array.stride(), offset, array.ordering(), array.dataType());
    }

    /**
     * Refuses arrays without rows.
     *
     * @param subject who asks, for the message
     * @param what the rows are, for the message
     * @param all must be {@code [N, …]} with N at least 1
     * @throws IllegalArgumentException if it is not
     */
    public static void requireRows(String subject, String what, @Nullable INDArray all) {
        if (all == null) {
            throw new IllegalArgumentException(
                    subject + ": " + what + " must be an array, got null; read or encode some first");
        }
        if (all.isEmpty() || all.size(0) == 0) {
            throw new IllegalArgumentException(subject + ": " + what + " must hold at least one on axis 0, got shape "
                    + Arrays.toString(all.shape()) + "; is the data set empty, or filtered to nothing?");
        }
        if (all.rank() < 2) {
            throw new IllegalArgumentException(subject + ": " + what + " must have rank 2 or more, got shape "
                    + Arrays.toString(all.shape()) + "; a single one of n values is an array of shape [1, n]");
        }
    }
}
