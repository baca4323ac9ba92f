package io.github.dl4jae.dictionary;

import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network that can run with the activations of one layer replaced. */
@FunctionalInterface
public interface SplicedNetwork {

    /**
     * Computes the outputs of the network.
     *
     * @param examples {@code [N, …]}, treated independently
     * @param rows replaces the activations of the layer, {@code [rows, d]}; all examples have as many rows, one after
     *     the other: one, or one for each step or pixel. The network calls it once, or for parts of the examples in
     *     turn
     * @return the outputs {@code [N, outputs]}, or with further axes for steps or pixels
     */
    INDArray outputs(INDArray examples, UnaryOperator<INDArray> rows);
}
