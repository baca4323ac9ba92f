package io.github.dl4jae.internal.kernel;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A registry of kernels for activations: loops over rows, and backprop at test time.
 *
 * <p>An activation of this library registers its kernels in its static initializer, before its first instance exists.
 * Entries are never replaced or removed.
 */
public final class ActivationKernels {

    /**
     * Backprop through a forward pass at test time, which frozen layers need. {@code IActivation.backprop} has no
     * argument that tells training from test time.
     *
     * @param <A> the activation
     */
    @FunctionalInterface
    public interface TestTimeBackprop<A extends IActivation> {

        /**
         * Computes the gradient with respect to z.
         *
         * @param activation the activation
         * @param z the pre-activations
         * @param epsilon the gradient with respect to the activations
         * @return the gradient with respect to z
         */
        INDArray backprop(A activation, INDArray z, INDArray epsilon);
    }

    private static final Map<Class<?>, Function<IActivation, @Nullable RowActivation>> ROWS = new ConcurrentHashMap<>();
    private static final Map<Class<?>, TestTimeBackprop<IActivation>> TEST_TIME = new ConcurrentHashMap<>();

    private ActivationKernels() {}

    /**
     * Registers the loop over rows of an activation.
     *
     * @param type the activation's class
     * @param rows the loop for an instance, or null if it has none
     * @param <A> the activation
     */
    public static <A extends IActivation> void register(Class<A> type, Function<A, @Nullable RowActivation> rows) {
        ROWS.put(type, activation -> rows.apply(type.cast(activation)));
    }

    /**
     * Registers the test-time backprop of an activation that differs between training and test time.
     *
     * @param type the activation's class
     * @param backprop the backprop at test time
     * @param <A> the activation
     */
    public static <A extends IActivation> void register(Class<A> type, TestTimeBackprop<A> backprop) {
        TEST_TIME.put(type, (activation, z, epsilon) -> backprop.backprop(type.cast(activation), z, epsilon));
    }

    /**
     * Returns the loop over rows of an activation.
     *
     * @param activation any activation
     * @return the loop, or empty if the activation has none
     */
    public static Optional<RowActivation> rows(IActivation activation) {
        Function<IActivation, @Nullable RowActivation> rows = ROWS.get(activation.getClass());
        return rows == null
                ? ElementwiseActivation.of(activation).map(RowActivation.class::cast)
                : Optional.ofNullable(rows.apply(activation));
    }

    /**
     * Backpropagates through an activation.
     *
     * @param activation any activation
     * @param z the pre-activations; may be overwritten
     * @param epsilon the gradient with respect to the activations
     * @param training whether the forward pass was in training mode
     * @return the gradient with respect to z
     */
    public static INDArray backprop(IActivation activation, INDArray z, INDArray epsilon, boolean training) {
        TestTimeBackprop<IActivation> atTestTime = TEST_TIME.get(activation.getClass());
        return training || atTestTime == null
                ? activation.backprop(z, epsilon).getFirst()
                : atTestTime.backprop(activation, z, epsilon);
    }
}
