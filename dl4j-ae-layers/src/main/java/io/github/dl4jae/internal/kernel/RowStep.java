package io.github.dl4jae.internal.kernel;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer at inference as a function of float32 rows: a = act(x·W + b) or a = act(x). Threads can share it.
 *
 * <p>A layer with weights gets its steps from a {@link Source}, which keeps the view of its parameters.
 */
public final class RowStep {

    /** The step of a layer that changes nothing at inference, such as dropout. */
    public static final RowStep IDENTITY = new RowStep(null, ElementwiseActivation.IDENTITY);

    private final @Nullable AffineRows product;
    private final RowActivation activation;

    private RowStep(@Nullable AffineRows product, RowActivation activation) {
        this.product = product;
        this.activation = activation;
    }

    /**
     * Returns the step a = act(x).
     *
     * @param activation the loop over a row
     * @return a step without a product
     */
    public static RowStep of(RowActivation activation) {
        return new RowStep(null, activation);
    }

    /**
     * Returns the step a = act(x).
     *
     * @param activation any activation
     * @return a step without a product, or null if the activation has no loop over rows
     */
    public static @Nullable RowStep of(IActivation activation) {
        return of(null, activation);
    }

    private static @Nullable RowStep of(@Nullable AffineRows product, IActivation activation) {
        Optional<RowActivation> rows = ActivationKernels.rows(activation);
        return rows.isEmpty() ? null : new RowStep(product, rows.get());
    }

    /** Returns the product with the bias; null if there is none. */
    @Nullable
    AffineRows product() {
        return product;
    }

    RowActivation activation() {
        return activation;
    }

    /**
     * The source of the steps of a layer with weights. It keeps the view of the last arrays, and creates another only
     * for other arrays. Threads can share it.
     */
    public static final class Source {

        private @Nullable AffineRows last;

        /** Creates the source of a layer. */
        public Source() {}

        /**
         * Returns the step a = act(x·W + b).
         *
         * @param W {@code [n, m]}
         * @param b {@code [m]} or {@code [1, m]}; null for none
         * @param activation any activation
         * @return null if an array has another type or order than Deeplearning4j's float32 parameters, or was closed,
         *     or the activation has no loop over rows
         */
        public @Nullable RowStep dense(INDArray W, @Nullable INDArray b, IActivation activation) {
            return step(AffineRows.of(last, W, b, false, W.size(1)), activation);
        }

        /**
         * Returns the step z = x·W + b of the first columns of W and b.
         *
         * @param W {@code [n, m]}
         * @param b {@code [m]} or {@code [1, m]}
         * @param columns the number of columns
         * @return null as for {@link #dense}
         */
        public @Nullable RowStep firstColumns(INDArray W, INDArray b, long columns) {
            AffineRows product = AffineRows.of(last, W, b, false, columns);
            last = product;
            return product == null ? null : new RowStep(product, ElementwiseActivation.IDENTITY);
        }

        /**
         * Returns the step a = act(x·Wᵀ + b).
         *
         * @param W {@code [n, m]}
         * @param b {@code [n]} or {@code [1, n]}
         * @param activation any activation
         * @return null as for {@link #dense}
         */
        public @Nullable RowStep transposed(INDArray W, INDArray b, IActivation activation) {
            return step(AffineRows.of(last, W, b, true, W.size(0)), activation);
        }

        private @Nullable RowStep step(@Nullable AffineRows product, IActivation activation) {
            last = product; // immutable, so the race of two threads is harmless
            return product == null ? null : of(product, activation);
        }
    }
}
