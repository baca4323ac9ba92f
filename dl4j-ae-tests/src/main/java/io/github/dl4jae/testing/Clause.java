package io.github.dl4jae.testing;

/** A property that a network requires of a layer, checked by {@link LayerContract}. */
public enum Clause {
    /**
     * Backpropagation gives the gradient of the score with workspaces on and off and with the mini-batch average on
     * and off. This holds for the layer's own parameters and for those of the layer before it. Parameters without an
     * updater, such as the running mean of batch normalization, are left out.
     */
    GRADIENT,
    /** In a {@code ComputationGraph} the same parameters give the same score and gradient. */
    GRAPH,
    /** The score is the same when it is computed again, in training and at test time, before and after inference. */
    SCORE,
    /**
     * The gradient is correct with ragged masks, and values at masked time steps have no effect. Networks whose rows
     * are time steps are checked only with the mini-batch average on: with it off, Deeplearning4j tells preprocessors
     * that there is one example.
     */
    MASK,
    /**
     * A forward pass does not change its input. Backpropagation is correct after callers change the returned
     * activations.
     */
    ALIASING,
    /** The configuration survives JSON field by field, and computes the same output. */
    JSON,
    /** The configuration survives YAML field by field, and computes the same output. */
    YAML,
    /** A cloned configuration is equal. A cloned network computes the same output with its own parameters. */
    CLONE,
    /** A network restored from a file computes the same output and continues training in the same way. */
    ZIP,
    /** The memory report exists and has the correct number of parameters. */
    MEMORY_REPORT,
    /** Pretraining follows the gradient of the pretraining score, with the correct size and sign. */
    PRETRAINING,
    /**
     * A layer frozen by {@code TransferLearning} keeps its parameters and its output. Inside a {@code
     * FrozenLayerWithBackprop} it passes on the gradient of its test-time output. After a frozen layer it trains as
     * before.
     */
    FROZEN,
    /**
     * A trained network computes the same output after cloning, conversion to a {@code ComputationGraph}, or both.
     */
    CONVERTED,
    /**
     * Gradients in a graph are correct for any order of declaration, and where another layer reads the same input.
     */
    ORDER,
    /**
     * After a {@code StackVertex}, which makes more rows than examples, the gradient is that of the score, or the
     * layer refuses to train.
     */
    STACKED,
    /** Features of integer and half-precision types give the same results as in float64, or are refused. */
    TYPES,
    /**
     * A mini-batch without examples gives an empty result or an error message, not a null pointer, a division by zero
     * or an index out of bounds.
     */
    EMPTY,
    /** NaN in features appears in the score or in the gradient, or is refused. */
    NON_FINITE,
    /**
     * The configuration survives Java serialization, which Spark uses, field by field, and computes the same output.
     */
    JAVA_SERIALIZATION,
    /** A mini-batch that contains every example twice has the same score. */
    EXAMPLES
}
