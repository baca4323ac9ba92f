package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * An iterator over mini-batches for conditional autoencoders: the inputs are features and labels, the targets are the
 * features.
 *
 * <pre>
 * (x, y)  ↦  inputs [x, y], targets [x]
 * </pre>
 *
 * <pre>{@code
 * graph.fit(new ConditionalIterator(images.iterator(128).shuffle(1).withLabels().build()));
 * }</pre>
 */
public final class ConditionalIterator implements MultiDataSetIterator {

    private final DataSetIterator labeled;
    private @Nullable MultiDataSetPreProcessor preProcessor;

    /**
     * Wraps an iterator.
     *
     * @param labeled the source of features x and labels y, without masks
     * @throws IllegalArgumentException if the iterator is null
     */
    public ConditionalIterator(DataSetIterator labeled) {
        this.labeled = Require.given("ConditionalIterator", "labeled", labeled, "");
    }

    @Override
    public MultiDataSet next(int examples) {
        return conditional(labeled.next(examples));
    }

    @Override
    public MultiDataSet next() {
        return conditional(labeled.next());
    }

    private MultiDataSet conditional(DataSet minibatch) {
        if (minibatch.getFeaturesMaskArray() != null || minibatch.getLabelsMaskArray() != null) {
            throw new IllegalArgumentException(
                    "ConditionalIterator: mini-batches must have no masks, got one with a mask; create a MultiDataSet"
                            + " directly for sequences of different lengths");
        }
        INDArray x = minibatch.getFeatures();
        if (minibatch.getLabels() == null || minibatch.getLabels() == x) {
            throw new IllegalArgumentException("ConditionalIterator: mini-batches must have labels of their own, got "
                    + (minibatch.getLabels() == null ? "none" : "the features themselves")
                    + "; for images, build the iterator with withLabels()");
        }
        MultiDataSet conditional = new MultiDataSet(
                new INDArray[] {x, minibatch.getLabels()},
                // a preprocessor of inputs must not change targets
                new INDArray[] {preProcessor == null ? x : x.dup()});
        if (preProcessor != null) {
            preProcessor.preProcess(conditional);
        }
        return conditional;
    }

    @Override
    public boolean hasNext() {
        return labeled.hasNext();
    }

    @Override
    public void reset() {
        labeled.reset();
    }

    @Override
    public boolean resetSupported() {
        return labeled.resetSupported();
    }

    @Override
    public boolean asyncSupported() {
        return labeled.asyncSupported();
    }

    @Override
    public void setPreProcessor(@Nullable MultiDataSetPreProcessor preProcessor) {
        this.preProcessor = preProcessor;
    }

    @Override
    public @Nullable MultiDataSetPreProcessor getPreProcessor() {
        return preProcessor;
    }
}
