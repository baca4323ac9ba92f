package io.github.dl4jae.kernel;

import java.util.Optional;
import org.nd4j.linalg.activations.IActivation;

/**
 * An activation that can be computed row by row in a Java array, so that a layer can fuse it with what stands before and
 * behind it: the float32 twin of an {@code IActivation} whose Jacobian is diagonal.
 *
 * <p>The derivative comes with the value. Backprop is then one multiplication, and needs neither pre-activations nor the
 * activations, which others may have overwritten.
 */
public interface RowActivation {

    /**
     * The twin of an activation.
     *
     * @param activation any
     * @return empty for activations that have none
     */
    static Optional<RowActivation> of(IActivation activation) {
        return activation instanceof RowActivation row
                ? Optional.of(row)
                : ElementwiseActivation.of(activation).map(RowActivation.class::cast);
    }

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
