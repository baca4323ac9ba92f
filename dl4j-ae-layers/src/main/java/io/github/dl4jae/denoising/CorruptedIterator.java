package io.github.dl4jae.denoising;

import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.layer.Require;
import java.util.List;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * An iterator of mini-batches with corrupted features and the clean features as targets.
 *
 * <pre>
 * (x, anything) becomes (x̃, x)
 * </pre>
 *
 * <p>Use it to score a network on corrupted examples, to plot them, or to train a network whose configuration cannot be
 * changed. When not to use it: to train your own network, call {@code dropOut(corruption)} on its first layer instead,
 * which has the same effect.
 *
 * <p>Iterations are counted from 0 over all epochs, and {@link #reset()} starts an epoch: schedules of the corruption
 * receive both counts. Two iterators with equal arguments give the same corruption. The features mask is also the mask
 * of the targets.
 */
public final class CorruptedIterator implements DataSetIterator {

    private final DataSetIterator clean;
    private final IDropout corruption;
    private int iteration;
    private int epoch;
    private boolean begun;

    /**
     * Wraps an iterator.
     *
     * @param clean the iterator of the examples; its labels are ignored
     * @param corruption such as {@link MaskingNoise}, or any {@code IDropout} of Deeplearning4j
     * @throws IllegalArgumentException if an argument is null
     */
    public CorruptedIterator(DataSetIterator clean, IDropout corruption) {
        this.clean = Require.given("CorruptedIterator", "clean", clean, "pass an iterator of clean examples");
        this.corruption = Require.given("CorruptedIterator", "corruption", corruption, "use MaskingNoise, for example");
    }

    @Override
    public DataSet next() {
        return corrupt(clean.next());
    }

    @Override
    public DataSet next(int examples) {
        return corrupt(clean.next(examples));
    }

    private DataSet corrupt(DataSet examples) {
        INDArray x = FloatingPoint.of(examples.getFeatures());
        INDArray corrupted = corruption.applyDropout(x, x.dup(), iteration++, epoch, LayerWorkspaceMgr.noWorkspaces());
        corruption.clear();
        begun = true;
        return new DataSet(corrupted, x, examples.getFeaturesMaskArray(), examples.getFeaturesMaskArray());
    }

    @Override
    public void reset() {
        clean.reset();
        if (begun) {
            epoch++;
            begun = false;
        }
    }

    @Override
    public boolean hasNext() {
        return clean.hasNext();
    }

    @Override
    public boolean resetSupported() {
        return clean.resetSupported();
    }

    @Override
    public boolean asyncSupported() {
        return clean.asyncSupported();
    }

    @Override
    public int batch() {
        return clean.batch();
    }

    @Override
    public int inputColumns() {
        return clean.inputColumns();
    }

    /** Returns the number of features, because the targets are the clean features. */
    @Override
    public int totalOutcomes() {
        return clean.inputColumns();
    }

    /** Returns an empty list, because the targets have no names. */
    @Override
    public List<String> getLabels() {
        return List.of();
    }

    /** Sets the preprocessor of the clean examples, which runs before the corruption. */
    @Override
    public void setPreProcessor(DataSetPreProcessor preProcessor) {
        clean.setPreProcessor(preProcessor);
    }

    @Override
    public DataSetPreProcessor getPreProcessor() {
        return clean.getPreProcessor();
    }
}
