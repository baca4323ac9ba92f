package io.github.dl4jae.denoising;

import io.github.dl4jae.internal.kernel.FloatingPoint;
import java.util.List;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Minibatches to learn denoising from: corrupted features, and the clean ones as targets.
 *
 * <pre>
 * (x, anything) becomes (x̃, x)
 * </pre>
 *
 * <p>For what a corruption inside the network can't do: to score a network on corrupted examples, to
 * show them, to train a network that someone else has made. For training, {@code dropOut(corruption)} on the first layer does the same.
 *
 * <p>Iterations are counted from 0 over all epochs, epochs by {@link #reset()}: schedules of the corruption see both. Two
 * iterators made alike give the same corruption. Masks stay with their features, and with the targets.
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
     * @param clean gives the examples; its labels are not used
     * @param corruption such as {@link MaskingNoise}, or any of Deeplearning4j's
     */
    public CorruptedIterator(DataSetIterator clean, IDropout corruption) {
        if (clean == null || corruption == null) {
            throw new IllegalArgumentException("CorruptedIterator: needs an iterator and a corruption, got " + clean
                    + " and " + corruption + "; give both");
        }
        this.clean = clean;
        this.corruption = corruption;
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

    /** As many as there are features. */
    @Override
    public int totalOutcomes() {
        return clean.inputColumns();
    }

    /** None: targets have no names. */
    @Override
    public List<String> getLabels() {
        return List.of();
    }

    /** It is applied to clean examples. */
    @Override
    public void setPreProcessor(DataSetPreProcessor preProcessor) {
        clean.setPreProcessor(preProcessor);
    }

    @Override
    public DataSetPreProcessor getPreProcessor() {
        return clean.getPreProcessor();
    }
}
