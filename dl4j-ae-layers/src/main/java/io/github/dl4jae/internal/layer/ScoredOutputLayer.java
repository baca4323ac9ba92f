package io.github.dl4jae.internal.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.layers.BaseOutputLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The base of implementations of output layers that compute their loss once per training step: it drops the loss of
 * backprop where input, labels or mask change, and ends the construction of the network. Its input is never modified.
 *
 * @param <C> the configuration
 */
public abstract class ScoredOutputLayer<C extends org.deeplearning4j.nn.conf.layers.BaseOutputLayer>
        extends BaseOutputLayer<C> {

    /** The loss of the last backprop. */
    protected final BackpropLoss lossOfBackprop = new BackpropLoss();

    /**
     * Creates the layer.
     *
     * @param conf its configuration
     * @param dataType of its parameters
     */
    protected ScoredOutputLayer(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /**
     * Sets the score.
     *
     * @param sum the loss, summed over the mini-batch
     * @param regularization the share of all layers
     * @return the score
     */
    protected final double scoreOf(double sum, double regularization) {
        score = (conf().isMiniBatch() ? sum / getInputMiniBatchSize() : sum) + regularization;
        return score;
    }

    @Override
    public void setIterationCount(int iterationCount) {
        super.setIterationCount(iterationCount);
        NetworkConstruction.complete();
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
        super.setInput(input, workspaces);
        lossOfBackprop.drop();
    }

    @Override
    public void setLabels(INDArray labels) {
        super.setLabels(labels);
        lossOfBackprop.drop();
    }

    @Override
    public void setMaskArray(INDArray mask) {
        lossOfBackprop.dropForMask(maskArray, mask);
        super.setMaskArray(mask);
    }

    @Override
    public void clear() {
        super.clear();
        lossOfBackprop.drop();
    }

    @Override
    protected final INDArray getLabels2d(LayerWorkspaceMgr workspaces, ArrayType type) {
        return labels;
    }

    /** Ignores the permission. In a graph, other vertices read the same array, in backprop too. */
    @Override
    public final void allowInputModification(boolean allow) {
        // dropout writes to an array of its own
    }
}
