package io.github.dl4jae.likelihood;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A likelihood whose output layer does not give the expected value itself, but for example a mean and a variance, or
 * logits.
 */
public interface DistributionOutput {

    /**
     * Returns the expected value of p(x|z).
     *
     * @param output the output of the network, {@code [N, outputs]}
     * @param activation the activation function of the output layer
     * @return E[x], {@code [N, n]}
     */
    INDArray mean(INDArray output, IActivation activation);
}
