package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.kernel.ConvolutionShape;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The forward and backward pass of a convolution or transposed convolution with bias and activation. */
interface ConvolutionPass {

    /** Drops the arrays that the forward pass has kept. */
    void forget();

    /** Returns whether {@link #backprop} can use the forward pass. */
    boolean isKept();

    /**
     * Computes the output.
     *
     * @param shape the sizes of the convolution; for a transposed one, those of the convolution it transposes
     * @param x the input
     * @param W {@code [filters, channels, height, width]}, or a matrix {@code [height·width·channels, filters]}
     * @param b the bias, or null
     * @param keep whether backprop follows
     */
    INDArray activate(
            ConvolutionShape shape,
            INDArray x,
            INDArray W,
            @Nullable INDArray b,
            IActivation activation,
            boolean training,
            boolean keep,
            LayerWorkspaceMgr workspaces);

    /**
     * Computes the gradients of the last kept pass, which is consumed.
     *
     * @param epsilon the gradient with respect to the output
     * @param W the weights of the forward pass
     * @param dW receives ∂W, in the shape of W
     * @param db receives ∂b, or null
     * @param inputGradient whether to compute ∂x
     * @return ∂x, or null
     */
    @Nullable
    INDArray backprop(
            INDArray epsilon,
            INDArray W,
            INDArray dW,
            @Nullable INDArray db,
            boolean inputGradient,
            IActivation activation,
            boolean training,
            LayerWorkspaceMgr workspaces);
}
