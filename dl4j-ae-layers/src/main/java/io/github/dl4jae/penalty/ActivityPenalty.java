package io.github.dl4jae.penalty;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * A penalty P on the activations of a layer, added to the score of a network.
 *
 * <p>Activations are a matrix a of shape {@code [N, n]}: one row per position and one column per unit. For plain
 * features a position is an example, N = B. For sequences it is a time step of an example, N = B·T. For images it is a
 * pixel, N = B·H·W, and the units are the channels.
 *
 * <p>Implementations never change their arguments. They are immutable values with {@code equals} and {@code hashCode},
 * so that configurations can be compared and stored as JSON.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "@class")
public interface ActivityPenalty extends Serializable {

    /**
     * Returns the value of the penalty.
     *
     * @param activations a, {@code [N, n]}
     * @param mask {@code [N, 1]}, 1 for a position that counts and 0 for padding; null if all count
     * @param examples B, the number of examples that the N positions belong to
     * @return P
     * @throws IllegalArgumentException if an activation lies outside the penalty's domain
     */
    double value(INDArray activations, @Nullable INDArray mask, long examples);

    /**
     * Returns the gradient of {@link #value}.
     *
     * @param activations a, {@code [N, n]}
     * @param mask {@code [N, 1]} or null, as for {@link #value}
     * @param examples B, as for {@link #value}
     * @return ∂P/∂a in a new array, {@code [N, n]}; zero in masked rows
     */
    INDArray gradient(INDArray activations, @Nullable INDArray mask, long examples);

    /**
     * Refuses an activation function whose values can leave the penalty's domain. Layers that know their activation
     * function call it when they are configured. The default accepts any activation function.
     *
     * @param subject the layer, for the message
     * @param activation the activation function of the units
     * @throws IllegalArgumentException if the penalty is undefined for some of its values
     */
    default void requireActivation(String subject, IActivation activation) {
        // all are accepted
    }
}
