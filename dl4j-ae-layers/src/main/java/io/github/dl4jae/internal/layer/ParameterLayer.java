package io.github.dl4jae.internal.layer;

import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The base of implementations of layers with parameters.
 *
 * <p>It counts examples, notes where the input comes from, drops what a forward pass has kept when there is new input,
 * and ends the construction of the network. Its input is never modified, not even where Deeplearning4j allows it: in a
 * graph, other vertices read the same array, in backprop too.
 *
 * @param <C> the configuration
 */
public abstract class ParameterLayer<C extends org.deeplearning4j.nn.conf.layers.BaseLayer> extends BaseLayer<C> {

    /** The number of examples in the mini-batch. */
    protected final ExampleCount examples = new ExampleCount();
    /** Tells where the gradient with respect to the input is not needed. */
    protected final OmittedInputGradient omittedInputGradient = new OmittedInputGradient();
    /** True if the last forward pass was one of training: backprop is its derivative. */
    protected boolean trainingPass = true;

    /**
     * Creates the layer.
     *
     * @param conf its configuration
     * @param dataType of its parameters
     */
    protected ParameterLayer(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /**
     * Returns the view of a parameter's gradient.
     *
     * @param key the name of the parameter
     * @return an array that backprop fills
     */
    protected final INDArray gradientView(String key) {
        return Objects.requireNonNull(gradientViews.get(key), key);
    }

    /**
     * Applies an activation and the mask.
     *
     * @param activation may overwrite its input
     * @param z pre-activations {@code [B, m]}
     * @param keep whether z must keep its values, for backprop
     * @param training whether the pass is one of training
     * @param workspaces for a copy of z
     * @return a = act(z), rows of the mask zeroed
     */
    protected final INDArray activated(
            IActivation activation, INDArray z, boolean keep, boolean training, LayerWorkspaceMgr workspaces) {
        INDArray a = activation.getActivation(keep ? workspaces.dup(ArrayType.ACTIVATIONS, z, 'c') : z, training);
        if (maskArray != null) {
            applyMask(a);
        }
        return a;
    }

    /** Drops what the last forward pass has kept for backprop. */
    protected void forget() {
        // subclasses that keep arrays override this
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
        super.setInput(input, workspaces);
        omittedInputGradient.receive(input, workspaces);
        examples.receive(input);
        forget();
    }

    @Override
    public void clear() {
        super.clear();
        forget();
    }

    @Override
    public void setInputMiniBatchSize(int size) {
        examples.announce(size);
        omittedInputGradient.announce();
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
    public final void allowInputModification(boolean allow) {
        // dropout goes to an array of its own
    }
}
