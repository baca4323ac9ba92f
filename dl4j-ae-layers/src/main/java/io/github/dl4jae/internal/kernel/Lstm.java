package io.github.dl4jae.internal.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A long short-term memory without peepholes, over sequences in time-major order, in float32 on the CPU.
 *
 * <pre>
 * Z = X·W                                  one product for all steps     [T·B,n]·[n,4h] → [T·B,4h]
 * [i f o g]_t = act(Z_t + h_{t−1}·R + b)   i: act, the others: gate
 * ĉ_t = f_t ⊙ c_{t−1} + g_t ⊙ i_t
 * h_t = m_t · o_t ⊙ act(ĉ_t),   c_t = m_t · ĉ_t                           m: mask
 * </pre>
 *
 * <p>The order of gates is Deeplearning4j's: i is the block input, g the input gate.
 *
 * <p>How it works: a task takes {@value #ROWS} examples through all steps, so that threads do not wait for each other
 * at each step. Its products are small enough for one thread. Backprop goes back likewise, and leaves ∂Z in place of Z,
 * from which the gradients of W, R, b and X follow by one product each.
 *
 * @see <a href="https://arxiv.org/abs/1503.04069">Greff et al. 2015, LSTM: a search space odyssey</a>
 */
public final class Lstm {

    // longer than 300 lines: forward and backward pass of one recurrence

    /** The number of examples per task. */
    private static final int ROWS = 16;

    private static final int GATES = 4;

    private final int units;
    private final ElementwiseActivation activation;
    private final ElementwiseActivation gate;
    /** Whether all gates are activated by one loop. */
    private final boolean rational;

    /**
     * Creates the kernels.
     *
     * @param units the number of units, h
     * @param activation the activation of the block input and of the cell
     * @param gate the activation of the gates
     */
    public Lstm(int units, ElementwiseActivation activation, ElementwiseActivation gate) {
        this.units = units;
        this.activation = activation;
        this.gate = gate;
        this.rational = activation == ElementwiseActivation.TANH && gate == ElementwiseActivation.SIGMOID;
    }

    /** The activations of all steps of a task, kept for backprop; one array per step. */
    private static final class Steps {
        final float[][] i;
        final float[][] f;
        final float[][] o;
        final float[][] g;
        /** c before the first step, then after each one. */
        final float[][] c;
        /** act(ĉ). */
        final float[][] a;

        Steps(int steps, int size) {
            i = new float[steps][size];
            f = new float[steps][size];
            o = new float[steps][size];
            g = new float[steps][size];
            c = new float[steps + 1][size];
            a = new float[steps][size];
        }
    }

    /** What a forward pass keeps for backprop. Its arrays can be used again by a pass of the same sizes. */
    public static final class Kept {
        private final int steps;
        private final int examples;
        private final int units;
        private final Steps[] tasks;

        private Kept(int steps, int examples, int units) {
            this.steps = steps;
            this.examples = examples;
            this.units = units;
            this.tasks = new Steps[tasks(examples)];
            for (int task = 0; task < tasks.length; task++) {
                tasks[task] = new Steps(steps, rows(task, examples) * units);
            }
        }
    }

    private static int tasks(int examples) {
        return (examples + ROWS - 1) / ROWS;
    }

    private static int rows(int task, int examples) {
        return Math.min(ROWS, examples - task * ROWS);
    }

    /**
     * Returns the memory that a forward pass needs for backprop.
     *
     * @param steps the number of steps, T
     * @param examples the number of examples, B
     * @param old memory of an earlier pass, used again if its sizes fit; or null
     * @return memory for {@link #forward}
     */
    public Kept keep(int steps, int examples, @Nullable Kept old) {
        if (old == null || old.steps != steps || old.examples != examples || old.units != units) {
            return new Kept(steps, examples, units);
        }
        return old;
    }

    /**
     * Computes all steps.
     *
     * @param z X·W, {@code [T·B, 4h]}; overwritten
     * @param R {@code [h, 4h]}, the recurrent weights
     * @param b {@code [4h]}
     * @param h {@code [(T+1)·B, h]}: the first B rows are the initial outputs, the others receive those of each step
     * @param copy receives the outputs of all steps too, {@code [T·B, h]}; or null
     * @param c {@code [B, h]}: the initial cells, replaced by the last ones
     * @param mask m, {@code [B][T]}; null for 1
     * @param kept receives the activations for backprop; or null
     */
    public void forward(
            FloatRows z,
            FloatRows R,
            float[] b,
            FloatRows h,
            @Nullable FloatRows copy,
            FloatRows c,
            float @Nullable [][] mask,
            @Nullable Kept kept) {
        int examples = c.rows();
        int steps = z.rows() / examples;
        RowBlocks.inBlocks(tasks(examples), tasks(examples)).onOneThreadEach((task, from, to) -> {
            int first = task * ROWS;
            int rows = rows(task, examples);
            int size = rows * units;
            Steps own = kept == null ? new Steps(1, size) : kept.tasks[task];
            float[] gates = new float[GATES * size];
            float[] bias = repeat(b, rows);
            float[] scale = repeat(forInput(1f, 0.5f), rows);
            float[] shift = repeat(forInput(0f, 0.5f), rows);
            float[] out = new float[size];
            c.readRows(first, rows, own.c[0]);
            for (int t = 0; t < steps; t++) {
                int at = kept == null ? 0 : t;
                int row = t * examples + first;
                Blas.multiply(
                        false,
                        false,
                        rows,
                        GATES * units,
                        units,
                        h.pointer(row, 0),
                        units,
                        R.pointer(0, 0),
                        GATES * units,
                        1f,
                        z.pointer(row, 0),
                        GATES * units);
                z.readRows(row, rows, gates);
                if (rational) {
                    FloatFunctions.gates(gates, bias, scale, shift, gates.length);
                    split(gates, own, at, rows);
                } else {
                    add(gates, bias, gates.length);
                    split(gates, own, at, rows);
                    activation.activate(own.i[at], size);
                    gate.activate(own.f[at], size);
                    gate.activate(own.o[at], size);
                    gate.activate(own.g[at], size);
                }
                float[] next = kept == null ? own.c[0] : own.c[t + 1];
                cell(own.i[at], own.f[at], own.g[at], own.c[at], next, size);
                System.arraycopy(next, 0, own.a[at], 0, size);
                activation.activate(own.a[at], size);
                multiply(own.o[at], own.a[at], out, size);
                if (mask != null) {
                    applyMask(mask, first, t, next, rows);
                    applyMask(mask, first, t, out, rows);
                }
                h.writeRows(row + examples, rows, out);
                if (copy != null) {
                    copy.writeRows(row, rows, out);
                }
            }
            c.writeRows(first, rows, own.c[kept == null ? 0 : steps]);
        });
        FloatRows.keepReachable(z, R, h);
    }

    /**
     * Backpropagates through all steps.
     *
     * @param epsilon the gradient with respect to the outputs of each step, {@code [T·B, h]}
     * @param R {@code [4h, h]}, the recurrent weights of each gate as rows
     * @param mask m, {@code [B][T]}; null for 1
     * @param firstStep the step at which truncated backprop ends; 0 for all
     * @param kept the activations of the forward pass
     * @param dz {@code [T·B, 4h]}: receives the gradient with respect to Z + h·R + b
     */
    public void backprop(
            FloatRows epsilon, FloatRows R, float @Nullable [][] mask, int firstStep, Kept kept, FloatRows dz) {
        int examples = kept.examples;
        RowBlocks.inBlocks(kept.tasks.length, kept.tasks.length).onOneThreadEach((task, from, to) -> {
            int first = task * ROWS;
            int rows = rows(task, examples);
            int size = rows * units;
            Steps own = kept.tasks[task];
            float[] gates = new float[GATES * size];
            Errors errors = new Errors(size);
            PatchBuffer recurrent = PatchBuffer.ofThread(size, 0, 0);
            for (int t = kept.steps - 1; t >= firstStep; t--) {
                int row = t * examples + first;
                epsilon.readRows(row, rows, errors.h);
                if (t < kept.steps - 1) {
                    Blas.multiply(
                            false,
                            false,
                            rows,
                            units,
                            GATES * units,
                            dz.pointer(row + examples, 0),
                            GATES * units,
                            R.pointer(0, 0),
                            units,
                            0f,
                            recurrent.patches,
                            units);
                    recurrent.read(size);
                    add(errors.h, recurrent.values, size);
                }
                if (mask != null) {
                    applyMask(mask, first, t, errors.h, rows);
                    applyMask(mask, first, t, errors.c, rows);
                }
                step(own, t, errors, size);
                join(gates, errors.i, errors.f, errors.o, errors.g, rows);
                dz.writeRows(row, rows, gates);
            }
            Arrays.fill(gates, 0f);
            for (int t = 0; t < firstStep; t++) {
                dz.writeRows(t * examples + first, rows, gates);
            }
        });
        FloatRows.keepReachable(R, dz);
    }

    /** The gradients of one step. */
    private static final class Errors {
        final float[] h;
        final float[] c;
        final float[] i;
        final float[] f;
        final float[] o;
        final float[] g;
        final float[] derivative;

        Errors(int size) {
            h = new float[size];
            c = new float[size];
            i = new float[size];
            f = new float[size];
            o = new float[size];
            g = new float[size];
            derivative = new float[size];
        }
    }

    /** Computes ∂ĉ = ∂h ⊙ o ⊙ act′(ĉ) + ∂c, the gradients of the gates, and ∂c_{t−1} = ∂ĉ ⊙ f. */
    private void step(Steps own, int t, Errors errors, int size) {
        activation.differentiate(own.a[t], errors.derivative, size);
        addProduct(errors.c, errors.h, own.o[t], errors.derivative, size);
        gate.differentiate(own.o[t], errors.derivative, size);
        product(errors.o, errors.h, own.a[t], errors.derivative, size);
        activation.differentiate(own.i[t], errors.derivative, size);
        product(errors.i, errors.c, own.g[t], errors.derivative, size);
        gate.differentiate(own.f[t], errors.derivative, size);
        product(errors.f, errors.c, own.c[t], errors.derivative, size);
        gate.differentiate(own.g[t], errors.derivative, size);
        product(errors.g, errors.c, own.i[t], errors.derivative, size);
        multiply(errors.c, own.f[t], errors.c, size);
    }

    private static float[] repeat(float[] b, int rows) {
        float[] all = new float[rows * b.length];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(b, 0, all, i * b.length, b.length);
        }
        return all;
    }

    /** Returns one value for the block input and another for the gates, {@code [4h]}. */
    private float[] forInput(float input, float gates) {
        float[] all = new float[GATES * units];
        Arrays.fill(all, gates);
        Arrays.fill(all, 0, units, input);
        return all;
    }

    private void split(float[] gates, Steps own, int t, int rows) {
        for (int row = 0; row < rows; row++) {
            int from = row * GATES * units;
            System.arraycopy(gates, from, own.i[t], row * units, units);
            System.arraycopy(gates, from + units, own.f[t], row * units, units);
            System.arraycopy(gates, from + 2 * units, own.o[t], row * units, units);
            System.arraycopy(gates, from + 3 * units, own.g[t], row * units, units);
        }
    }

    private void join(float[] gates, float[] i, float[] f, float[] o, float[] g, int rows) {
        for (int row = 0; row < rows; row++) {
            int to = row * GATES * units;
            System.arraycopy(i, row * units, gates, to, units);
            System.arraycopy(f, row * units, gates, to + units, units);
            System.arraycopy(o, row * units, gates, to + 2 * units, units);
            System.arraycopy(g, row * units, gates, to + 3 * units, units);
        }
    }

    private void applyMask(float[][] mask, int first, int t, float[] values, int rows) {
        for (int row = 0; row < rows; row++) {
            float m = mask[first + row][t];
            if (m != 1f) {
                for (int j = row * units; j < (row + 1) * units; j++) {
                    values[j] *= m;
                }
            }
        }
    }

    private static void add(float[] sum, float[] values, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] += values[j];
        }
    }

    private static void cell(float[] i, float[] f, float[] g, float[] c, float[] next, int n) {
        for (int j = 0; j < n; j++) {
            next[j] = f[j] * c[j] + g[j] * i[j];
        }
    }

    private static void multiply(float[] x, float[] y, float[] product, int n) {
        for (int j = 0; j < n; j++) {
            product[j] = x[j] * y[j];
        }
    }

    private static void product(float[] to, float[] x, float[] y, float[] derivative, int n) {
        for (int j = 0; j < n; j++) {
            to[j] = x[j] * y[j] * derivative[j];
        }
    }

    private static void addProduct(float[] to, float[] x, float[] y, float[] derivative, int n) {
        for (int j = 0; j < n; j++) {
            to[j] += x[j] * y[j] * derivative[j];
        }
    }
}
