package io.github.dl4jae.dense;

import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.RowActivation;
import io.github.dl4jae.internal.kernel.RowBlocks;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Bias, activation and derivative of a dense layer in one pass over each row, for float32 on the CPU. */
final class FusedRows {

    private FusedRows() {}

    /**
     * Computes a = act(z + b).
     *
     * @param z {@code [B, m]}
     * @param b {@code [m]}, or null
     * @param a receives the activations; may be {@code z} itself
     * @param derivative receives act′, or null; may be {@code z} itself if {@code a} is another array
     */
    static void activate(
            INDArray z,
            @Nullable INDArray b,
            RowActivation activation,
            boolean training,
            INDArray a,
            @Nullable INDArray derivative) {
        FloatRows in = FloatRows.of(z);
        FloatRows out = FloatRows.of(a);
        FloatRows derivatives = derivative == null ? null : FloatRows.of(derivative);
        int m = in.columns();
        float[] bias = b == null ? null : FloatRows.vector(b).toArray();
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
     * @param biasGradient receives ∂b, {@code [m]}; or null
     */
    static void backprop(INDArray epsilon, INDArray derivative, @Nullable INDArray biasGradient) {
        FloatRows epsilons = FloatRows.of(epsilon);
        FloatRows derivatives = FloatRows.of(derivative);
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

    private static void writeSum(float[][] sums, @Nullable INDArray biasGradient) {
        if (biasGradient != null) {
            for (int block = 1; block < sums.length; block++) {
                add(sums[0], sums[block], sums[0].length);
            }
            FloatRows.vector(biasGradient).write(0, sums[0]);
        }
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
