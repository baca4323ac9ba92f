package io.github.dl4jae.internal.kernel;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * Sequences as rows of a matrix in time-major order: row t·B + b is step t of example b.
 *
 * <p>Fast layers keep sequences in this order. They return a permuted view of it, so that the next fast layer reads the
 * same memory without a copy.
 */
public final class SequenceRows {

    private SequenceRows() {}

    /**
     * Returns sequences as rows.
     *
     * @param sequences {@code [B, n, T]}, or {@code [B, n]} for one step
     * @param type the kind of array that receives a copy, where one is needed
     * @param workspaces of the pass
     * @return {@code [T·B, n]} in 'c' order: a view of the sequences if they lie in memory that way
     */
    public static INDArray of(INDArray sequences, ArrayType type, LayerWorkspaceMgr workspaces) {
        boolean oneStep = sequences.rank() == 2;
        INDArray timeMajor = oneStep ? sequences : sequences.permute(2, 0, 1);
        long n = sequences.size(1);
        long rows = sequences.length() / n;
        if (timeMajor.ordering() == 'c' && Shape.hasDefaultStridesForShape(timeMajor)) {
            return timeMajor.reshape('c', rows, n);
        }
        INDArray copy = workspaces.createUninitialized(type, sequences.dataType(), new long[] {rows, n}, 'c');
        boolean contiguous = sequences.ordering() == 'c' && Shape.hasDefaultStridesForShape(sequences);
        if (!oneStep && contiguous && FloatRows.canView(copy)) {
            transpose(
                    FloatRows.of(sequences.reshape('c', sequences.size(0), n * sequences.size(2))), FloatRows.of(copy));
        } else {
            copy.reshape('c', timeMajor.shape()).assign(timeMajor);
        }
        return copy;
    }

    /**
     * Returns rows as sequences.
     *
     * @param rows {@code [T·B, n]}
     * @param examples B
     * @return a view of the rows, {@code [B, n, T]}
     */
    public static INDArray asSequences(INDArray rows, long examples) {
        return rows.reshape('c', rows.size(0) / examples, examples, rows.size(1))
                .permute(1, 2, 0);
    }

    /**
     * Repeats vectors at every step.
     *
     * @param x {@code [B, n]}
     * @param steps T
     * @param workspaces of the pass
     * @return {@code [T·B, n]} in 'c' order, among the activations
     */
    public static INDArray repeat(INDArray x, int steps, LayerWorkspaceMgr workspaces) {
        long n = x.size(1);
        INDArray copies = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, x.dataType(), new long[] {steps, x.length()}, 'c');
        if (FloatRows.canView(copies, x)) {
            float[] values = FloatRows.of(x).toArray();
            FloatRows to = FloatRows.of(copies);
            for (int t = 0; t < steps; t++) {
                to.write(t, values);
            }
        } else {
            copies.assign(0).addiRowVector(x.dup('c').reshape('c', 1, x.length()));
        }
        return copies.reshape('c', steps * x.size(0), n);
    }

    /**
     * Adds the vectors of all steps: the gradient of {@link #repeat}.
     *
     * @param rows {@code [T·B, n]} in 'c' order
     * @param examples B
     * @param workspaces of the pass
     * @return {@code [B, n]}, among the gradients of activations
     */
    public static INDArray sumOverSteps(INDArray rows, long examples, LayerWorkspaceMgr workspaces) {
        long n = rows.size(1);
        INDArray steps = rows.reshape('c', rows.size(0) / examples, examples * n);
        INDArray sum = workspaces.createUninitialized(
                ArrayType.ACTIVATION_GRAD, rows.dataType(), new long[] {1, examples * n}, 'c');
        if (FloatRows.canView(steps, sum)) {
            FloatRows.of(sum).write(0, FloatRows.of(steps).sumOfRows());
        } else {
            steps.sum(sum, true, 0);
        }
        return sum.reshape('c', examples, n);
    }

    /** Copies examples {@code [n, T]} to rows, step by step. */
    private static void transpose(FloatRows from, FloatRows to) {
        int examples = from.rows();
        int n = to.columns();
        int steps = from.columns() / n;
        RowBlocks.of(examples, from.columns()).forEach((block, first, end) -> {
            float[] example = new float[from.columns()];
            float[] row = new float[n];
            for (int b = first; b < end; b++) {
                from.read(b, example);
                for (int t = 0; t < steps; t++) {
                    gather(example, t, steps, row, n);
                    to.write(t * examples + b, row);
                }
            }
        });
    }

    private static void gather(float[] from, int start, int stride, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = from[start + i * stride];
        }
    }
}
