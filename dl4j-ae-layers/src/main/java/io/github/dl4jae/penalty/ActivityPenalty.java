package io.github.dl4jae.penalty;

import java.io.Serializable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * A penalty P on the activations of a layer, added to the score of a network.
 *
 * <p>Activations come as a matrix a of shape {@code [N, n]}: one row per position and one column per unit. For plain
 * features a position is an example, N = B. For sequences it is a time step of an example, N = B·T; for images a pixel,
 * N = B·H·W, and the units are the channels. Penalties never change what they are given.
 *
 * <p>Implementations are immutable values with {@code equals} and {@code hashCode}, so that configurations compare and
 * survive JSON.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "@class")
public interface ActivityPenalty extends Serializable {

    /**
     * The value of the penalty.
     *
     * @param activations a, {@code [N, n]}
     * @param mask {@code [N, 1]}, 1 where the position counts and 0 where it is padding; null when all count
     * @param examples B, the number of examples that the N positions belong to
     * @return P
     * @throws IllegalArgumentException if an activation lies outside the penalty's domain
     */
    double value(INDArray activations, INDArray mask, long examples);

    /**
     * The gradient of {@link #value}.
     *
     * @param activations a, {@code [N, n]}
     * @param mask {@code [N, 1]} or null, as for {@link #value}
     * @param examples B, as for {@link #value}
     * @return ∂P/∂a in a new array, {@code [N, n]}; zero in masked rows
     */
    INDArray gradient(INDArray activations, INDArray mask, long examples);

    /**
     * Refuses an activation whose values can leave the penalty's domain, where a layer knows its activation when it is
     * configured. The default accepts any activation.
     *
     * @param subject the layer, for the message
     * @param activation of the units
     * @throws IllegalArgumentException if the penalty is not defined for some of its values
     */
    default void requireActivation(String subject, IActivation activation) {
        // any
    }
}
