package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.kernel.ActivationKernels;
import io.github.dl4jae.internal.kernel.LargestValues;
import io.github.dl4jae.internal.kernel.RowActivation;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.UnitAxis;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A top-k activation: it keeps the k largest pre-activations of each example and zeroes the rest. On any Deeplearning4j
 * layer it gives a k-sparse autoencoder.
 *
 * <pre>
 * a_i = z_i if i ∈ top_k(z), else 0        ∂a_i/∂z_i = 1 if kept, else 0
 * </pre>
 *
 * <p>Exactly k survive: among equal values the lowest index wins. They are the largest values, not the largest
 * magnitudes, and can be negative. At test time round(α·k) are kept, at most n. In the paper an α slightly above 1
 * improved a classifier on the code.
 *
 * <p>Shapes: in and out {@code [batch, n]}. In {@code [batch, n, time]} and {@code [batch, channels, height, width]}
 * each time step and each pixel keeps its own k of the n units or channels (axis 1). With another {@link SparsityAxis}
 * each unit keeps k of its positions, or each example k of all its values.
 *
 * <p>An activation sees neither the format nor the mask. For Deeplearning4j's NWC and NHWC formats, and for an axis
 * other than UNITS on padded sequences, use {@link TopKLayer}.
 *
 * <p>Gradient: the set of kept units is constant for it.
 *
 * <p>Errors: k or α below 1, or α not finite, when it is created; k above n when data arrives.
 *
 * <p>When not to use it: with a k that changes during training, or to have k checked against the width in advance. An
 * activation sees neither the iteration nor the network. {@link TopKLayer} does both.
 *
 * @param k the number of values kept in training, at least 1
 * @param alpha α, at least 1; round(α·k) values are kept at test time
 * @param axis the values among which the activation chooses
 * @see <a href="https://arxiv.org/abs/1312.5663">Makhzani and Frey 2013, k-Sparse Autoencoders</a>
 */
public record ActivationTopK(int k, double alpha, SparsityAxis axis) implements IActivation {

    static {
        ActivationKernels.register(ActivationTopK.class, ActivationTopK::rows);
        ActivationKernels.register(
                ActivationTopK.class, (activation, z, epsilon) -> activation.backprop(z, epsilon, false));
    }

    /**
     * Creates the activation.
     *
     * @param k the number of values kept in training, at least 1
     * @param alpha α, at least 1
     * @param axis the values among which the activation chooses; null stands for UNITS
     * @throws IllegalArgumentException if k is below 1, or α is below 1 or not finite
     */
    @JsonCreator
    public ActivationTopK(
            @JsonProperty("k") int k,
            @JsonProperty("alpha") double alpha,
            @JsonProperty("axis") @Nullable SparsityAxis axis) {
        this.k = Require.atLeast(1, "ActivationTopK", "k", k, "keep at least one unit");
        this.alpha = requireAlpha("ActivationTopK", alpha);
        this.axis = axis == null ? SparsityAxis.UNITS : axis; // files of version 0.1.0 have none
    }

    /**
     * Creates an activation that chooses among the units of each position.
     *
     * @param k the number of units kept in training, at least 1
     * @param alpha α, at least 1; round(α·k) units are kept at test time
     * @throws IllegalArgumentException if k is below 1, or α is below 1 or not finite
     */
    public ActivationTopK(int k, double alpha) {
        this(k, alpha, SparsityAxis.UNITS);
    }

    /**
     * Creates an activation that keeps k units in training and at test time.
     *
     * @param k the number of units kept, at least 1
     * @throws IllegalArgumentException if k is below 1
     */
    public ActivationTopK(int k) {
        this(k, 1);
    }

    /** {@inheritDoc} */
    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        INDArray z = UnitAxis.FIRST.toMatrix(in); // [N,n], in itself or a copy
        TopKSelection.keep(z, z, axis, in.size(0), kept(in, training), z);
        return z == in ? in : in.assign(UnitAxis.FIRST.fromMatrix(z, in));
    }

    /** {@inheritDoc} */
    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        return new Pair<>(backprop(in, epsilon, true), null);
    }

    private INDArray backprop(INDArray in, INDArray epsilon, boolean training) {
        INDArray z = UnitAxis.FIRST.toMatrix(in); // [N,n]
        INDArray values = UnitAxis.FIRST.toMatrix(epsilon);
        INDArray kept = Nd4j.createUninitialized(values.dataType(), values.shape(), 'c');
        TopKSelection.keep(z, values, axis, in.size(0), kept(in, training), kept);
        return UnitAxis.FIRST.fromMatrix(kept, epsilon);
    }

    /** Returns the loop over units, or null if the activation chooses among other values. */
    private @Nullable RowActivation rows() {
        return axis == SparsityAxis.UNITS ? this::activateRow : null;
    }

    private void activateRow(float[] z, float @Nullable [] derivative, int n, boolean training) {
        new LargestValues(kept(n, training)).keep(z, z, derivative, n);
    }

    @Override
    public int numParams(int inputSize) {
        return 0;
    }

    private int kept(INDArray in, boolean training) {
        return kept(axis.choices(UnitAxis.FIRST, in), training);
    }

    private int kept(long n, boolean training) {
        return training ? requireFits(n) : (int) Math.min(Math.round(alpha * requireFits(n)), n);
    }

    /** Returns k, if there are as many values. Called per row, so it builds a message only to throw it. */
    private int requireFits(long n) {
        if (k > n) {
            throw new IllegalArgumentException("ActivationTopK: k must be in [1, " + n + "] (the input has " + n + " "
                    + axis.noun() + "), got " + k + "; lower k or widen the layer");
        }
        return k;
    }

    static double requireAlpha(String subject, double alpha) {
        Require.that(
                alpha >= 1 && alpha < Double.POSITIVE_INFINITY,
                subject,
                "alpha must be finite and at least 1",
                alpha,
                "1 keeps k units at test time too");
        return alpha;
    }
}
