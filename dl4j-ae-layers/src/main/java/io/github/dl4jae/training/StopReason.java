package io.github.dl4jae.training;

/** The reason why a training ended. */
public enum StopReason {
    /** The number of epochs or steps was reached. */
    LIMIT,
    /** The validation score did not improve for the patience of early stopping. */
    PATIENCE,
    /** {@link Trainer#stop} was called, or the thread was interrupted. */
    STOPPED,
    /** The iterator had no more mini-batches after a reset. */
    DATA_ENDED
}
