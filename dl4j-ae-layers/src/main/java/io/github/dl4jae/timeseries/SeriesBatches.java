package io.github.dl4jae.timeseries;

import io.github.dl4jae.internal.kernel.RowGather;
import io.github.dl4jae.internal.math.EpochOrder;
import io.github.dl4jae.training.TrainingData;
import java.util.Iterator;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Series in memory with labels, in another order in each epoch. */
final class SeriesBatches {

    private final INDArray series;
    private final INDArray labels;
    private final int size;
    private final long seed;

    /**
     * Takes the arrays, which must not change.
     *
     * @param series {@code [N, F, T]} in 'c' order
     * @param labels {@code [N, …]} in 'c' order; the same array for an autoencoder
     * @param size the largest number of series of a mini-batch
     * @param seed of the orders
     */
    SeriesBatches(INDArray series, INDArray labels, int size, long seed) {
        this.series = series;
        this.labels = labels;
        this.size = size;
        this.seed = seed;
    }

    /** Copies some series. */
    static INDArray select(INDArray all, int[] rows) {
        long[] shape = all.shape().clone();
        INDArray selected = RowGather.of(all.reshape('c', shape[0], all.length() / shape[0]), rows);
        shape[0] = rows.length;
        return selected.reshape('c', shape);
    }

    TrainingData training() {
        return TrainingData.perEpoch(epoch -> iterator(true, epoch));
    }

    /** Returns the series in their own order, for validation. */
    TrainingData inOrder() {
        return TrainingData.perEpoch(epoch -> iterator(false, 0));
    }

    private ExistingDataSetIterator iterator(boolean shuffled, int epoch) {
        EpochOrder order = new EpochOrder((int) series.size(0), shuffled, seed, epoch);
        return new ExistingDataSetIterator(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return order.hasNext();
            }

            @Override
            public DataSet next() {
                int[] rows = order.next(size);
                INDArray x = select(series, rows);
                return new DataSet(x, labels == series ? x : select(labels, rows));
            }
        });
    }
}
