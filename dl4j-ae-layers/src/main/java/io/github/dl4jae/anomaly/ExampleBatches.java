package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.kernel.RowGather;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.EpochOrder;
import io.github.dl4jae.training.TrainingData;
import java.util.Iterator;
import java.util.function.UnaryOperator;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** The mini-batches of examples in memory, in another order in each epoch. */
final class ExampleBatches {

    private final INDArray rows;
    private final long[] shape;
    private final int size;
    private final long seed;

    /**
     * Copies examples.
     *
     * @param examples {@code [N, …]}
     * @param type of the mini-batches
     * @param size the largest number of examples of a mini-batch
     * @param seed of the orders
     */
    ExampleBatches(INDArray examples, DataType type, int size, long seed) {
        this.shape = examples.shape().clone();
        this.rows = rows(examples).castTo(type).dup('c');
        this.size = size;
        this.seed = seed;
    }

    /** Returns examples as rows, {@code [N, d]}, a view if possible. */
    static INDArray rows(INDArray examples) {
        return examples.rank() == 2
                ? examples
                : examples.reshape('c', new long[] {examples.size(0), examples.length() / examples.size(0)});
    }

    /** Refuses examples that are not finite numbers. */
    static void requireFinite(String subject, INDArray examples) {
        Require.that(
                FiniteArrays.isFinite(examples),
                subject,
                "examples must be finite",
                "NaN or infinity",
                "fill missing values first");
    }

    /**
     * Returns the mini-batches for a trainer.
     *
     * @param labels computes the labels of a mini-batch
     * @param before the number of epochs with these seeds that other trainers have done
     */
    TrainingData labeled(UnaryOperator<INDArray> labels, int before) {
        return TrainingData.perEpoch(epoch -> new ExistingDataSetIterator(epoch(before + epoch, labels)));
    }

    private Iterator<DataSet> epoch(int epoch, UnaryOperator<INDArray> labels) {
        EpochOrder order = new EpochOrder((int) shape[0], true, seed, epoch);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return order.hasNext();
            }

            @Override
            public DataSet next() {
                INDArray batch = RowGather.of(rows, order.next(size));
                long[] batchShape = shape.clone();
                batchShape[0] = batch.size(0);
                INDArray x = batch.reshape('c', batchShape);
                return new DataSet(x, labels.apply(x));
            }
        };
    }
}
