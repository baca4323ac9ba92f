package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.inference.Batches;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Examples in blocks of 16. Rows of other examples fill the last block, so a network multiplies matrices of one shape,
 * and the result of an example is the same bit for bit alone and among others.
 */
final class ExampleBlocks {

    /** The number of examples of a block. */
    static final int SIZE = 16;

    private ExampleBlocks() {}

    /** Handles a block. */
    @FunctionalInterface
    interface Action {

        /**
         * Handles a block of examples.
         *
         * @param block {@code [16, …]}, a copy
         * @param from the index of its first example
         * @param count the number of its examples that count, in [1, 16]
         */
        void accept(INDArray block, int from, int count);
    }

    /** Computes a row for each of the first examples of a block, {@code [count][…]}. */
    @FunctionalInterface
    interface RowFunction {
        double[][] apply(INDArray block, int count);
    }

    /** Returns the row of each example. */
    static double[][] map(INDArray examples, RowFunction function) {
        double[][] rows = new double[Math.toIntExact(examples.size(0))][];
        forEach(examples, (block, from, count) -> System.arraycopy(function.apply(block, count), 0, rows, from, count));
        return rows;
    }

    static void forEach(INDArray examples, Action action) {
        int n = Math.toIntExact(examples.size(0));
        for (int from = 0; from < n; from += SIZE) {
            INDArray block = Batches.copy(examples, from, from + SIZE, DataType.FLOAT);
            action.accept(block, from, Math.min(SIZE, n - from));
        }
    }

    /** Returns the values of each example of a block, {@code [rows][values]}. */
    static double[][] rows(INDArray block, int count) {
        float[] values = block.castTo(DataType.FLOAT).dup('c').data().asFloat();
        int d = values.length / Math.toIntExact(block.size(0));
        double[][] rows = new double[count][d];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < d; j++) {
                rows[i][j] = values[i * d + j];
            }
        }
        return rows;
    }

    /** Returns all values of an array, row by row. */
    static double[] all(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    /** Requires an array of examples. */
    static INDArray require(String subject, INDArray examples) {
        Batches.requireRows(subject, "examples", examples);
        return examples;
    }

    /** Returns the number of values of an example. */
    static int values(INDArray examples) {
        return Math.toIntExact(examples.length() / examples.size(0));
    }
}
