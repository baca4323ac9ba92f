package io.github.dl4jae.recurrent;

import java.util.Map;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The passes of a gated recurrent layer over sequences {@code [B, n, T]}, forward and back. */
interface GatedPasses {

    /** The parameters of a pass. */
    record Parameters(INDArray W, INDArray R, INDArray b) {}

    /** The names of the parameters. */
    record Keys(String W, String R, String b) {}

    /** Drops a pass that was kept. */
    void forget();

    /** Returns whether a forward pass with this mask is kept for backprop. */
    boolean holdsPass(@Nullable INDArray mask);

    /**
     * Computes all steps.
     *
     * @param sequences {@code [B, n, T]}, or {@code [B, n]} for one step
     * @param parameters of the pass
     * @param h {@code [B, h]} in 'c' order: the initial outputs, replaced by the last ones; null for 0
     * @param c likewise for the cells; {@code h} in a layer without cells; null for 0
     * @param mask {@code [B, T]} or null
     * @param keep whether backprop follows
     * @param workspaces of the pass
     * @return {@code [B, h, T]}
     */
    INDArray forward(
            INDArray sequences,
            Parameters parameters,
            @Nullable INDArray h,
            @Nullable INDArray c,
            @Nullable INDArray mask,
            boolean keep,
            LayerWorkspaceMgr workspaces);

    /**
     * Backpropagates through the pass that is kept.
     *
     * @param epsilon {@code [B, h, T]}
     * @param mask as in the forward pass
     * @param longest the number of steps, from the last, through which gradients flow
     * @param views the gradients of the parameters
     * @param keys their names
     * @param inputs n
     * @param workspaces of the pass
     * @return the gradient, and ε for the layer below, {@code [B, n, T]}
     */
    Pair<Gradient, INDArray> backprop(
            INDArray epsilon,
            @Nullable INDArray mask,
            int longest,
            Map<String, INDArray> views,
            Keys keys,
            long inputs,
            LayerWorkspaceMgr workspaces);
}
