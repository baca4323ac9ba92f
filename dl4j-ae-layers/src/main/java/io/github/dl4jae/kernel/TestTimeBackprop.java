package io.github.dl4jae.kernel;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Backprop of an activation that differs between training and test time. {@code IActivation.backprop} is not told which
 * of them the forward pass was, and frozen layers run at test time.
 */
public interface TestTimeBackprop {

    /**
     * Backpropagates through a forward pass at test time.
     *
     * @param z pre-activations
     * @param epsilon the gradient with respect to the activations
     * @return the gradient with respect to z
     */
    INDArray backpropAtTestTime(INDArray z, INDArray epsilon);

    /**
     * Backpropagates through any activation.
     *
     * @param activation any
     * @param z pre-activations; may be overwritten
     * @param epsilon the gradient with respect to the activations
     * @param training whether the forward pass was one of training
     * @return the gradient with respect to z
     */
    static INDArray backprop(IActivation activation, INDArray z, INDArray epsilon, boolean training) {
        return !training && activation instanceof TestTimeBackprop differs
                ? differs.backpropAtTestTime(z, epsilon)
                : activation.backprop(z, epsilon).getFirst();
    }
}
