package io.github.dl4jae.internal.kernel;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The products of {@link Products} for matrices with many rows, such as the steps of sequences: blocks of rows run in
 * parallel, each on one thread.
 *
 * <p>OpenBLAS divides such a product by columns, of which there are few. It also keeps threads of its own, which must
 * be woken between the parallel loops of a recurrent layer. Types other than float32, and backends without OpenBLAS,
 * take {@link Products}.
 */
public final class BlockProducts {

    /** The number of multiplications per block, at least. */
    private static final long WORK = 1 << 19;

    private static final int MOST = 8;

    private BlockProducts() {}

    private static boolean supports(INDArray W, INDArray... rows) {
        return Blas.isAvailable() && FloatRows.canView(rows) && FloatRows.canViewColumns(W);
    }

    private static RowBlocks blocks(INDArray rows, INDArray W) {
        long work = rows.size(0) * W.length();
        return RowBlocks.inBlocks((int) rows.size(0), (int) Math.min(MOST, work / WORK));
    }

    /**
     * Computes z = x·W.
     *
     * @param x {@code [N, n]}
     * @param W {@code [n, m]}, in 'f' order
     * @param z {@code [N, m]}, in 'c' order: receives the product
     */
    public static void forward(INDArray x, INDArray W, INDArray z) {
        if (!supports(W, x, z)) {
            Products.forward(x, W, z);
            return;
        }
        FloatRows in = FloatRows.of(x);
        FloatRows weights = FloatRows.of(W.transpose());
        FloatRows out = FloatRows.of(z);
        int n = in.columns();
        int m = out.columns();
        blocks(x, W)
                .onOneThreadEach((block, from, to) -> Blas.multiply(
                        false,
                        true,
                        to - from,
                        m,
                        n,
                        in.pointer(from, 0),
                        n,
                        weights.pointer(0, 0),
                        n,
                        0f,
                        out.pointer(from, 0),
                        m));
        FloatRows.keepReachable(in, weights, out);
    }

    /**
     * Computes ε = δ·Wᵀ.
     *
     * @param delta δ, {@code [N, m]}
     * @param W {@code [n, m]}, in 'f' order
     * @param epsilon ε, {@code [N, n]}, in 'c' order: receives the product
     */
    public static void inputGradient(INDArray delta, INDArray W, INDArray epsilon) {
        if (!supports(W, delta, epsilon)) {
            Products.inputGradient(delta, W, epsilon);
            return;
        }
        FloatRows in = FloatRows.of(delta);
        FloatRows weights = FloatRows.of(W.transpose());
        FloatRows out = FloatRows.of(epsilon);
        int m = in.columns();
        int n = out.columns();
        blocks(delta, W)
                .onOneThreadEach((block, from, to) -> Blas.multiply(
                        false,
                        false,
                        to - from,
                        n,
                        m,
                        in.pointer(from, 0),
                        m,
                        weights.pointer(0, 0),
                        n,
                        0f,
                        out.pointer(from, 0),
                        n));
        FloatRows.keepReachable(in, weights, out);
    }

    /**
     * Computes G = xᵀ·δ. The sums of the blocks are added in a fixed order.
     *
     * @param x {@code [N, n]}
     * @param delta δ, {@code [N, m]}
     * @param G {@code [n, m]}, in 'f' order: receives the product
     */
    public static void weightGradient(INDArray x, INDArray delta, INDArray G) {
        if (!supports(G, x, delta)) {
            Products.weightGradient(x, delta, G);
            return;
        }
        FloatRows inputs = FloatRows.of(x);
        FloatRows deltas = FloatRows.of(delta);
        int n = inputs.columns();
        int m = deltas.columns();
        RowBlocks blocks = blocks(x, G);
        FloatRows partial = FloatRows.of(Nd4j.createUninitialized(DataType.FLOAT, blocks.count(), (long) n * m));
        blocks.onOneThreadEach((block, from, to) -> Blas.multiply(
                true,
                false,
                m,
                n,
                to - from,
                deltas.pointer(from, 0),
                m,
                inputs.pointer(from, 0),
                n,
                0f,
                partial.pointer(block, 0),
                n));
        FloatRows.of(G.transpose()).writeAll(partial.sumOfRows());
        FloatRows.keepReachable(inputs, deltas, partial);
    }
}
