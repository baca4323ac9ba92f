package io.github.dl4jae.compression;

/** The replacement of rounding in training. At inference codes are always rounded. */
public enum Quantization {
    /** Adds noise that is uniform in [−½, ½]. The score is differentiable, and its gradient exact. */
    NOISE,
    /**
     * Rounds, and passes the gradient on as if it did not. The decoder sees what it gets at inference; the gradient is
     * a declared surrogate.
     */
    STRAIGHT_THROUGH
}
