package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.math.EpochOrder;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * The mini-batches of one epoch, which are made when they are needed. A mini-batch can depend on the parameters of its
 * time, so they are not read ahead.
 */
final class EpochOfBatches implements MultiDataSetIterator {

    private static final long serialVersionUID = 1L;

    /** Makes a mini-batch. */
    @FunctionalInterface
    interface Source {

        /**
         * Makes a mini-batch.
         *
         * @param rows the examples
         * @param iteration the number of mini-batches before it in all epochs
         * @return the mini-batch
         */
        MultiDataSet of(int[] rows, long iteration);
    }

    private final transient Source source;
    private final transient EpochOrder order;
    private final int batch;
    private final int examples;
    private long iteration;

    EpochOfBatches(int examples, int batch, boolean shuffled, long seed, int epoch, Source source) {
        this.source = source;
        this.order = new EpochOrder(examples, shuffled, seed, epoch);
        this.batch = batch;
        this.examples = examples;
        this.iteration = (long) epoch * ((examples + batch - 1) / batch);
    }

    @Override
    public boolean hasNext() {
        return order.hasNext();
    }

    @Override
    public MultiDataSet next() {
        return next(batch);
    }

    @Override
    public MultiDataSet next(int count) {
        if (!hasNext()) {
            throw new NoSuchElementException("EpochOfBatches: the epoch of " + examples + " examples is over");
        }
        return source.of(order.next(count), iteration++);
    }

    @Override
    public void reset() {
        order.reset();
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    @Override
    public boolean asyncSupported() {
        return false;
    }

    @Override
    public void setPreProcessor(@Nullable MultiDataSetPreProcessor preProcessor) {
        throw new UnsupportedOperationException(
                "EpochOfBatches: sequences must not be preprocessed, got " + preProcessor);
    }

    @Override
    public @Nullable MultiDataSetPreProcessor getPreProcessor() {
        return null;
    }
}
