package io.github.dl4jae.likelihood;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A likelihood whose output layer gives something else than the expected value: a mean and a variance, for example, or logits. */
public interface DistributionOutput {

    /**
     * The expected value of p(x|z).
     *
     * @param output of the network, {@code [N, outputs]}
     * @param activation of the output layer
     * @return E[x], {@code [N, n]}
     */
    INDArray mean(INDArray output, IActivation activation);
}
