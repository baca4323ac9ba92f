package io.github.dl4jae.concrete;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** An iterator that ends early when a condition holds. */
final class EarlyStopIterator implements DataSetIterator {

    private final DataSetIterator iterator;
    private final transient BooleanSupplier ended;

    EarlyStopIterator(DataSetIterator iterator, BooleanSupplier ended) {
        this.iterator = iterator;
        this.ended = ended;
    }

    @Override
    public boolean hasNext() {
        return !ended.getAsBoolean() && iterator.hasNext();
    }

    @Override
    public DataSet next() {
        if (!iterator.hasNext()) {
            throw new NoSuchElementException();
        }
        return iterator.next(); // even if the condition has become true since hasNext
    }

    @Override
    public DataSet next(int examples) {
        return iterator.next(examples);
    }

    @Override
    public int inputColumns() {
        return iterator.inputColumns();
    }

    @Override
    public int totalOutcomes() {
        return iterator.totalOutcomes();
    }

    @Override
    public boolean resetSupported() {
        return iterator.resetSupported();
    }

    @Override
    public boolean asyncSupported() {
        return iterator.asyncSupported();
    }

    @Override
    public void reset() {
        iterator.reset();
    }

    @Override
    public int batch() {
        return iterator.batch();
    }

    @Override
    public void setPreProcessor(DataSetPreProcessor preProcessor) {
        iterator.setPreProcessor(preProcessor);
    }

    @Override
    public DataSetPreProcessor getPreProcessor() {
        return iterator.getPreProcessor();
    }

    @Override
    public List<String> getLabels() {
        return iterator.getLabels();
    }
}
