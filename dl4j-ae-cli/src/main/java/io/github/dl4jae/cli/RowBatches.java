package io.github.dl4jae.cli;

import io.github.dl4jae.tabular.FeatureTable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.IteratorDataSetIterator;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The mini-batches of a table in memory. */
final class RowBatches {

    private final FeatureTable table;
    private final int batch;
    private final long seed;

    RowBatches(FeatureTable table, int batch, long seed) {
        this.table = table;
        this.batch = batch;
        this.seed = seed;
    }

    /** Returns the number of mini-batches. */
    long steps() {
        return (table.features().size(0) + batch - 1) / batch;
    }

    /** Returns the mini-batches of an epoch, in an order that depends on seed and epoch alone. */
    DataSetIterator shuffled(int epoch) {
        int[] order = order();
        SplittableRandom random = new SplittableRandom(seed + epoch);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int other = order[j];
            order[j] = order[i];
            order[i] = other;
        }
        return iterator(order);
    }

    /** Returns the mini-batches in the order of the table. */
    DataSetIterator inOrder() {
        return iterator(order());
    }

    private int[] order() {
        return IntStream.range(0, (int) table.features().size(0)).toArray();
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
                return table.rows(Arrays.copyOfRange(order, from, next)).toDataSet();
            }
        };
        return new IteratorDataSetIterator(batches, batch);
    }
}
