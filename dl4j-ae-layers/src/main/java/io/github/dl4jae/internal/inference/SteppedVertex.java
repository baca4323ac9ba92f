package io.github.dl4jae.internal.inference;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A vertex of a graph that decodes a sequence step by step, outside the graph's own passes. */
public interface SteppedVertex {

    /**
     * Begins to decode.
     *
     * @param encoded the states of the encoder, {@code [N, m, T]}
     * @param mask {@code [N, T]}; null if there is no padding
     */
    void begin(INDArray encoded, @Nullable INDArray mask);

    /**
     * Computes a step.
     *
     * @param x {@code [N, n]}
     * @return the output of the vertex, {@code [N, outputs]}, a new array
     */
    INDArray step(INDArray x);

    /**
     * Replaces the state of each row by that of another row of the same encoded example.
     *
     * @param rows the row whose state row i receives
     */
    void select(int[] rows);

    /**
     * Returns the attention weights of the last step.
     *
     * @return {@code [N, T]}, a new array
     */
    INDArray weights();

    /** Ends decoding and frees its memory. */
    void end();
}
