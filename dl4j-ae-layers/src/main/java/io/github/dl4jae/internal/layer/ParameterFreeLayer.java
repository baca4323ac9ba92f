package io.github.dl4jae.internal.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The base of implementations of layers without parameters: it counts examples and ends the construction of the
 * network.
 *
 * @param <C> the configuration
 */
public abstract class ParameterFreeLayer<C extends org.deeplearning4j.nn.conf.layers.Layer> extends AbstractLayer<C> {

    /** The number of examples in the mini-batch. */
    protected final ExampleCount examples = new ExampleCount();
    /** True if the last forward pass was one of training: backprop is its derivative. */
    protected boolean trainingPass = true;

    /**
     * Creates the layer.
     *
     * @param conf its configuration
     * @param dataType of its activations
     */
    protected ParameterFreeLayer(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
        super.setInput(input, workspaces);
        examples.receive(input);
    }

    @Override
    public void setInputMiniBatchSize(int size) {
        examples.announce(size);
    }

    @Override
    public void setIterationCount(int iterationCount) {
        super.setIterationCount(iterationCount);
        NetworkConstruction.complete();
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public void clearNoiseWeightParams() {
        // no parameters
    }
}
