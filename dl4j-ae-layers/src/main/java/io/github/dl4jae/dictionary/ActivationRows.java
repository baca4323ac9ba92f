package io.github.dl4jae.dictionary;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Activations of a layer as rows, one for each place at which the layer has all its units.
 *
 * <pre>
 * activations                       rows        positions of an example
 * [B, n]                            B           1
 * [B, n, T] or [B, T, n]            B·T         T, masked steps left out
 * [B, n, H, W] or [B, H, W, n]      B·H·W       y·W + x
 * </pre>
 *
 * <p>If a network has put time steps below each other, as {@code RnnToFeedForwardPreProcessor} does for dense layers,
 * the steps are positions likewise.
 */
public final class ActivationRows {

    private final INDArray values;
    private final long[] examples;
    private final int[] positions;
    private final long[] grid;

    ActivationRows(INDArray values, long[] examples, int[] positions, long[] grid) {
        this.values = values;
        this.examples = examples;
        this.positions = positions;
        this.grid = grid;
    }

    static ActivationRows join(List<ActivationRows> parts) {
        return new ActivationRows(
                Nd4j.vstack(parts.stream().map(ActivationRows::values).toArray(INDArray[]::new)),
                parts.stream()
                        .flatMapToLong(part -> Arrays.stream(part.examples))
                        .toArray(),
                parts.stream()
                        .flatMapToInt(part -> Arrays.stream(part.positions))
                        .toArray(),
                parts.get(0).grid);
    }

    /**
     * Returns the activations.
     *
     * @return {@code [rows, units]} in 'c' order, the array itself
     */
    public INDArray values() {
        return values;
    }

    /**
     * Returns the number of rows.
     *
     * @return at least 0
     */
    public int rows() {
        return examples.length;
    }

    /**
     * Returns the example that a row belongs to.
     *
     * @param row from 0
     * @return its number in the data, from 0
     */
    public long example(int row) {
        return examples[row];
    }

    /**
     * Returns the position of a row in its example.
     *
     * @param row from 0
     * @return the time step, or {@code y · width + x}, or 0
     */
    public int position(int row) {
        return positions[row];
    }

    /**
     * Returns the shape of the positions of an example.
     *
     * @return {@code [1]}, {@code [T]} or {@code [H, W]}, a copy
     */
    public long[] grid() {
        return grid.clone();
    }

    /** Returns the sizes, as in {@code ActivationRows(6272 rows, 64 units, grid [14, 14])}. */
    @Override
    public String toString() {
        return "ActivationRows(" + rows() + " rows, " + values.size(1) + " units, grid " + Arrays.toString(grid) + ")";
    }
}
