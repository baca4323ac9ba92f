package io.github.dl4jae.likelihood;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A likelihood of features that have a finite number of levels, k / (K − 1) for k = 0 … K − 1: two levels of black and
 * white, 256 of gray. An entropy coder needs the probabilities of all levels.
 */
public interface DiscreteOutput {

    /**
     * Returns the number of levels of a feature.
     *
     * @return K, at least 2
     */
    int levels();

    /**
     * Returns the probabilities of all levels of every feature. They are computed in Java alone, without intrinsics:
     * the same outputs give the same probabilities on every machine.
     *
     * @param output the output of the network, {@code [N, outputs]}
     * @param activation the activation function of the output layer
     * @return p(x = k / (K − 1)), N·n·K values: the levels of a feature together, the features of an example together
     */
    double[] levelProbabilities(INDArray output, IActivation activation);
}
