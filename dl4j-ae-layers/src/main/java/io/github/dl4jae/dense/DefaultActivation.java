package io.github.dl4jae.dense;

import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossContinuousBernoulli;
import io.github.dl4jae.likelihood.LossMixed;
import java.util.Map;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * The default activation of an output layer for its loss: softmax for classes, sigmoid for probabilities, identity for
 * the rest. A loss of several parts has its own.
 */
final class DefaultActivation {

    private static final Map<Class<?>, Activation> BY_LOSS = Map.of(
            LossMCXENT.class, Activation.SOFTMAX,
            LossNegativeLogLikelihood.class, Activation.SOFTMAX,
            LossSparseMCXENT.class, Activation.SOFTMAX,
            LossKLD.class, Activation.SOFTMAX,
            LossBinaryXENT.class, Activation.SIGMOID,
            LossBernoulli.class, Activation.SIGMOID,
            LossContinuousBernoulli.class, Activation.SIGMOID);

    private DefaultActivation() {}

    static IActivation of(ILossFunction loss) {
        if (loss instanceof LossMixed mixed) {
            return mixed.activation();
        }
        return BY_LOSS.getOrDefault(loss.getClass(), Activation.IDENTITY).getActivationFunction();
    }
}
