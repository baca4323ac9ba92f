package io.github.dl4jae.cli;

import io.github.dl4jae.tabular.FeatureTable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.IteratorDataSetIterator;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The mini-batches of examples in memory. */
final class RowBatches {

    private final int count;
    private final Function<int[], DataSet> examples;
    private final int batch;
    private final long seed;

    /** Takes the rows of a table. */
    RowBatches(FeatureTable table, int batch, long seed) {
        this((int) table.features().size(0), rows -> table.rows(rows).toDataSet(), batch, seed);
    }

    /**
     * Takes any examples.
     *
     * @param count the number of examples
     * @param examples returns those of some indices
     */
    RowBatches(int count, Function<int[], DataSet> examples, int batch, long seed) {
        this.count = count;
        this.examples = examples;
        this.batch = batch;
        this.seed = seed;
    }

    /** Returns the number of mini-batches. */
    long steps() {
        return (count + (long) batch - 1) / batch;
    }

    /** Returns the mini-batches of an epoch, in an order that depends on seed and epoch alone. */
    DataSetIterator shuffled(int epoch) {
        return iterator(permutation(count, seed + epoch));
    }

    /** Returns the mini-batches in the order of the examples. */
    DataSetIterator inOrder() {
        return iterator(order(count));
    }

    private static int[] order(int count) {
        return IntStream.range(0, count).toArray();
    }

    /** Returns the numbers below a count in an order that depends on the seed alone. */
    static int[] permutation(int count, long seed) {
        int[] order = order(count);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int other = order[j];
            order[j] = order[i];
            order[i] = other;
        }
        return order;
    }

    private DataSetIterator iterator(int[] order) {
        Iterator<DataSet> batches = new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < order.length;
            }

            @Override
            public DataSet next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int from = next;
                next = Math.min(order.length, from + batch);
                return examples.apply(Arrays.copyOfRange(order, from, next));
            }
        };
        return new IteratorDataSetIterator(batches, batch);
    }
}
