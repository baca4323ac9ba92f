package io.github.dl4jae.dense;

import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.layer.DenseChecks;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The products and gradients of dense and output layers, in arrays of the right workspace and order. */
final class DenseProducts {

    private DenseProducts() {}

    /**
     * Checks the input and computes x·W: [B,n]·[n,m] → [B,m].
     *
     * @param layer the configuration of the layer
     * @param index of the layer in its network, for the message
     * @throws DL4JInvalidInputException if the input is not {@code [batch, nIn]}
     */
    static INDArray forward(
            FeedForwardLayer layer, int index, INDArray input, INDArray W, LayerWorkspaceMgr workspaces) {
        DenseChecks.requireInput(layer, input, index);
        INDArray x = input.castTo(W.dataType());
        INDArray z = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, W.dataType(), new long[] {x.size(0), W.size(1)}, 'c');
        Products.forward(x, W, z);
        return z;
    }

    /** Computes ∂W = xᵀ·δ: [n,B]·[B,m] → [n,m]. */
    static void weightGradient(INDArray input, INDArray delta, INDArray view, Gradient gradient) {
        Products.weightGradient(input.castTo(delta.dataType()), delta, view);
        gradient.setGradientFor(DefaultParamInitializer.WEIGHT_KEY, view, view.ordering());
    }

    /** Computes ∂b = Σ_rows δ: [B,m] → [m]. */
    static void biasGradient(INDArray delta, INDArray view, Gradient gradient) {
        Products.biasGradient(delta, view);
        gradient.gradientForVariable().put(DefaultParamInitializer.BIAS_KEY, view);
    }

    /**
     * Computes ∂x = δ·Wᵀ: [B,m]·[m,n] → [B,n].
     *
     * @param sparseInput whether to leave ∂x at 0 where x is 0
     */
    static INDArray inputGradient(
            INDArray input, INDArray delta, INDArray W, boolean sparseInput, LayerWorkspaceMgr workspaces) {
        INDArray epsilon =
                workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, delta.dataType(), input.shape(), 'c');
        if (sparseInput) {
            Products.inputGradientWhereActive(delta, W, input.castTo(delta.dataType()), epsilon);
        } else {
            Products.inputGradient(delta, W, epsilon);
        }
        return epsilon;
    }
}
