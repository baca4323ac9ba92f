package io.github.dl4jae.internal.kernel;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A chain of layers at inference, as a function of float32 rows. It takes no lock, and threads can share it.
 *
 * <pre>
 * y = f_L(… f_2(f_1(x)))        f(x) = act(x·W + b), or act(x)        [B,n] → [B,m]
 * </pre>
 *
 * <p>Up to sixteen rows stay on the calling thread. The rows between layers lie in memory of that thread. The result is
 * the only array that a call creates, because ND4J needs 5 µs for one.
 *
 * <p>A call reads the parameters while it runs. One that runs beside training can therefore see some layers before an
 * update and others after it.
 */
public final class RowChain {

    /** The number of rows at a time: enough for all threads, and few enough for the caches. */
    private static final int ROWS = 1024;
    /** The largest length of rows between stages, of which the memory holds two times as many. */
    private static final long WIDEST = FloatRows.LARGEST / (2 * ROWS);
    /** The largest number of values that a thread keeps between calls. */
    private static final int KEPT = 1 << 18;

    private static final ThreadLocal<@Nullable FloatRows> MEMORY = new ThreadLocal<>();

    private final List<Stage> stages;
    private final int outputs;
    /** The width of the widest rows between stages. */
    private final int widest;

    private RowChain(List<Stage> stages, int outputs, int widest) {
        this.stages = stages;
        this.outputs = outputs;
        this.widest = widest;
    }

    /**
     * A product, and what follows up to the next product.
     *
     * @param product null if no product stands before the activations
     * @param activations in their order
     * @param width the length of a row of the result
     */
    private record Stage(@Nullable AffineRows product, List<RowActivation> activations, int width) {

        void run(FloatRows x, FloatRows y) {
            int rows = x.rows();
            int most = product == null ? rows : product.rowsAtATime(rows);
            if (product == null || product.multiplyIfSparse(x, y)) {
                activateAll(product == null ? x : y, y);
            } else if (most == rows) {
                product.multiply(x, y);
                activateAll(y, y);
            } else {
                float[] bias = product.bias();
                RowBlocks.of((rows + most - 1) / most, most * product.work()).forEach((block, from, to) -> {
                    for (int row = from * most; row < Math.min(to * most, rows); row += most) {
                        int count = Math.min(most, rows - row);
                        product.multiply(x.part(row, count), y.part(row, count));
                        activate(y, bias, row, row + count, y);
                    }
                });
            }
        }

        private void activateAll(FloatRows z, FloatRows a) {
            float[] bias = product == null ? null : product.bias();
            RowBlocks.of(z.rows(), width).forEach((block, from, to) -> activate(z, bias, from, to, a));
        }

        private void activate(FloatRows z, float @Nullable [] bias, int from, int to, FloatRows a) {
            float[] row = new float[width];
            for (int i = from; i < to; i++) {
                z.read(i, row);
                if (bias != null) {
                    add(row, bias, width);
                }
                for (RowActivation activation : activations) {
                    activation.activateRow(row, null, width, false);
                }
                a.write(i, row);
            }
        }

        private static void add(float[] sum, float[] row, int n) {
            for (int j = 0; j < n; j++) {
                sum[j] += row[j];
            }
        }
    }

    /**
     * Returns the chain of layers.
     *
     * @param steps the layers in their order, at least one
     * @param inputs the length of a row of the input
     * @return null if the widths do not fit each other, or the memory between stages would be too large
     */
    public static @Nullable RowChain of(List<RowStep> steps, long inputs) {
        List<Stage> stages = new ArrayList<>(steps.size());
        long width = inputs;
        long widest = 0;
        for (RowStep step : steps) {
            AffineRows product = step.product();
            if (product != null && product.inputs() != width) {
                return null;
            }
            if (product != null || stages.isEmpty()) {
                widest = stages.isEmpty() ? 0 : Math.max(widest, width);
                width = product == null ? width : product.outputs();
                stages.add(new Stage(product, new ArrayList<>(2), Math.toIntExact(width)));
            }
            stages.get(stages.size() - 1).activations.add(step.activation());
        }
        return widest > WIDEST ? null : new RowChain(stages, (int) width, (int) widest);
    }

    /**
     * Returns whether one array can hold the output of a number of rows.
     *
     * @param rows the number of rows
     * @return false if the array would be too large
     */
    public boolean accepts(long rows) {
        return rows * outputs <= FloatRows.LARGEST;
    }

    /**
     * Computes the output of the last layer.
     *
     * @param x {@code [B, inputs]}, an array that {@link FloatRows#canView} accepts
     * @return {@code [B, outputs]}, a new array in 'c' order
     */
    public INDArray output(INDArray x) {
        INDArray y = Nd4j.createUninitialized(DataType.FLOAT, new long[] {x.size(0), outputs}, 'c');
        FloatRows in = FloatRows.of(x);
        FloatRows out = FloatRows.of(y);
        int most = Math.min(in.rows(), ROWS);
        FloatRows memory = stages.size() == 1 ? out : take(2 * most * widest);
        for (int from = 0; from < in.rows(); from += most) {
            int rows = Math.min(most, in.rows() - from);
            run(in.part(from, rows), out.part(from, rows), memory);
        }
        FloatRows.keepReachable(in, out, memory);
        if (memory != out && memory.columns() <= KEPT) {
            MEMORY.set(memory);
        } else if (memory != out) {
            memory.free(); // or megabytes would wait for the next garbage collection
        }
        return y;
    }

    /** Takes the memory of the calling thread, so that a nested call, or one after a failure, gets another. */
    private static FloatRows take(int length) {
        FloatRows memory = MEMORY.get();
        MEMORY.set(null);
        return memory == null || memory.columns() < length ? FloatRows.allocate(1, length) : memory;
    }

    /** Runs the stages, whose results lie in the two halves of the memory in turn. */
    private void run(FloatRows x, FloatRows y, FloatRows memory) {
        FloatRows in = x;
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            FloatRows out = i == stages.size() - 1 ? y : memory.slice(i % 2 * x.rows() * widest, x.rows(), stage.width);
            stage.run(in, out);
            in = out;
        }
    }
}
