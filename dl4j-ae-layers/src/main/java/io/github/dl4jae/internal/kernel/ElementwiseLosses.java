package io.github.dl4jae.internal.kernel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A registry of losses that are sums over single values. For these, the pixels of an image can be one long row.
 *
 * <p>A loss registers in its static initializer, before its first instance exists.
 */
public final class ElementwiseLosses {

    private static final Set<Class<?>> ALL = ConcurrentHashMap.newKeySet();

    private ElementwiseLosses() {}

    /**
     * Registers a loss.
     *
     * @param type a class whose loss of a row is the sum of the losses of its values
     */
    public static void register(Class<? extends ILossFunction> type) {
        ALL.add(type);
    }

    /**
     * Returns whether a loss with an activation is a sum over single values.
     *
     * @param loss any loss
     * @param activation the activation of its output
     * @return false also for losses that are not registered
     */
    public static boolean contains(ILossFunction loss, IActivation activation) {
        return ALL.contains(loss.getClass())
                && ElementwiseActivation.of(activation).isPresent();
    }
}
