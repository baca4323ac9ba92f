package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.ActivationKernels;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.RowActivation;
import io.github.dl4jae.internal.kernel.RowBlocks;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * An activation for each block of adjacent columns, such as softmax for the classes of one variable and softplus for
 * the rates of counts.
 *
 * <pre>
 * a = [act_1(z_1) | act_2(z_2) | …]        ∂L/∂z_k = backprop of act_k
 * </pre>
 *
 * <p>{@link LossMixed#activation} makes the one that suits the loss, and {@code FastOutputLayer} takes it from there.
 *
 * <p>Shapes: {@code [batch, n]} with as many columns as the blocks have together.
 *
 * <p>Errors: other shapes; activations with parameters of their own.
 */
public final class ActivationMixed implements IActivation {

    private final List<IActivation> activations;
    private final int[] columns;

    /**
     * Creates the activation.
     *
     * @param activations an activation for each block
     * @param columns the number of columns of each block
     * @throws IllegalArgumentException if a list is null or empty, their lengths differ, or a number is below 1
     */
    public ActivationMixed(
            @JsonProperty("activations") List<IActivation> activations, @JsonProperty("columns") int... columns) {
        Require.given("ActivationMixed", "activations", activations, "one for each block of columns");
        Require.given("ActivationMixed", "columns", columns, "the number of columns of each block");
        Require.that(
                !activations.isEmpty() && activations.size() == columns.length,
                "ActivationMixed",
                "each activation must have a number of columns",
                activations.size() + " activations and " + columns.length + " numbers",
                "");
        for (int count : columns) {
            Require.atLeast(1, "ActivationMixed", "columns", count, "leave out empty blocks");
        }
        this.activations = List.copyOf(activations);
        this.columns = columns.clone();
    }

    /**
     * Returns the activations.
     *
     * @return one for each block; immutable
     */
    public List<IActivation> getActivations() {
        return activations;
    }

    /**
     * Returns the number of columns of each block.
     *
     * @return a new array
     */
    public int[] getColumns() {
        return columns.clone();
    }

    private void requireShape(INDArray z) {
        long expected = Arrays.stream(columns).sum();
        if (z.rank() != 2 || z.size(1) != expected) {
            throw new IllegalArgumentException("ActivationMixed: the pre-activations must have the shape [N, "
                    + expected + "], got " + Arrays.toString(z.shape()) + "; set nOut to " + expected);
        }
    }

    private static INDArray block(INDArray array, int from, int count) {
        return array.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + count));
    }

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        requireShape(in);
        List<RowActivation> rows = FloatRows.canView(in)
                ? activations.stream()
                        .map(ActivationMixed::rows)
                        .flatMap(Optional::stream)
                        .toList()
                : List.of();
        if (rows.size() == columns.length) {
            activateRows(FloatRows.of(in), rows, training);
            return in;
        }
        for (int k = 0, from = 0; k < columns.length; from += columns[k++]) {
            INDArray z = block(in, from, columns[k]);
            z.assign(activations.get(k).getActivation(z.dup('c'), training));
        }
        return in;
    }

    private static Optional<RowActivation> rows(IActivation activation) {
        return activation.getClass() == ActivationSoftmax.class
                ? Optional.of((z, derivative, n, training) -> softmax(z, n))
                : ActivationKernels.rows(activation);
    }

    private static void softmax(float[] z, int n) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, z[i]);
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.exp(z[i] - largest);
        }
        for (int i = 0; i < n; i++) {
            z[i] = (float) (Math.exp(z[i] - largest) / sum);
        }
    }

    private void activateRows(FloatRows z, List<RowActivation> rows, boolean training) {
        int widest = Arrays.stream(columns).max().orElseThrow();
        RowBlocks.of(z.rows(), 8L * z.columns()).forEach((block, first, end) -> {
            float[] part = new float[widest];
            for (int i = first; i < end; i++) {
                for (int k = 0, from = 0; k < columns.length; from += columns[k++]) {
                    z.read(i, from, part, 0, columns[k]);
                    rows.get(k).activateRow(part, null, columns[k], training);
                    z.write(i, from, part, 0, columns[k]);
                }
            }
        });
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        requireShape(in);
        INDArray[] gradients = new INDArray[columns.length];
        for (int k = 0, from = 0; k < columns.length; from += columns[k++]) {
            gradients[k] = activations
                    .get(k)
                    .backprop(
                            block(in, from, columns[k]).dup('c'),
                            block(epsilon, from, columns[k]).dup('c'))
                    .getFirst();
        }
        return new Pair<>(Nd4j.concat(1, gradients), null);
    }

    @Override
    public int numParams(int inputSize) {
        return 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ActivationMixed that
                && activations.equals(that.activations)
                && Arrays.equals(columns, that.columns);
    }

    @Override
    public int hashCode() {
        return 31 * activations.hashCode() + Arrays.hashCode(columns);
    }

    /** Returns the activations with their columns, as in {@code ActivationMixed(identity × 2, softmax × 3)}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("ActivationMixed(");
        for (int k = 0; k < columns.length; k++) {
            text.append(k == 0 ? "" : ", ")
                    .append(activations.get(k))
                    .append(" × ")
                    .append(columns[k]);
        }
        return text.append(')').toString();
    }
}
