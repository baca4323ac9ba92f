package io.github.dl4jae.layer;

/**
 * An implementation of a layer whose backprop is the derivative of a surrogate, because its output is a step function.
 *
 * <p>A quantizer computes q(s(x)) with a smooth s and a step function q. Its straight-through gradient is that of
 *
 * <pre>
 * s(x) + c        c = q(s(x₀)) − s(x₀), a constant at the values x₀ of the pass
 * </pre>
 *
 * <p>Around x₀ the surrogate has the value of the layer and the declared gradient. Central differences of the layer
 * itself are 0, so the test kit compares the gradient with those of the surrogate.
 */
public interface StraightThrough {

    /**
     * Starts to compute the surrogate. The next forward pass sets its constants, and has the output of the layer
     * itself. Later passes use these constants.
     */
    void holdSurrogate();

    /** Returns to the layer itself. */
    void releaseSurrogate();
}
