package io.github.dl4jae.internal.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Bias, activation and derivative in one pass over each row, for float32 on the CPU.
 *
 * <p>A row can hold the units of one example, or several pixels with their channels. The bias is then shorter than the
 * row and repeats.
 */
public final class FusedRows {

    private FusedRows() {}

    /**
     * Computes a = act(z + b).
     *
     * @param z {@code [B, m]}
     * @param b {@code [c]}, where c divides m; or null
     * @param activation the activation; elementwise if c is less than m
     * @param training whether the forward pass is in training mode
     * @param a receives the activations; may be {@code z} itself
     * @param derivative receives act′, or null; may be {@code z} itself if {@code a} is another array
     */
    public static void activate(
            INDArray z,
            @Nullable INDArray b,
            RowActivation activation,
            boolean training,
            INDArray a,
            @Nullable INDArray derivative) {
        activate(
                FloatRows.of(z),
                b,
                activation,
                training,
                FloatRows.of(a),
                derivative == null ? null : FloatRows.of(derivative));
    }

    /**
     * Computes a = act(z + b).
     *
     * @param in z, {@code [B, m]}
     * @param b {@code [c]}, where c divides m; or null
     * @param activation the activation; elementwise if c is less than m
     * @param training whether the forward pass is in training mode
     * @param out receives the activations; may be {@code in} itself
     * @param derivatives receives act′, or null; may be {@code in} itself if {@code out} is another view
     */
    public static void activate(
            FloatRows in,
            @Nullable INDArray b,
            RowActivation activation,
            boolean training,
            FloatRows out,
            @Nullable FloatRows derivatives) {
        int m = in.columns();
        float[] bias = b == null ? null : repeat(FloatRows.vector(b).toArray(), m);
        RowBlocks.of(in.rows(), m).forEach((block, from, to) -> {
            float[] row = new float[m];
            float[] derivativeRow = derivatives == null ? null : new float[m];
            for (int i = from; i < to; i++) {
                in.read(i, row);
                if (bias != null) {
                    add(row, bias, m);
                }
                activation.activateRow(row, derivativeRow, m, training);
                out.write(i, row);
                if (derivatives != null && derivativeRow != null) {
                    derivatives.write(i, derivativeRow);
                }
            }
        });
    }

    /**
     * Computes δ = ε ⊙ act′ and ∂b = Σ_rows δ.
     *
     * @param epsilon ε, {@code [B, m]}
     * @param derivative act′, {@code [B, m]}, replaced by δ
     * @param biasGradient receives ∂b, {@code [c]}, where c divides m; or null
     */
    public static void backprop(INDArray epsilon, INDArray derivative, @Nullable INDArray biasGradient) {
        backprop(FloatRows.of(epsilon), FloatRows.of(derivative), biasGradient);
    }

    /**
     * Computes δ = ε ⊙ act′ and ∂b = Σ_rows δ.
     *
     * @param epsilons ε, {@code [B, m]}
     * @param derivatives act′, {@code [B, m]}, replaced by δ
     * @param biasGradient receives ∂b, {@code [c]}, where c divides m; or null
     */
    public static void backprop(FloatRows epsilons, FloatRows derivatives, @Nullable INDArray biasGradient) {
        int m = epsilons.columns();
        RowBlocks blocks = RowBlocks.of(epsilons.rows(), m);
        float[][] sums = new float[blocks.count()][m];
        blocks.forEach((block, from, to) -> {
            float[] delta = new float[m];
            float[] derivativeRow = new float[m];
            for (int i = from; i < to; i++) {
                epsilons.read(i, delta);
                derivatives.read(i, derivativeRow);
                multiply(delta, derivativeRow, m);
                derivatives.write(i, delta);
                add(sums[block], delta, m);
            }
        });
        writeSum(sums, biasGradient);
    }

    /**
     * Computes ∂b = Σ_rows δ.
     *
     * @param delta δ, {@code [B, m]}
     * @param biasGradient receives ∂b, {@code [c]}, where c divides m
     */
    public static void biasGradient(INDArray delta, INDArray biasGradient) {
        biasGradient(FloatRows.of(delta), biasGradient);
    }

    /**
     * Computes ∂b = Σ_rows δ.
     *
     * @param deltas δ, {@code [B, m]}
     * @param biasGradient receives ∂b, {@code [c]}, where c divides m
     */
    public static void biasGradient(FloatRows deltas, INDArray biasGradient) {
        int m = deltas.columns();
        RowBlocks blocks = RowBlocks.of(deltas.rows(), m);
        float[][] sums = new float[blocks.count()][m];
        blocks.forEach((block, from, to) -> {
            float[] row = new float[m];
            for (int i = from; i < to; i++) {
                deltas.read(i, row);
                add(sums[block], row, m);
            }
        });
        writeSum(sums, biasGradient);
    }

    private static void writeSum(float[][] sums, @Nullable INDArray biasGradient) {
        if (biasGradient != null) {
            for (int block = 1; block < sums.length; block++) {
                add(sums[0], sums[block], sums[0].length);
            }
            FloatRows.vector(biasGradient).write(0, fold(sums[0], (int) biasGradient.length()));
        }
    }

    private static float[] repeat(float[] values, int length) {
        float[] all = new float[length];
        for (int at = 0; at < length; at += values.length) {
            System.arraycopy(values, 0, all, at, values.length);
        }
        return all;
    }

    /** Returns the sums of the values that lie a multiple of n apart. */
    private static float[] fold(float[] values, int n) {
        float[] sums = new float[n];
        for (int at = 0; at < values.length; at++) {
            sums[at % n] += values[at];
        }
        return sums;
    }

    private static void add(float[] sum, float[] row, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] += row[j];
        }
    }

    private static void multiply(float[] to, float[] factor, int n) {
        for (int j = 0; j < n; j++) {
            to[j] *= factor[j];
        }
    }
}
