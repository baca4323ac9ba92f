package io.github.dl4jae.data;

import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Mini-batches of a {@link SyntheticSuperposition}; every epoch has new examples. */
final class SuperpositionIterator implements DataSetIterator {

    private final SyntheticSuperposition source;
    private final int batch;
    private final int batches;
    private int epoch;
    private int position;
    private @Nullable DataSetPreProcessor preProcessor;

    SuperpositionIterator(SyntheticSuperposition source, int batch, int batches, int startEpoch) {
        this.source = source;
        this.batch = batch;
        this.batches = batches;
        this.epoch = startEpoch;
    }

    @Override
    public DataSet next() {
        if (!hasNext()) {
            throw new NoSuchElementException(
                    "SyntheticSuperposition: no mini-batch is left in this epoch; call reset()");
        }
        INDArray x = source.examples(((long) epoch * batches + position++) * batch, batch);
        DataSet minibatch = new DataSet(x, preProcessor == null ? x : x.dup());
        if (preProcessor != null) {
            preProcessor.preProcess(minibatch);
        }
        return minibatch;
    }

    @Override
    public DataSet next(int count) {
        if (count != batch) {
            throw new UnsupportedOperationException(
                    "SyntheticSuperposition: all mini-batches have " + batch + " examples, got " + count);
        }
        return next();
    }

    @Override
    public boolean hasNext() {
        return position < batches;
    }

    /** Starts the next epoch, unless the current one has just started. */
    @Override
    public void reset() {
        if (position > 0) {
            epoch++;
            position = 0;
        }
    }

    @Override
    public int inputColumns() {
        return source.dimensions();
    }

    @Override
    public int totalOutcomes() {
        return source.dimensions();
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    @Override
    public boolean asyncSupported() {
        return true;
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public void setPreProcessor(@Nullable DataSetPreProcessor preProcessor) {
        this.preProcessor = preProcessor;
    }

    @Override
    public @Nullable DataSetPreProcessor getPreProcessor() {
        return preProcessor;
    }

    @Override
    public List<String> getLabels() {
        return List.of();
    }
}
