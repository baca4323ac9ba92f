package io.github.dl4jae.internal.kernel;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernels for activations: loops over rows, and backprop at test time.
 *
 * <p>How it works: an activation of this library registers its kernels in its static initializer, so they are there
 * before its first instance. Nothing is ever replaced or removed.
 */
public final class ActivationKernels {

    /**
     * Backprop through a forward pass at test time. {@code IActivation.backprop} is not told whether the forward pass
     * was one of training, and frozen layers run at test time.
     *
     * @param <A> the activation
     */
    @FunctionalInterface
    public interface TestTimeBackprop<A extends IActivation> {

        /**
         * Computes the gradient.
         *
         * @param activation the activation
         * @param z pre-activations
         * @param epsilon the gradient with respect to the activations
         * @return the gradient with respect to z
         */
        INDArray backprop(A activation, INDArray z, INDArray epsilon);
    }

    private static final Map<Class<?>, Function<IActivation, RowActivation>> ROWS = new ConcurrentHashMap<>();
    private static final Map<Class<?>, TestTimeBackprop<IActivation>> TEST_TIME = new ConcurrentHashMap<>();

    private ActivationKernels() {}

    /**
     * Registers the loop over rows of an activation.
     *
     * @param type the activation's class
     * @param rows the loop for an instance
     * @param <A> the activation
     */
    public static <A extends IActivation> void register(Class<A> type, Function<A, RowActivation> rows) {
        ROWS.put(type, activation -> rows.apply(type.cast(activation)));
    }

    /**
     * Registers backprop of an activation that differs between training and test time.
     *
     * @param type the activation's class
     * @param backprop at test time
     * @param <A> the activation
     */
    public static <A extends IActivation> void register(Class<A> type, TestTimeBackprop<A> backprop) {
        TEST_TIME.put(type, (activation, z, epsilon) -> backprop.backprop(type.cast(activation), z, epsilon));
    }

    /**
     * Finds the loop over rows of an activation.
     *
     * @param activation any
     * @return empty for activations that have none
     */
    public static Optional<RowActivation> rows(IActivation activation) {
        Function<IActivation, RowActivation> rows = ROWS.get(activation.getClass());
        return rows == null
                ? ElementwiseActivation.of(activation).map(RowActivation.class::cast)
                : Optional.of(rows.apply(activation));
    }

    /**
     * Backpropagates through any activation.
     *
     * @param activation any
     * @param z pre-activations; may be overwritten
     * @param epsilon the gradient with respect to the activations
     * @param training whether the forward pass was one of training
     * @return the gradient with respect to z
     */
    public static INDArray backprop(IActivation activation, INDArray z, INDArray epsilon, boolean training) {
        TestTimeBackprop<IActivation> atTestTime = TEST_TIME.get(activation.getClass());
        return training || atTestTime == null
                ? activation.backprop(z, epsilon).getFirst()
                : atTestTime.backprop(activation, z, epsilon);
    }
}
