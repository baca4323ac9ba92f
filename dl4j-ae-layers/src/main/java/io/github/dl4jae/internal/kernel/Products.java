package io.github.dl4jae.internal.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The three matrix products of a dense layer, by BLAS or by loops that skip zeros.
 *
 * <pre>
 * forward            z = x·W       [B,n]·[n,m] → [B,m]
 * input gradient     ε = δ·Wᵀ      [B,m]·[m,n] → [B,n]
 * weight gradient    G = xᵀ·δ      [n,B]·[B,m] → [n,m]
 * </pre>
 *
 * <p>W and G are in 'f' order, the layout of Deeplearning4j's weights; z and ε are in 'c' order. For this layout {@code
 * x.mmuli(W, z)} copies its result. The transposed product zᵀ = Wᵀ·xᵀ, in 'f' order, is one BLAS call without copies.
 *
 * <p>Where few values of x or δ differ from zero, such as after a top-k activation, the products visit only these
 * values. This is faster than BLAS below a density of about 1% (3% where the loop adds whole rows). The products
 * measure the density, so that every layer benefits without an option. Only float32 on the CPU is supported; elsewhere
 * zeros are multiplied like other values.
 */
public final class Products {

    /** The density of nonzero values below which gathering by index is faster than BLAS. */
    private static final double FEW_FOR_GATHERING = 0.01;
    /** The density of nonzero values below which adding a row per value is faster than BLAS. */
    private static final double FEW_FOR_ADDING_ROWS = 0.03;
    /** The number of multiplications below which a product is not examined for zeros. */
    private static final long SMALL = 1 << 22;
    /** The number of multiplications from which OpenBLAS's own threads are as fast as those of loops. */
    private static final long LARGE = 1 << 26;
    /** The number of outputs per group: the number of floats in a cache line. */
    private static final int LINE = 16;

    static {
        ThreadSettings.check(); // once per JVM, before the first product
    }

    private Products() {}

    /**
     * Computes z = x·W.
     *
     * @param x {@code [B, n]}
     * @param W {@code [n, m]}, in 'f' order
     * @param z {@code [B, m]}, in 'c' order: receives the product
     */
    public static void forward(INDArray x, INDArray W, INDArray z) {
        SparseRows sparse = sparse(x, W.size(1), FEW_FOR_GATHERING, W);
        if (sparse == null) {
            forwardByBlas(x, W, z);
        } else {
            gather(sparse, FloatRows.of(W.transpose()), FloatRows.of(z));
        }
    }

    /**
     * Computes ε = δ·Wᵀ.
     *
     * @param delta δ, {@code [B, m]}
     * @param W {@code [n, m]}, in 'f' order
     * @param epsilon ε, {@code [B, n]}, in 'c' order: receives the product
     */
    public static void inputGradient(INDArray delta, INDArray W, INDArray epsilon) {
        SparseRows sparse = sparse(delta, W.size(0), FEW_FOR_ADDING_ROWS, W);
        if (sparse == null) {
            inputGradientByBlas(delta, W, epsilon);
        } else {
            addRows(sparse, FloatRows.of(W.transpose()), FloatRows.of(epsilon));
        }
    }

    /**
     * Computes ε = δ·Wᵀ where x differs from zero. Elsewhere ε is 0 or the full product. Use it where the layer below
     * ignores the other values, such as for a top-k activation.
     *
     * @param delta δ, {@code [B, m]}
     * @param W {@code [n, m]}, in 'f' order
     * @param x {@code [B, n]}
     * @param epsilon ε, {@code [B, n]}, in 'c' order: receives the product
     */
    public static void inputGradientWhereActive(INDArray delta, INDArray W, INDArray x, INDArray epsilon) {
        SparseRows sparse = FloatRows.canView(delta, epsilon) ? sparse(x, W.size(1), FEW_FOR_GATHERING, W) : null;
        if (sparse == null) {
            inputGradient(delta, W, epsilon); // the layer below ignores the values where x is zero
        } else {
            sample(sparse, FloatRows.of(delta), FloatRows.of(W.transpose()), FloatRows.of(epsilon));
        }
    }

    /**
     * Computes G = xᵀ·δ.
     *
     * @param x {@code [B, n]}
     * @param delta δ, {@code [B, m]}
     * @param G {@code [n, m]}, in 'f' order: receives the product
     */
    public static void weightGradient(INDArray x, INDArray delta, INDArray G) {
        SparseRows sparseDelta = FloatRows.canView(x) ? sparse(delta, x.size(1), FEW_FOR_ADDING_ROWS, G) : null;
        if (sparseDelta != null) {
            addRows(sparseDelta.transpose(), FloatRows.of(x), FloatRows.of(G.transpose()));
            return;
        }
        SparseRows sparseX = FloatRows.canView(delta) ? sparse(x, delta.size(1), FEW_FOR_GATHERING, G) : null;
        if (sparseX != null) {
            scatter(sparseX, FloatRows.of(delta), FloatRows.of(G.transpose()));
            return;
        }
        weightGradientByBlas(x, delta, G);
    }

    /** Returns whether a product is small enough that the threads of loops are faster than those of OpenBLAS. */
    private static boolean canSplit(INDArray W, INDArray rows, INDArray otherRows) {
        return rows.size(0) * W.length() < LARGE
                && Blas.isAvailable()
                && FloatRows.canView(rows, otherRows)
                && FloatRows.canViewColumns(W);
    }

    private static void forwardByBlas(INDArray x, INDArray W, INDArray z) {
        if (!canSplit(W, x, z)) {
            Nd4j.gemm(W, x, z.transpose(), true, true, 1, 0);
            return;
        }
        SplitProduct.multiply(false, true, FloatRows.of(x), FloatRows.ofColumns(W), FloatRows.of(z));
    }

    private static void inputGradientByBlas(INDArray delta, INDArray W, INDArray epsilon) {
        if (!canSplit(W, delta, epsilon)) {
            Nd4j.gemm(W, delta, epsilon.transpose(), false, true, 1, 0);
            return;
        }
        SplitProduct.multiply(false, false, FloatRows.of(delta), FloatRows.ofColumns(W), FloatRows.of(epsilon));
    }

    private static void weightGradientByBlas(INDArray x, INDArray delta, INDArray G) {
        if (!canSplit(G, x, delta)) {
            Nd4j.gemm(x, delta, G, true, false, 1, 0);
            return;
        }
        SplitProduct.multiply(true, false, FloatRows.of(delta), FloatRows.of(x), FloatRows.ofColumns(G));
    }

    /**
     * Computes ∂b = Σ_rows δ.
     *
     * @param delta δ, {@code [B, m]}
     * @param biasGradient {@code [m]} or {@code [1, m]}: receives the sums
     */
    public static void biasGradient(INDArray delta, INDArray biasGradient) {
        if (!FloatRows.canView(delta, biasGradient)) {
            delta.sum(biasGradient, 0);
            return;
        }
        FusedRows.biasGradient(delta, biasGradient);
    }

    /**
     * Returns the nonzero values of a factor if they are few, else null.
     *
     * @param otherWidth the number of multiplications per value
     * @param weights must be contiguous in 'f' order for a result; weight noise can produce another layout
     */
    private static @Nullable SparseRows sparse(INDArray factor, long otherWidth, double density, INDArray weights) {
        boolean worthwhile =
                factor.length() * otherWidth >= SMALL && FloatRows.canView(factor) && FloatRows.canViewColumns(weights);
        return worthwhile ? SparseRows.of(FloatRows.of(factor), density) : null;
    }

    /**
     * Computes z = x·W if few values of x differ from zero.
     *
     * @param weights Wᵀ
     * @return whether it did; else z is unchanged
     */
    static boolean gatherIfSparse(FloatRows x, FloatRows weights, FloatRows z) {
        SparseRows sparse = sparse(x, weights.rows(), FEW_FOR_GATHERING);
        if (sparse != null) {
            gather(sparse, weights, z);
        }
        return sparse != null;
    }

    /**
     * Computes z = x·V if few values of x differ from zero.
     *
     * @param weights V
     * @return whether it did; else z is unchanged
     */
    static boolean addRowsIfSparse(FloatRows x, FloatRows weights, FloatRows z) {
        SparseRows sparse = sparse(x, weights.columns(), FEW_FOR_ADDING_ROWS);
        if (sparse != null) {
            addRows(sparse, weights, z);
        }
        return sparse != null;
    }

    private static @Nullable SparseRows sparse(FloatRows factor, long otherWidth, double density) {
        boolean worthwhile = (long) factor.rows() * factor.columns() * otherWidth >= SMALL;
        return worthwhile ? SparseRows.of(factor, density) : null;
    }

    /** Computes out_i = Σ_p value_p · row_{index_p} for every line i, row by row. */
    private static void addRows(SparseRows lines, FloatRows rows, FloatRows out) {
        int width = rows.columns();
        RowBlocks.of(out.rows(), width).forEach((block, from, to) -> {
            float[] sum = new float[width];
            float[] row = new float[width];
            for (int i = from; i < to; i++) {
                Arrays.fill(sum, 0f);
                for (int p = lines.start[i]; p < lines.start[i + 1]; p++) {
                    rows.read(lines.index[p], row);
                    addScaled(sum, lines.values[p], row, width);
                }
                out.write(i, sum);
            }
        });
    }

    private static void addScaled(float[] sum, float factor, float[] row, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] += factor * row[j];
        }
    }

    /**
     * Computes out_{i,o} = Σ_p value_p · weight_{o,index_p}. A row of weights stays in the cache while all lines read
     * it.
     */
    private static void gather(SparseRows lines, FloatRows weights, FloatRows out) {
        RowBlocks.of(groups(weights.rows()), LINE * (long) weights.columns()).forEach((block, from, to) -> {
            float[][] rows = new float[LINE][weights.columns()];
            float[] sums = new float[LINE];
            for (int group = from; group < to; group++) {
                int first = group * LINE;
                int count = Math.min(LINE, weights.rows() - first);
                for (int o = 0; o < count; o++) {
                    weights.read(first + o, rows[o]);
                }
                for (int i = 0; i < lines.lines(); i++) {
                    for (int o = 0; o < count; o += 4) {
                        dots(lines, i, rows, o, sums);
                    }
                    out.write(i, first, sums, 0, count);
                }
            }
        });
    }

    /** Computes four sums in parallel, because each addition waits for the previous one of its sum. */
    private static void dots(SparseRows lines, int line, float[][] rows, int o, float[] sums) {
        float[] row0 = rows[o];
        float[] row1 = rows[o + 1];
        float[] row2 = rows[o + 2];
        float[] row3 = rows[o + 3];
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        for (int p = lines.start[line]; p < lines.start[line + 1]; p++) {
            int j = lines.index[p];
            float value = lines.values[p];
            sum0 += value * row0[j];
            sum1 += value * row1[j];
            sum2 += value * row2[j];
            sum3 += value * row3[j];
        }
        sums[o] = sum0;
        sums[o + 1] = sum1;
        sums[o + 2] = sum2;
        sums[o + 3] = sum3;
    }

    /** Computes out_{i,j} = Σ_o delta_{i,o} · weight_{o,j} for the indices j of line i, in the order of gather. */
    private static void sample(SparseRows lines, FloatRows delta, FloatRows weights, FloatRows out) {
        RowBlocks blocks = RowBlocks.of(groups(weights.rows()), LINE * (long) weights.columns());
        float[][] sums = new float[blocks.count()][lines.values.length];
        blocks.forEach((block, from, to) -> {
            float[][] rows = new float[LINE][weights.columns()];
            float[] factors = new float[LINE];
            for (int group = from; group < to; group++) {
                int first = group * LINE;
                int count = Math.min(LINE, weights.rows() - first);
                Arrays.fill(factors, 0f);
                for (int o = 0; o < count; o++) {
                    weights.read(first + o, rows[o]);
                }
                for (int i = 0; i < lines.lines(); i++) {
                    delta.read(i, first, factors, 0, count);
                    for (int o = 0; o < count; o += 4) {
                        addDots(rows, o, factors, lines, i, sums[block]);
                    }
                }
            }
        });
        RowBlocks.of(out.rows(), out.columns()).forEach((block, from, to) -> {
            float[] row = new float[out.columns()];
            for (int i = from; i < to; i++) {
                Arrays.fill(row, 0f);
                for (float[] sum : sums) {
                    for (int p = lines.start[i]; p < lines.start[i + 1]; p++) {
                        row[lines.index[p]] += sum[p];
                    }
                }
                out.write(i, row);
            }
        });
    }

    private static void addDots(float[][] rows, int o, float[] factors, SparseRows lines, int line, float[] sums) {
        float[] row0 = rows[o];
        float[] row1 = rows[o + 1];
        float[] row2 = rows[o + 2];
        float[] row3 = rows[o + 3];
        float factor0 = factors[o];
        float factor1 = factors[o + 1];
        float factor2 = factors[o + 2];
        float factor3 = factors[o + 3];
        for (int p = lines.start[line]; p < lines.start[line + 1]; p++) {
            int j = lines.index[p];
            sums[p] += factor0 * row0[j] + factor1 * row1[j] + factor2 * row2[j] + factor3 * row3[j];
        }
    }

    /** Computes G_{o,j} = Σ_i delta_{i,o} · x_{i,j} in the order of gather, with the rows as the sums. */
    private static void scatter(SparseRows x, FloatRows delta, FloatRows G) {
        RowBlocks.of(groups(G.rows()), LINE * (long) G.columns()).forEach((block, from, to) -> {
            float[][] rows = new float[LINE][G.columns()];
            float[] factors = new float[LINE];
            for (int group = from; group < to; group++) {
                int first = group * LINE;
                int count = Math.min(LINE, G.rows() - first);
                for (int o = 0; o < count; o++) {
                    Arrays.fill(rows[o], 0f);
                }
                for (int i = 0; i < x.lines(); i++) {
                    delta.read(i, first, factors, 0, count);
                    for (int o = 0; o < count; o += 4) {
                        addTo(rows, o, factors, x, i);
                    }
                }
                for (int o = 0; o < count; o++) {
                    G.write(first + o, rows[o]);
                }
            }
        });
    }

    private static void addTo(float[][] rows, int o, float[] factors, SparseRows x, int line) {
        float[] row0 = rows[o];
        float[] row1 = rows[o + 1];
        float[] row2 = rows[o + 2];
        float[] row3 = rows[o + 3];
        float factor0 = factors[o];
        float factor1 = factors[o + 1];
        float factor2 = factors[o + 2];
        float factor3 = factors[o + 3];
        for (int p = x.start[line]; p < x.start[line + 1]; p++) {
            int j = x.index[p];
            float value = x.values[p];
            row0[j] += factor0 * value;
            row1[j] += factor1 * value;
            row2[j] += factor2 * value;
            row3[j] += factor3 * value;
        }
    }

    private static int groups(int rows) {
        return (rows + LINE - 1) / LINE;
    }
}
