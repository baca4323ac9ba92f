package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.math.EpochOrder;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** Mini-batches of one-hot sequences, which are made when they are needed: all of them would not fit in memory. */
final class IndexBatches implements DataSetIterator {

    private static final long serialVersionUID = 1L;

    private final transient IndexLayout layout;
    private final transient int[][] tokens;
    private final transient int @Nullable [] labels;
    private final int batch;
    private final transient EpochOrder order;

    IndexBatches(IndexLayout layout, int[][] tokens, int @Nullable [] labels, int batch, EpochOrder order) {
        this.layout = layout;
        this.tokens = tokens;
        this.labels = labels;
        this.batch = batch;
        this.order = order;
    }

    @Override
    public boolean hasNext() {
        return order.hasNext();
    }

    @Override
    public DataSet next() {
        return next(batch);
    }

    @Override
    public DataSet next(int count) {
        if (!hasNext()) {
            throw new NoSuchElementException("IndexBatches: the epoch is over; call reset() first");
        }
        return batch(order.next(count));
    }

    private DataSet batch(int[] examples) {
        int time = layout.length();
        int width = layout.features();
        float[] features = new float[examples.length * width * time];
        float[] targets = new float[examples.length * layout.codes() * time];
        float[] mask = new float[examples.length * time];
        for (int b = 0; b < examples.length; b++) {
            int[] sequence = tokens[examples[b]];
            int label = labels == null ? 0 : labels[examples[b]];
            for (int at = 0; at < time; at++) {
                layout.write(sequence, at, label, features, b * width * time + at, time);
                if (sequence[at] >= 0) {
                    targets[(b * layout.codes() + sequence[at]) * time + at] = 1;
                    mask[b * time + at] = 1;
                }
            }
        }
        INDArray present = Nd4j.createFromArray(mask).reshape(examples.length, time);
        return new DataSet(
                Nd4j.createFromArray(features).reshape(examples.length, width, time),
                Nd4j.createFromArray(targets).reshape(examples.length, layout.codes(), time),
                null,
                present);
    }

    @Override
    public void reset() {
        order.reset();
    }

    @Override
    public int inputColumns() {
        return layout.features();
    }

    @Override
    public int totalOutcomes() {
        return layout.codes();
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
    public int batch() {
        return batch;
    }

    @Override
    public void setPreProcessor(@Nullable DataSetPreProcessor preProcessor) {
        throw new UnsupportedOperationException("IndexBatches: tokens must not be preprocessed, got " + preProcessor);
    }

    @Override
    public @Nullable DataSetPreProcessor getPreProcessor() {
        return null;
    }

    @Override
    public List<String> getLabels() {
        return List.of();
    }
}
