package io.github.dl4jae.dense;

import io.github.dl4jae.internal.kernel.Products;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The products of dense and output layers, into arrays of the right workspace and order. */
final class DenseProducts {

    private DenseProducts() {}

    /** x·W: [B,n]·[n,m] → [B,m]. */
    static INDArray forward(INDArray input, INDArray W, LayerWorkspaceMgr workspaces) {
        INDArray x = input.castTo(W.dataType());
        INDArray z = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, W.dataType(), new long[] {x.size(0), W.size(1)}, 'c');
        Products.forward(x, W, z);
        return z;
    }

    /** ∂W = xᵀ·δ: [n,B]·[B,m] → [n,m]. */
    static void weightGradient(INDArray input, INDArray delta, INDArray view, Gradient gradient) {
        Products.weightGradient(input.castTo(delta.dataType()), delta, view);
        gradient.gradientForVariable().put(DefaultParamInitializer.WEIGHT_KEY, view);
    }

    /** ∂x = δ·Wᵀ: [B,m]·[m,n] → [B,n]. */
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
