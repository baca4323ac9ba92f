package io.github.dl4jae.variational;

import java.io.Serializable;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * What a {@link GaussianLatentLayer} adds to the score beside the Kullback-Leibler term.
 *
 * <p>Implementations are immutable values with {@code equals} and {@code hashCode}, so that configurations compare and survive
 * JSON.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "@class")
public interface LatentRegularizer extends Serializable {

    /**
     * Evaluates the term.
     *
     * @param codes of a minibatch; the gradient of the value is added to its gradients
     * @return the value, a mean over examples
     * @throws IllegalArgumentException if the term is not defined for so few examples
     */
    double evaluate(LatentCodes codes);
}
