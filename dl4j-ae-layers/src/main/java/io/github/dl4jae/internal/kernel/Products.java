package io.github.dl4jae.internal.kernel;

import io.github.dl4jae.internal.runtime.Startup;
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
 * Where W is in 'c' order, Wᵀ is in 'f' order, and forward and input gradient change places: x·W = x·(Wᵀ)ᵀ.
 *
 * <p>Where few values of x or δ differ from zero, such as after a top-k activation, the products visit only these
 * values. This is faster than BLAS below a density of about 3%. The products measure the density, so that every layer
 * benefits without an option. Only float32 on the CPU is supported; elsewhere zeros are multiplied like other values.
 */
public final class Products {

    /** The density of nonzero values below which loops over these values are faster than BLAS. */
    private static final double FEW = 0.03;
    /** The number of multiplications below which a product is not examined for zeros. */
    private static final long SMALL = 1 << 22;
    /** The number of multiplications from which OpenBLAS's own threads are as fast as those of loops. */
    private static final long LARGE = 1 << 26;

    static {
        Startup.atFirstUse();
    }

    private Products() {}

    /**
     * Computes z = x·W.
     *
     * @param x {@code [B, n]}
     * @param W {@code [n, m]}
     * @param z {@code [B, m]}, in 'c' order: receives the product
     */
    public static void forward(INDArray x, INDArray W, INDArray z) {
        if (isRowMajor(W)) {
            inputGradient(x, W.transpose(), z);
            return;
        }
        SparseRows sparse = sparse(x, W.size(1), W);
        if (sparse == null) {
            forwardByBlas(x, W, z);
        } else {
            SparseProducts.gather(sparse, FloatRows.of(W.transpose()), FloatRows.of(z));
        }
    }

    /**
     * Computes ε = δ·Wᵀ.
     *
     * @param delta δ, {@code [B, m]}
     * @param W {@code [n, m]}
     * @param epsilon ε, {@code [B, n]}, in 'c' order: receives the product
     */
    public static void inputGradient(INDArray delta, INDArray W, INDArray epsilon) {
        if (isRowMajor(W)) {
            forward(delta, W.transpose(), epsilon);
            return;
        }
        SparseRows sparse = sparse(delta, W.size(0), W);
        if (sparse == null) {
            inputGradientByBlas(delta, W, epsilon);
        } else {
            SparseProducts.addRows(sparse, FloatRows.of(W.transpose()), FloatRows.of(epsilon));
        }
    }

    /**
     * Computes ε = δ·Wᵀ where x differs from zero. Elsewhere ε is 0 or the full product. Use it where the layer below
     * ignores the other values, such as for a top-k activation.
     *
     * @param delta δ, {@code [B, m]}
     * @param W {@code [n, m]}
     * @param x {@code [B, n]}
     * @param epsilon ε, {@code [B, n]}, in 'c' order: receives the product
     */
    public static void inputGradientWhereActive(INDArray delta, INDArray W, INDArray x, INDArray epsilon) {
        boolean rowMajor = isRowMajor(W);
        SparseRows sparse =
                FloatRows.canView(delta, epsilon) ? sparse(x, W.size(1), rowMajor ? W.transpose() : W) : null;
        if (sparse == null) {
            inputGradient(delta, W, epsilon); // the layer below ignores the values where x is zero
        } else if (rowMajor) {
            SparseProducts.sampleRows(sparse, FloatRows.of(delta), FloatRows.of(W), FloatRows.of(epsilon));
        } else {
            SparseProducts.sample(sparse, FloatRows.of(delta), FloatRows.of(W.transpose()), FloatRows.of(epsilon));
        }
    }

    /**
     * Computes G = xᵀ·δ.
     *
     * @param x {@code [B, n]}
     * @param delta δ, {@code [B, m]}
     * @param G {@code [n, m]}, in 'f' or 'c' order: receives the product
     */
    public static void weightGradient(INDArray x, INDArray delta, INDArray G) {
        if (isRowMajor(G)) {
            weightGradient(delta, x, G.transpose()); // Gᵀ = δᵀ·x
            return;
        }
        SparseRows sparseDelta = FloatRows.canView(x) ? sparse(delta, x.size(1), G) : null;
        if (sparseDelta != null) {
            SparseProducts.addRows(sparseDelta.transpose(), FloatRows.of(x), FloatRows.of(G.transpose()));
            return;
        }
        SparseRows sparseX = FloatRows.canView(delta) ? sparse(x, delta.size(1), G) : null;
        if (sparseX != null) {
            SparseProducts.scatter(sparseX, FloatRows.of(delta), FloatRows.of(G.transpose()));
            return;
        }
        weightGradientByBlas(x, delta, G);
    }

    /** Returns whether the values of a row lie together, but not those of a column. */
    private static boolean isRowMajor(INDArray W) {
        return W.stride(1) == 1 && W.stride(0) != 1;
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
    private static @Nullable SparseRows sparse(INDArray factor, long otherWidth, INDArray weights) {
        boolean worthwhile =
                factor.length() * otherWidth >= SMALL && FloatRows.canView(factor) && FloatRows.canViewColumns(weights);
        return worthwhile ? SparseRows.of(FloatRows.of(factor), FEW) : null;
    }

    /**
     * Computes z = x·W if few values of x differ from zero.
     *
     * @param weights Wᵀ
     * @return whether it did; else z is unchanged
     */
    static boolean gatherIfSparse(FloatRows x, FloatRows weights, FloatRows z) {
        SparseRows sparse = sparse(x, weights.rows());
        if (sparse != null) {
            SparseProducts.gather(sparse, weights, z);
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
        SparseRows sparse = sparse(x, weights.columns());
        if (sparse != null) {
            SparseProducts.addRows(sparse, weights, z);
        }
        return sparse != null;
    }

    private static @Nullable SparseRows sparse(FloatRows factor, long otherWidth) {
        boolean worthwhile = (long) factor.rows() * factor.columns() * otherWidth >= SMALL;
        return worthwhile ? SparseRows.of(factor, FEW) : null;
    }
}
