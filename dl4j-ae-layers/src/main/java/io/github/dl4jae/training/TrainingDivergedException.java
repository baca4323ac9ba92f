package io.github.dl4jae.training;

/**
 * Thrown by {@link Trainer#fit} before or when NaN or infinity reaches the parameters. The network then has the
 * parameters, updater state and counts of the last good state, which is also in the checkpoint, if there is one.
 */
public final class TrainingDivergedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final String layer;
    private final Source source;

    /** The kind of array in which NaN or infinity was found first. */
    public enum Source {
        /** A parameter: the last update was too large. */
        PARAMETER,
        /** An activation, in the forward pass. */
        ACTIVATION,
        /** The gradient of a parameter, in the backward pass. */
        GRADIENT,
        /** The score, although all activations and gradients are finite. */
        SCORE
    }

    TrainingDivergedException(String message, String layer, Source source) {
        super(message);
        this.layer = layer;
        this.source = source;
    }

    /**
     * Returns the layer in which NaN or infinity was found first: in the order of the forward pass for parameters and
     * activations, in that of the backward pass for gradients.
     *
     * @return the name of the layer, or of the vertex of a graph
     */
    public String layer() {
        return layer;
    }

    /**
     * Returns the kind of array in which it was found.
     *
     * @return the kind
     */
    public Source source() {
        return source;
    }
}
