package io.github.dl4jae.internal.kernel;

import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The product and bias of a layer at inference, for float32 rows on the CPU.
 *
 * <pre>
 * z = x·W + b         [B,n]·[n,m] → [B,m]
 * z = x·Wᵀ + b        [B,m]·[m,n] → [B,n]
 * </pre>
 *
 * <p>An instance reads the memory of W and b, so it always sees their current values. It is immutable, and threads can
 * share it.
 */
@SuppressWarnings("ReferenceEquality") // another array is another memory
final class AffineRows {

    /** The number of rows up to which products take the calling thread only. */
    private static final int FEW = Blas.MULTIPLIES_FEW_ROWS_QUICKLY ? 16 : 8;
    /** The number of multiplications of a product of matrices for which OpenBLAS takes the calling thread only. */
    private static final int SMALL = 250_000;
    /** The number of multiplications above which OpenBLAS has no kernel for small products. */
    private static final int LARGE = 1_000_000;
    /** As {@link #SMALL}, for a product of a matrix and a vector. */
    private static final int SMALL_BY_VECTOR = 450_000;
    /** The number of columns that OpenBLAS computes together. */
    private static final int GROUP = 16;

    private final INDArray W;
    private final DataBuffer dataOfW;
    private final @Nullable INDArray b;
    private final @Nullable DataBuffer dataOfB;
    /** Whether the product is x·weights rather than x·weightsᵀ. */
    private final boolean transposed;
    /** Wᵀ, or W if that is in 'c' order. */
    private final FloatRows weights;

    private final @Nullable FloatRows bias;
    private final int outputs;

    private AffineRows(INDArray W, @Nullable INDArray b, FloatRows weights, boolean transposed, int outputs) {
        this.W = W;
        this.dataOfW = W.data();
        this.b = b;
        this.dataOfB = b == null ? null : b.data();
        this.transposed = transposed;
        this.weights = weights;
        this.bias = b == null ? null : FloatRows.vector(b);
        this.outputs = outputs;
    }

    /**
     * Returns the product with a layer's parameters.
     *
     * @param last an earlier result, returned again if the arrays are the same; or null
     * @param W the weights, {@code [n, m]}
     * @param b the bias, or null
     * @param transposed whether to multiply by Wᵀ
     * @param outputs the number of columns of W or Wᵀ to use, from the first
     * @return null if the arrays have another type or order, or were closed
     */
    static @Nullable AffineRows of(
            @Nullable AffineRows last, INDArray W, @Nullable INDArray b, boolean transposed, long outputs) {
        if (W.wasClosed() || (b != null && b.wasClosed())) {
            return null;
        } else if (last != null && last.isOf(W, b)) {
            return last;
        }
        if (b != null && !FloatRows.canView(b)) {
            return null;
        } else if (FloatRows.canViewColumns(W)) {
            return new AffineRows(W, b, FloatRows.of(W.transpose()), transposed, (int) outputs);
        }
        boolean canViewRows = FloatRows.canView(W) && outputs == W.size(transposed ? 0 : 1);
        return canViewRows ? new AffineRows(W, b, FloatRows.of(W), !transposed, (int) outputs) : null;
    }

    private boolean isOf(INDArray W, @Nullable INDArray b) {
        return this.W == W && dataOfW == W.data() && this.b == b && (b == null || dataOfB == b.data());
    }

    /** Returns the length of a row of x. */
    int inputs() {
        return transposed ? weights.rows() : weights.columns();
    }

    /** Returns the length of a row of z. */
    int outputs() {
        return outputs;
    }

    /** Returns a copy of b, of at least the length of a row of z, or null if there is no bias. */
    float @Nullable [] bias() {
        return bias == null ? null : bias.toArray();
    }

    /**
     * Returns the number of rows that a product should have. Products of as many rows can run on several threads at
     * once.
     *
     * @param rows that there are
     * @return at most {@code rows}
     */
    int rowsAtATime(int rows) {
        int fast = Math.min(FEW, LARGE / GROUP / inputs());
        boolean split = rows <= FEW || (Blas.MULTIPLIES_FEW_ROWS_QUICKLY && fast >= FEW / 2);
        return split ? Math.max(1, Math.min(rows, fast)) : rows;
    }

    /** Returns the work per row, in multiplications that take as long as reading a value. */
    long work() {
        return (long) inputs() * outputs / 8;
    }

    /** Computes the product without the bias if few values of x differ from zero, and returns whether it did. */
    boolean multiplyIfSparse(FloatRows x, FloatRows z) {
        FloatRows used = used();
        return transposed ? Products.addRowsIfSparse(x, used, z) : Products.gatherIfSparse(x, used, z);
    }

    /** Computes the product without the bias. */
    void multiply(FloatRows x, FloatRows z) {
        if (x.rows() == 1 || (x.rows() <= FEW && !Blas.MULTIPLIES_FEW_ROWS_QUICKLY)) {
            multiplyByRow(x, used(), z);
        } else {
            multiplyAtOnce(x, used(), z);
        }
        FloatRows.keepReachable(x, weights, z);
    }

    private FloatRows used() {
        return transposed ? weights : weights.part(0, outputs);
    }

    /** Computes groups of columns, each for all rows, while their weights are in the cache. */
    private void multiplyByRow(FloatRows x, FloatRows used, FloatRows z) {
        int step = Math.max(GROUP, SMALL_BY_VECTOR / inputs() / GROUP * GROUP);
        for (int from = 0; from < outputs; from += step) {
            int count = Math.min(step, outputs - from);
            for (int row = 0; row < x.rows(); row++) {
                Blas.multiplyVector(
                        transposed,
                        transposed ? inputs() : count,
                        transposed ? count : inputs(),
                        column(used, from),
                        used.columns(),
                        x.pointer(row, 0),
                        z.pointer(row, from));
            }
        }
    }

    private void multiplyAtOnce(FloatRows x, FloatRows used, FloatRows z) {
        int rows = x.rows();
        int step = rows > FEW ? outputs : (int) Math.max(GROUP, SMALL / ((long) rows * inputs()) / GROUP * GROUP);
        for (int from = 0; from < outputs; from += step) {
            Blas.multiply(
                    false,
                    !transposed,
                    rows,
                    Math.min(step, outputs - from),
                    inputs(),
                    x.pointer(0, 0),
                    inputs(),
                    column(used, from),
                    used.columns(),
                    0,
                    z.pointer(0, from),
                    outputs);
        }
    }

    /** Returns the weights of a column of z and of those after it. */
    private FloatPointer column(FloatRows used, int column) {
        return transposed ? used.pointer(0, column) : used.pointer(column, 0);
    }
}
