package io.github.dl4jae.dictionary;

import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** Mini-batches of a buffer as data of a graph with one input, and an output for each dictionary. */
@SuppressWarnings("serial") // iterators of Deeplearning4j are serializable, their data are not
final class RowBatches implements MultiDataSetIterator {

    private final transient Iterator<float[]> rows;
    private final RowScales scales;
    private final int dictionaries;

    RowBatches(Iterator<float[]> rows, RowScales scales, int dictionaries) {
        this.rows = rows;
        this.scales = scales;
        this.dictionaries = dictionaries;
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public org.nd4j.linalg.dataset.api.MultiDataSet next() {
        float[] next = rows.next();
        INDArray x = part(next, 0, scales.inputs(), scales.inputScale());
        INDArray y = scales.outputs() == 0 ? x : part(next, scales.inputs(), scales.outputs(), scales.outputScale());
        INDArray[] labels = new INDArray[dictionaries];
        Arrays.fill(labels, y);
        return new MultiDataSet(new INDArray[] {x}, labels);
    }

    private INDArray part(float[] rows, int from, int width, double scale) {
        int stride = scales.inputs() + scales.outputs();
        int n = rows.length / stride;
        float[] values = new float[n * width];
        float factor = (float) scale;
        for (int row = 0; row < n; row++) {
            for (int i = 0; i < width; i++) {
                values[row * width + i] = factor * rows[row * stride + from + i];
            }
        }
        return Nd4j.create(values, new int[] {n, width}, 'c');
    }

    @Override
    public org.nd4j.linalg.dataset.api.MultiDataSet next(int examples) {
        throw new UnsupportedOperationException("the buffer has one size of mini-batches");
    }

    @Override
    public void setPreProcessor(@Nullable MultiDataSetPreProcessor preProcessor) {
        throw new UnsupportedOperationException("activations need no preprocessor");
    }

    @Override
    @SuppressWarnings("NullAway") // Deeplearning4j's contract
    public MultiDataSetPreProcessor getPreProcessor() {
        return null;
    }

    @Override
    public boolean resetSupported() {
        return false;
    }

    @Override
    public boolean asyncSupported() {
        return false;
    }

    @Override
    public void reset() {
        throw new UnsupportedOperationException("each epoch has an iterator of its own");
    }
}
