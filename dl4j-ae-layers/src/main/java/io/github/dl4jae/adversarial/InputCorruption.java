package io.github.dl4jae.adversarial;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A corruption of the encoder's input. The decoder still has to reconstruct the clean example, so codes do not depend
 * on what the corruption changes.
 */
@FunctionalInterface
public interface InputCorruption {

    /**
     * Corrupts a mini-batch.
     *
     * @param examples {@code [rows, …]}; must not be changed
     * @param step a number that differs from step to step; equal numbers must give equal results, so that a resumed
     *     training is exact
     * @return corrupted examples of the same shape, or the examples themselves
     */
    INDArray corrupt(INDArray examples, int step);

    /**
     * Returns the corruption that changes nothing.
     *
     * @return the identity
     */
    static InputCorruption none() {
        return (examples, step) -> examples;
    }
}
