package io.github.dl4jae.testing;

/** What a network relies on in a layer; each is checked by {@link LayerContract}. */
public enum Clause {
    /**
     * Backpropagation gives the gradient of the score: with workspaces on and off, with the minibatch average on and off,
     * for the layer's own parameters and for those of the layer before it.
     */
    GRADIENT,
    /** In a {@code ComputationGraph} the same parameters give the same score and gradient. */
    GRAPH,
    /** The score can be asked for again, in training and at test time, before and after inference, and stays the same. */
    SCORE,
    /**
     * With ragged masks the gradient is right, and what stands at masked time steps does not matter. Networks in which rows
     * are time steps are checked with the minibatch average on only: with it off, Deeplearning4j tells preprocessors that
     * there is one example.
     */
    MASK,
    /** A forward pass leaves its input alone, and backpropagation survives what others do to the activations it returned. */
    ALIASING,
    /** The configuration comes back from JSON field by field, and computes the same. */
    JSON,
    /** The configuration comes back from YAML field by field, and computes the same. */
    YAML,
    /** A cloned configuration is equal, and a cloned network computes the same with parameters of its own. */
    CLONE,
    /** A network comes back from a saved file, computes the same, and trains on alike. */
    ZIP,
    /** The memory report exists and counts the parameters right. */
    MEMORY_REPORT,
    /** A layer that can be pretrained descends its pretraining score: its gradient has the right size and sign. */
    PRETRAINING,
    /**
     * Frozen by {@code TransferLearning} it computes what it has learned, and keeps it; inside of a
     * {@code FrozenLayerWithBackprop} it sends the gradient of its output at test time to the layer before it; behind a
     * frozen layer it learns as before.
     */
    FROZEN,
    /**
     * A trained network that is cloned, converted to a {@code ComputationGraph}, or cloned as a graph computes the
     * same.
     */
    CONVERTED,
    /**
     * Gradients in a graph are right in whatever order its layers are declared, and where another layer reads the same
     * input.
     */
    ORDER,
    /**
     * Behind a {@code StackVertex}, where there are more rows than examples, the gradient is that of the score, or the
     * layer refuses to train.
     */
    STACKED,
    /** Features of integer and half types give what the same numbers in float64 give, or are refused. */
    TYPES,
    /**
     * A minibatch without examples gives an empty result, or a message: no null pointer, division by zero or index out
     * of bounds.
     */
    EMPTY,
    /** NaN in features shows in the score or in the gradient, or is refused: it does not vanish. */
    NON_FINITE,
    /**
     * The configuration comes back from Java serialization, which Spark uses, field by field, and computes the same.
     */
    JAVA_SERIALIZATION,
    /** A minibatch in which every example is there twice has the same score. */
    EXAMPLES
}
