package io.github.dl4jae.internal.kernel;

/**
 * A product of float32 matrices in CPU memory, in blocks of rows or columns of the result that run in parallel, each on
 * one thread.
 *
 * <p>OpenBLAS has its own threads. They sleep between the loops of a training step, and waking them takes as long as a
 * product of medium size. The threads of {@link BlockLoop} are still awake at that time.
 *
 * <p>The blocks depend only on the sizes, so results do not depend on the number of cores.
 */
final class SplitProduct {

    /** The number of multiplications per block, at least. */
    private static final long WORK = 1 << 19;
    /** Block borders are multiples of it: the number of floats in a cache line. */
    private static final int LINE = 16;

    /** The largest number of blocks. */
    private static final int MOST = 8;

    private SplitProduct() {}

    /**
     * Computes C = op(A)·op(B).
     *
     * @param transposeA whether A is stored as {@code [k, m]}
     * @param transposeB whether B is stored as {@code [n, k]}
     * @param A {@code [m, k]}
     * @param B {@code [k, n]}
     * @param C {@code [m, n]}: receives the product
     */
    static void multiply(boolean transposeA, boolean transposeB, FloatRows A, FloatRows B, FloatRows C) {
        int m = C.rows();
        int n = C.columns();
        int k = transposeA ? A.rows() : A.columns();
        boolean byRows = m >= n;
        int lines = ((byRows ? m : n) + LINE - 1) / LINE;
        RowBlocks blocks = RowBlocks.inBlocks(lines, (int) Math.min(MOST, (long) m * n * k / WORK));
        Blas.onCallingThreads(() -> blocks.forEach((block, from, to) -> {
            int first = from * LINE;
            int end = Math.min(byRows ? m : n, to * LINE);
            boolean rowsOfA = byRows && !transposeA;
            boolean rowsOfB = !byRows && transposeB;
            Blas.multiply(
                    transposeA,
                    transposeB,
                    byRows ? end - first : m,
                    byRows ? n : end - first,
                    k,
                    A.pointer(rowsOfA ? first : 0, byRows && transposeA ? first : 0),
                    A.columns(),
                    B.pointer(rowsOfB ? first : 0, !byRows && !transposeB ? first : 0),
                    B.columns(),
                    0f,
                    C.pointer(byRows ? first : 0, byRows ? 0 : first),
                    n);
        }));
        FloatRows.keepReachable(A, B, C);
    }
}
