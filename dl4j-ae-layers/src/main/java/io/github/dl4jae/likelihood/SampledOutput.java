package io.github.dl4jae.likelihood;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A likelihood from which examples can be drawn. */
public interface SampledOutput {

    /**
     * Draws one example from p(x|z) for each row of outputs.
     *
     * <pre>{@code
     * loss.sample(network.output(codes), activation, 42)
     * }</pre>
     *
     * @param output the output of the network, {@code [N, outputs]}; of sequences {@code [N, outputs, T]}, of images
     *     {@code [N, outputs, H, W]}, and each position is drawn on its own
     * @param activation the activation function of the output layer
     * @param seed the seed; the same seed and outputs give the same examples, on any number of threads
     * @return x, {@code [N, n]} with the same further axes, in the type of the output
     */
    INDArray sample(INDArray output, IActivation activation, long seed);
}
