package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.LargestValues;
import io.github.dl4jae.internal.kernel.RowBlocks;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A selection of the k largest values of each position, of each unit or of each example. Among equal values those with
 * the lowest index win, so the result has exactly k values. NaN counts as the largest value, so that it stays visible
 * in the result.
 */
final class TopKSelection {

    private TopKSelection() {}

    /**
     * Keeps k of the values along an axis and sets the others to 0.
     *
     * @param order the values that are compared, {@code [examples·positions, units]}; in 'c' order if there is more
     *     than one position
     * @param values the values that are kept, of the same shape; may be {@code order} itself
     * @param axis the values to choose from
     * @param examples the number of examples
     * @param k the number of values to keep, in [1, n]
     * @param kept receives the result, of the same shape; may be {@code values} itself
     */
    static void keep(INDArray order, INDArray values, SparsityAxis axis, long examples, int k, INDArray kept) {
        long positions = order.size(0) / Math.max(examples, 1);
        if (axis == SparsityAxis.POSITIONS) {
            keepPositions(order, values, (int) examples, (int) positions, k, kept);
        } else if (axis == SparsityAxis.EXAMPLE && positions > 1) {
            long[] shape = {examples, positions * order.size(1)};
            keepInRows(order.reshape('c', shape), values.reshape('c', shape), k, kept.reshape('c', shape));
        } else {
            keepInRows(order, values, k, kept);
        }
    }

    private static void keepInRows(INDArray order, INDArray values, int k, INDArray kept) {
        if (FloatRows.canView(order, values, kept)) {
            keepInRows(FloatRows.of(order), FloatRows.of(values), k, FloatRows.of(kept));
        } else {
            int n = (int) order.size(1);
            keep(order, values, (int) order.size(0), n, k, row -> row * n, 1, kept);
        }
    }

    private static void keepInRows(FloatRows order, FloatRows values, int k, FloatRows kept) {
        int n = order.columns();
        RowBlocks.of(order.rows(), n).forEach((block, from, to) -> {
            LargestValues largest = new LargestValues(k);
            float[] orderRow = new float[n];
            float[] row = new float[n];
            for (int i = from; i < to; i++) {
                order.read(i, orderRow);
                values.read(i, row);
                largest.keep(orderRow, row, null, n);
                kept.write(i, row);
            }
        });
    }

    private static void keepPositions(
            INDArray order, INDArray values, int examples, int positions, int k, INDArray kept) {
        int units = (int) order.size(1);
        int size = positions * units;
        keep(order, values, examples * units, positions, k, line -> line / units * size + line % units, units, kept);
    }

    /** Keeps k values of each line: those at start, start + stride, start + 2·stride, … */
    private static void keep(
            INDArray order, INDArray values, int lines, int length, int k, LineStart start, int stride, INDArray kept) {
        MatrixValues searched = MatrixValues.of(order);
        int[] chosen = new int[lines * k];
        RowBlocks.of(lines, length).forEach((block, from, to) -> {
            MatrixValues.Search search = searched.search(k, length);
            int[] indices = new int[length];
            for (int line = from; line < to; line++) {
                int first = start.of(line);
                for (int i = 0; i < length; i++) {
                    indices[i] = first + i * stride;
                }
                search.largest(indices, length, chosen, line * k);
            }
        });
        (values == order ? searched : MatrixValues.of(values)).writeOnly(chosen, chosen.length, kept);
    }

    @FunctionalInterface
    private interface LineStart {
        int of(int line);
    }
}
