package io.github.dl4jae.internal.layer;

import java.util.Collection;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradient with respect to the input where a layer has {@code inputGradient(false)}. For layer authors.
 *
 * <p>Zeros, which no layer reads below the first. A {@code MultiLayerNetwork} refuses the option elsewhere. A
 * {@code ComputationGraph} does not tell a layer what is below it, so there the gradient is left out only if the layer
 * reads an input of the graph itself.
 *
 * <p>How it works: in the forward pass a graph names the workspace that holds what its vertices have made. An array
 * from elsewhere is one of its inputs. Without workspaces the two cannot be told apart, and the gradient is computed.
 */
public final class OmittedInputGradient {

    private boolean inStack;
    private boolean readsInputOfGraph;

    /** For a layer of a graph, until a {@code MultiLayerNetwork} announces mini-batches. */
    public OmittedInputGradient() {}

    /**
     * Refuses the option on a layer that is not the first of a {@code MultiLayerNetwork}: layers below would not learn.
     *
     * @param subject the layer, for the message
     * @param listeners as passed to {@code instantiate}; null in a {@code ComputationGraph}
     * @param index of the layer
     * @throws DL4JInvalidConfigException if there are layers below
     */
    public static void requireFirst(String subject, Collection<?> listeners, int index) {
        if (listeners != null && index > 0) {
            throw new DL4JInvalidConfigException(
                    subject + ": inputGradient(false) is for the first layer of a network, got" + " it on layer "
                            + index + "; the layers below need the gradient, so leave the option out");
        }
    }

    /** Notes that a {@code MultiLayerNetwork} has announced a mini-batch. */
    public void announce() {
        inStack = true;
    }

    /**
     * Notes where the input of a forward pass comes from.
     *
     * @param input as passed to {@code setInput}
     * @param workspaces as passed with it
     */
    public void receive(INDArray input, LayerWorkspaceMgr workspaces) {
        String ofVertices = workspaces.getWorkspaceName(ArrayType.ACTIVATIONS);
        boolean madeByVertex =
                input.isAttached() && input.data().getParentWorkspace().getId().equals(ofVertices);
        readsInputOfGraph = ofVertices != null && !madeByVertex;
    }

    /**
     * Returns whether nothing below the layer needs the gradient.
     *
     * @return true if {@link #zeros} can be returned
     */
    public boolean isUnread() {
        return inStack || readsInputOfGraph;
    }

    /**
     * Returns what backprop passes on instead.
     *
     * @param type of the layer's numbers
     * @param shape of its input
     * @param workspaces of backprop
     * @return zeros
     */
    public static INDArray zeros(DataType type, long[] shape, LayerWorkspaceMgr workspaces) {
        return workspaces.create(ArrayType.ACTIVATION_GRAD, type, shape, 'c');
    }
}
