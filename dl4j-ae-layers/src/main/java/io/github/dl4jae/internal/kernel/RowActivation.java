package io.github.dl4jae.internal.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A loop over one float32 row of an activation with a diagonal Jacobian, which a layer can fuse with other loops.
 *
 * <p>It computes the derivative together with the value. Backprop is then one multiplication, and needs neither
 * pre-activations nor activations, which may have been overwritten.
 */
@FunctionalInterface
public interface RowActivation {

    /**
     * Replaces pre-activations by activations.
     *
     * @param z the pre-activations of one example; becomes a
     * @param derivative receives ∂a/∂z; null if it is not needed
     * @param n the number of units
     * @param training whether the forward pass is in training mode
     */
    void activateRow(float[] z, float @Nullable [] derivative, int n, boolean training);
}
