package io.github.dl4jae.internal.layer;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Arrays that a layer keeps from its forward pass for backprop. */
public final class KeptArrays {

    private KeptArrays() {}

    /**
     * Returns whether the workspaces of arrays still hold them. Forward and backward pass can have two callers.
     *
     * @param arrays kept arrays; null for those that are not needed
     * @return false if one of them lies in a workspace that was closed or reused since
     */
    public static boolean areAlive(@Nullable INDArray... arrays) {
        for (INDArray array : arrays) {
            if (array != null && array.isAttached() && !isHeld(array)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHeld(INDArray array) {
        return array.data().getParentWorkspace().isScopeActive()
                && array.data().getParentWorkspace().getGenerationId()
                        == array.data().getGenerationId();
    }
}
