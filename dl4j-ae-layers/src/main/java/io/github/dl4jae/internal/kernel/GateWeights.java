package io.github.dl4jae.internal.kernel;

import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The weights of a gated recurrent layer: those of the inputs above those of the previous outputs, so that one product
 * takes both.
 *
 * <pre>
 * z = [x, h]·[W; R]      [B,n+h]·[n+h,4h] → [B,4h]
 * </pre>
 *
 * <p>W and R consist of blocks of h columns. A block of z takes one of each, or one alone.
 */
public final class GateWeights {

    /** The number of rows below which a transposed copy costs more than a product without it. */
    private static final int FEW = 32;

    private static final int NONE = -1;

    final int inputs;
    final int units;
    private final int[] inputBlocks;
    private final int[] recurrentBlocks;
    /** {@code [4h, n+h]}. */
    private final FloatRows byGate;
    /** {@code [n+h, 4h]}. */
    private @Nullable FloatRows byInput;

    private boolean transposes;
    /** The values of {@code byGate}. */
    private final float[] values;

    private GateWeights(int inputs, int units, int[] inputBlocks, int[] recurrentBlocks) {
        this.inputs = inputs;
        this.units = units;
        this.inputBlocks = inputBlocks;
        this.recurrentBlocks = recurrentBlocks;
        this.values = new float[GatedCell.GATES * units * (inputs + units)];
        this.byGate = FloatRows.allocate((long) GatedCell.GATES * units, (long) inputs + units);
    }

    /**
     * Creates memory for the weights of a long short-term memory: the four blocks each take x and h.
     *
     * @param inputs n
     * @param units h
     * @return weights for {@link #set} with {@code W [n, 4h]} and {@code R [h, 4h]}
     */
    public static GateWeights ofLstm(int inputs, int units) {
        int[] blocks = {0, 1, 2, 3};
        return new GateWeights(inputs, units, blocks, blocks);
    }

    /**
     * Creates memory for the weights of a gated recurrent unit: the third block takes x alone, and the fourth h alone.
     *
     * @param inputs n
     * @param units h
     * @return weights for {@link #set} with {@code W [n, 3h]} and {@code R [h, 3h]}
     */
    public static GateWeights ofGru(int inputs, int units) {
        return new GateWeights(inputs, units, new int[] {0, 1, 2, NONE}, new int[] {0, 1, NONE, 2});
    }

    /**
     * Copies weights, for products of a number of rows in all.
     *
     * @param W weights of the inputs
     * @param R recurrent weights
     * @param rows the number of rows that will be multiplied
     */
    void set(INDArray W, INDArray R, int rows) {
        copyBlocks(FloatRows.ofColumns(W), inputBlocks, 0);
        copyBlocks(FloatRows.ofColumns(R), recurrentBlocks, inputs);
        byGate.writeAll(values);
        transposes = rows >= FEW;
        if (transposes) {
            int width = byGate.columns();
            FloatRows to = byInput == null ? FloatRows.allocate(width, byGate.rows()) : byInput;
            to.writeAll(transpose(values, byGate.rows(), width));
            byInput = to;
        }
    }

    private void copyBlocks(FloatRows weights, int[] blocks, int column) {
        for (int row = 0; row < byGate.rows(); row++) {
            int block = blocks[row / units];
            if (block != NONE) {
                weights.read(
                        block * units + row % units, 0, values, row * byGate.columns() + column, weights.columns());
            }
        }
    }

    /** Returns the number of values of [W; R], with the blocks that are zero. */
    int size() {
        return byGate.rows() * byGate.columns();
    }

    private static float[] transpose(float[] matrix, int rows, int columns) {
        float[] transposed = new float[matrix.length];
        for (int j = 0; j < columns; j++) {
            column(matrix, j, columns, transposed, j * rows, rows);
        }
        return transposed;
    }

    private static void column(float[] matrix, int start, int stride, float[] to, int offset, int n) {
        for (int i = 0; i < n; i++) {
            to[offset + i] = matrix[start + i * stride];
        }
    }

    /**
     * Computes z = a·V, where V are the rows of [W; R] from one on.
     *
     * @param a {@code [rows, k]}
     * @param stride the number of values from one row of a to the next
     * @param firstRow the first row of V: 0 for [x, h], n for h
     * @param k the number of rows of V
     * @param z {@code [rows, 4h]}
     */
    void multiply(int rows, FloatPointer a, int stride, int firstRow, int k, FloatPointer z) {
        FloatRows direct = transposes ? byInput : null;
        int gates = byGate.rows();
        if (direct == null) {
            FloatPointer V = byGate.pointer(0, firstRow);
            Blas.multiply(false, true, rows, gates, k, a, stride, V, byGate.columns(), 0f, z, gates);
        } else {
            FloatPointer V = direct.pointer(firstRow, 0);
            Blas.multiply(false, false, rows, gates, k, a, stride, V, gates, 0f, z, gates);
        }
    }

    /**
     * Computes the gradient with respect to [x, h], dz·[W; R]ᵀ.
     *
     * @param dz {@code [rows, 4h]}
     * @param da receives it, {@code [rows, n+h]}
     */
    void multiplyTransposed(int rows, FloatPointer dz, FloatPointer da) {
        int gates = byGate.rows();
        int width = byGate.columns();
        Blas.multiply(false, false, rows, width, gates, dz, gates, byGate.pointer(0, 0), width, 0f, da, width);
    }

    /** Keeps the memory until this call. */
    void keepReachable() {
        FloatRows.keepReachable(byGate);
        if (byInput != null) {
            FloatRows.keepReachable(byInput);
        }
    }

    /**
     * Splits the gradient of [W; R].
     *
     * @param gradient {@code [4h, n+h]}
     * @param dW receives the gradient of W, in 'f' order
     * @param dR receives the gradient of R, in 'f' order
     */
    void split(float[] gradient, INDArray dW, INDArray dR) {
        writeBlocks(gradient, 0, inputBlocks, FloatRows.of(dW.transpose()));
        writeBlocks(gradient, inputs, recurrentBlocks, FloatRows.of(dR.transpose()));
    }

    private void writeBlocks(float[] gradient, int column, int[] blocks, FloatRows to) {
        for (int row = 0; row < byGate.rows(); row++) {
            int block = blocks[row / units];
            if (block != NONE) {
                to.write(block * units + row % units, 0, gradient, row * byGate.columns() + column, to.columns());
            }
        }
    }
}
