package io.github.dl4jae.internal.kernel;

/**
 * An activation with a diagonal Jacobian as a loop over one row of float32, so that a layer can fuse it with the loops
 * before and after it.
 *
 * <p>The derivative comes with the value. Backprop is then one multiplication. It needs neither pre-activations nor
 * activations, which others may have overwritten.
 */
@FunctionalInterface
public interface RowActivation {

    /**
     * Replaces pre-activations by activations.
     *
     * @param z one example, becomes a
     * @param derivative receives ∂a/∂z; null if it is not wanted
     * @param n how many units
     * @param training whether in training
     */
    void activateRow(float[] z, float[] derivative, int n, boolean training);
}
