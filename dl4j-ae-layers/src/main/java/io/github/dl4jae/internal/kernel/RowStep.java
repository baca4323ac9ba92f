package io.github.dl4jae.internal.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A layer at inference as a function of float32 rows: a = act(x·W + b), or a = act(x). Threads can share it.
 *
 * @param product the product and bias; null if there is none
 * @param activation the activation
 */
public record RowStep(@Nullable AffineRows product, RowActivation activation) {

    /** The step of a layer that does nothing at inference, such as dropout. */
    public static final RowStep IDENTITY = new RowStep(null, ElementwiseActivation.IDENTITY);

    /**
     * Returns the step of a layer if both of its parts exist.
     *
     * @param product the product, or null if it must be computed otherwise
     * @param activation the activation, or null if it must be computed otherwise
     * @return null if an argument is null
     */
    public static @Nullable RowStep of(@Nullable AffineRows product, @Nullable RowActivation activation) {
        return product == null || activation == null ? null : new RowStep(product, activation);
    }
}
