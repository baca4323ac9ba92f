package io.github.dl4jae.internal.kernel;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A gated recurrent layer over sequences in time-major order, in float32 on the CPU.
 *
 * <pre>
 * z_t = [x_t, h_{t−1}]·[W; R]           (h_t, c_t) = m_t · cell(z_t + b, c_{t−1})          m: mask
 * </pre>
 *
 * <p>How it works: a task takes up to {@value #MOST_ROWS} examples through all steps and back, so that threads do not
 * wait for each other at each step. Its products are small enough for one thread, and its rows of [x, h] and of ∂z lie
 * together, so that one product at the end yields the gradients of W and R. The gradients of the tasks are added in a
 * fixed order.
 *
 * <p>Where all steps have the same input, as after a {@code RepeatVector}, x·W is computed once per example.
 *
 * <p>The gradient is that of {@link GatedCell}, carried from the last step to the first. An instance serves one thread
 * at a time, because {@link #setParameters} changes it.
 */
public final class GatedRecurrence {

    private static final int MOST_ROWS = 16;
    private static final int FEWEST_ROWS = 8;
    private static final int TASKS = 4;

    private final GatedCell.Kind kind;
    private final GateWeights weights;
    /** Bias, {@code [4h]}. */
    private float[] b = {};

    /**
     * Creates the kernels.
     *
     * @param kind the cell
     * @param weights of the layer
     */
    public GatedRecurrence(GatedCell.Kind kind, GateWeights weights) {
        this.kind = kind;
        this.weights = weights;
    }

    /**
     * Sets the parameters of the next pass forward and back.
     *
     * @param W weights of the inputs
     * @param R recurrent weights
     * @param bias {@code [4h]}
     * @param memory of that pass
     */
    public void setParameters(INDArray W, INDArray R, INDArray bias, Memory memory) {
        weights.set(W, R, memory.steps * memory.examples);
        b = FloatRows.vector(bias).toArray();
    }

    /** The memory of a pass. It can be used again by a pass of the same sizes. */
    public static final class Memory {
        private final int steps;
        private final int examples;
        private final int inputs;
        private final int units;
        /** Whether every step is kept. */
        private final boolean keeps;

        private final Task[] tasks;
        /** The gradients of [W; R] of each task, {@code [tasks, 4h·(n+h)]}. */
        private final FloatRows gradients;
        /** Whether all steps have the same input. */
        private boolean repeated;

        private Memory(GatedCell.Kind kind, GateWeights weights, int steps, int examples, boolean keeps) {
            this.steps = steps;
            this.examples = examples;
            this.inputs = weights.inputs;
            this.units = weights.units;
            this.keeps = keeps;
            int rows = Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, (examples + TASKS - 1) / TASKS));
            this.tasks = new Task[(examples + rows - 1) / rows];
            for (int task = 0; task < tasks.length; task++) {
                int first = task * rows;
                tasks[task] = new Task(this, kind, first, Math.min(rows, examples - first));
            }
            this.gradients = FloatRows.allocate(tasks.length, keeps ? weights.size() : 1);
        }

        private boolean fits(GateWeights weights, int otherSteps, int otherExamples, boolean otherKeeps) {
            return steps == otherSteps
                    && examples == otherExamples
                    && keeps == otherKeeps
                    && inputs == weights.inputs
                    && units == weights.units;
        }
    }

    /** The examples of one task, with their arrays. */
    private static final class Task {
        final int first;
        final int rows;
        final GatedCell cell;
        /** [x_t, h_{t−1}] of each kept step, {@code [steps·rows, n+h]}. */
        final FloatRows inputs;
        /** z, then ∂z of each kept step, {@code [steps·rows, 4h]}. */
        final FloatRows gates;
        /** ∂[x, h] of one step, {@code [rows, n+h]}. */
        final FloatRows errors;

        final float[] x;
        final float[] h;
        final float[] z;
        final float[] da;
        /** Σ_t ∂z_t. */
        final float[] sum;

        Task(Memory memory, GatedCell.Kind kind, int first, int rows) {
            this.first = first;
            this.rows = rows;
            int steps = memory.keeps ? memory.steps : 1;
            int width = memory.inputs + memory.units;
            cell = kind.create(steps, rows);
            inputs = FloatRows.allocate((long) steps * rows, width);
            gates = FloatRows.allocate((long) steps * rows, (long) GatedCell.GATES * memory.units);
            errors = FloatRows.allocate(rows, width);
            x = new float[rows * memory.inputs];
            h = new float[rows * memory.units];
            z = new float[rows * GatedCell.GATES * memory.units];
            da = new float[rows * width];
            sum = new float[z.length];
        }
    }

    /**
     * Returns the memory for a pass.
     *
     * @param steps the number of steps, T
     * @param examples the number of examples, B
     * @param keeps whether backprop follows
     * @param old memory of an earlier pass, used again if its sizes fit; or null
     * @return memory for {@link #forward}
     */
    public Memory memory(int steps, int examples, boolean keeps, @Nullable Memory old) {
        return old != null && old.fits(weights, steps, examples, keeps)
                ? old
                : new Memory(kind, weights, steps, examples, keeps);
    }

    /**
     * Computes all steps.
     *
     * @param x {@code [T·B, n]}
     * @param h {@code [B, h]}: the initial outputs, replaced by the last ones; null for 0
     * @param c {@code [B, h]}: the initial states, replaced by the last ones; can be {@code h}; null for 0
     * @param mask m, {@code [B][T]}; null for 1
     * @param y receives the outputs, {@code [T·B, h]}
     * @param memory what backprop needs
     */
    public void forward(
            FloatRows x,
            @Nullable FloatRows h,
            @Nullable FloatRows c,
            float @Nullable [][] mask,
            FloatRows y,
            Memory memory) {
        memory.repeated = memory.steps > 1 && x.repeats(memory.examples);
        RowBlocks.inBlocks(memory.tasks.length, memory.tasks.length)
                .onOneThreadEach((task, from, to) -> forward(memory, memory.tasks[task], x, h, c, mask, y));
        weights.keepReachable();
    }

    private void forward(
            Memory memory,
            Task task,
            FloatRows x,
            @Nullable FloatRows h,
            @Nullable FloatRows c,
            float @Nullable [][] mask,
            FloatRows y) {
        GatedCell cell = task.cell;
        int n = weights.inputs;
        int units = weights.units;
        int fromColumn = memory.repeated ? n : 0;
        read(h, task, task.h);
        read(c, task, cell.c[0]);
        float[] bias = repeat(b, task.rows);
        for (int t = 0; t < memory.steps; t++) {
            int at = memory.keeps ? t : 0;
            int row = at * task.rows;
            if (t == 0 || !memory.repeated) {
                x.readRows(t * memory.examples + task.first, task.rows, task.x);
                write(task.x, n, task.inputs, row, 0, task.rows);
            }
            if (t == 0 && memory.repeated) {
                weights.multiply(task.rows, task.inputs.pointer(0, 0), n + units, 0, n, task.gates.pointer(0, 0));
                task.gates.readRows(0, task.rows, task.z);
                GatedCell.add(bias, task.z, bias.length);
            }
            write(task.h, units, task.inputs, row, n, task.rows);
            FloatPointer in = task.inputs.pointer(row, fromColumn);
            weights.multiply(task.rows, in, n + units, fromColumn, n + units - fromColumn, task.gates.pointer(0, 0));
            task.gates.readRows(0, task.rows, task.z);
            cell.forward(task.z, bias, at, task.h);
            if (mask != null) {
                applyMask(mask, task, t, cell.c[at + 1]);
                applyMask(mask, task, t, task.h);
            }
            y.writeRows(t * memory.examples + task.first, task.rows, task.h);
            if (!memory.keeps) {
                System.arraycopy(cell.c[1], 0, cell.c[0], 0, cell.c[0].length);
            }
        }
        if (h != null) {
            h.writeRows(task.first, task.rows, task.h);
        }
        if (c != null) {
            c.writeRows(task.first, task.rows, cell.c[memory.keeps ? memory.steps : 0]);
        }
    }

    /**
     * Backpropagates through all steps.
     *
     * @param epsilon the gradient with respect to the outputs of each step, {@code [T·B, h]}
     * @param mask m, {@code [B][T]}; null for 1
     * @param firstStep the step at which truncated backprop ends; 0 for all
     * @param memory of the forward pass
     * @param dx receives the gradient with respect to x, {@code [T·B, n]}
     * @param dW receives the gradient of W
     * @param dR receives the gradient of R
     * @param db receives the gradient of the bias
     */
    public void backprop(
            FloatRows epsilon,
            float @Nullable [][] mask,
            int firstStep,
            Memory memory,
            FloatRows dx,
            INDArray dW,
            INDArray dR,
            INDArray db) {
        int tasks = memory.tasks.length;
        float[][] partialBias = new float[tasks][];
        RowBlocks.inBlocks(tasks, tasks).onOneThreadEach((index, from, to) -> {
            Task task = memory.tasks[index];
            backprop(memory, task, epsilon, mask, firstStep, dx);
            weightGradient(memory, task, firstStep, memory.gradients.pointer(index, 0));
            partialBias[index] = fold(task.sum, b.length);
        });
        weights.split(memory.gradients.sumOfRows(), dW, dR);
        for (int task = 1; task < tasks; task++) {
            GatedCell.add(partialBias[0], partialBias[task], b.length);
        }
        FloatRows.vector(db).write(0, partialBias[0]);
        weights.keepReachable();
    }

    private void backprop(
            Memory memory, Task task, FloatRows epsilon, float @Nullable [][] mask, int firstStep, FloatRows dx) {
        GatedCell cell = task.cell;
        int n = weights.inputs;
        int units = weights.units;
        int size = task.rows * units;
        float[] recurrent = new float[size];
        Arrays.fill(cell.dc, 0f);
        Arrays.fill(task.sum, 0f);
        for (int t = memory.steps - 1; t >= firstStep; t--) {
            int row = t * memory.examples + task.first;
            epsilon.readRows(row, task.rows, task.h);
            GatedCell.add(task.h, recurrent, size);
            if (mask != null) {
                applyMask(mask, task, t, task.h);
                applyMask(mask, task, t, cell.dc);
            }
            cell.backprop(t, task.h, task.z);
            GatedCell.add(task.sum, task.z, task.z.length);
            task.gates.writeRows(t * task.rows, task.rows, task.z);
            weights.multiplyTransposed(task.rows, task.gates.pointer(t * task.rows, 0), task.errors.pointer(0, 0));
            task.errors.readRows(0, task.rows, task.da);
            split(task.da, task.x, n, recurrent, units);
            dx.writeRows(row, task.rows, task.x);
        }
        Arrays.fill(task.x, 0f);
        for (int t = 0; t < firstStep; t++) {
            dx.writeRows(t * memory.examples + task.first, task.rows, task.x);
        }
    }

    /** Computes ∂[W; R]ᵀ = Σ_t ∂z_tᵀ·[x_t, h_{t−1}]. */
    private void weightGradient(Memory memory, Task task, int firstStep, FloatPointer gradient) {
        int width = weights.inputs + weights.units;
        int gates = b.length;
        int row = firstStep * task.rows;
        int column = memory.repeated ? weights.inputs : 0;
        Blas.multiply(
                true,
                false,
                gates,
                width - column,
                (memory.steps - firstStep) * task.rows,
                task.gates.pointer(row, 0),
                gates,
                task.inputs.pointer(row, column),
                width,
                0f,
                gradient.getPointer(column),
                width);
        if (memory.repeated) {
            task.gates.writeRows(0, task.rows, task.sum); // ∂z_0 is no longer needed
            Blas.multiply(
                    true,
                    false,
                    gates,
                    column,
                    task.rows,
                    task.gates.pointer(0, 0),
                    gates,
                    task.inputs.pointer(0, 0),
                    width,
                    0f,
                    gradient,
                    width);
        }
    }

    private static void read(@Nullable FloatRows state, Task task, float[] to) {
        if (state == null) {
            Arrays.fill(to, 0f);
        } else {
            state.readRows(task.first, task.rows, to);
        }
    }

    private static void write(float[] from, int n, FloatRows to, int row, int column, int rows) {
        for (int i = 0; i < rows; i++) {
            to.write(row + i, column, from, i * n, n);
        }
    }

    private static void split(float[] rows, float[] left, int n, float[] right, int m) {
        for (int from = 0, i = 0; from < rows.length; from += n + m, i++) {
            System.arraycopy(rows, from, left, i * n, n);
            System.arraycopy(rows, from + n, right, i * m, m);
        }
    }

    private static float[] repeat(float[] b, int rows) {
        float[] all = new float[rows * b.length];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(b, 0, all, i * b.length, b.length);
        }
        return all;
    }

    private static float[] fold(float[] values, int n) {
        float[] sums = Arrays.copyOf(values, n);
        for (int from = n; from < values.length; from += n) {
            for (int j = 0; j < n; j++) {
                sums[j] += values[from + j];
            }
        }
        return sums;
    }

    private void applyMask(float[][] mask, Task task, int t, float[] values) {
        for (int row = 0; row < task.rows; row++) {
            float m = mask[task.first + row][t];
            if (m != 1f) {
                for (int j = row * weights.units; j < (row + 1) * weights.units; j++) {
                    values[j] *= m;
                }
            }
        }
    }
}
