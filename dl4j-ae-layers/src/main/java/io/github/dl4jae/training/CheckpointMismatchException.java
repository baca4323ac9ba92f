package io.github.dl4jae.training;

/**
 * Thrown by {@link Trainer#fit} if the checkpoint belongs to another configuration or to other data. Neither network
 * nor checkpoint have changed.
 */
public final class CheckpointMismatchException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    CheckpointMismatchException(String message) {
        super(message);
    }
}
