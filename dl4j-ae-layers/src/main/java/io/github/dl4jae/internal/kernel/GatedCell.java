package io.github.dl4jae.internal.kernel;

/**
 * The cell of a gated recurrent layer over some examples. It turns four values per unit into the output of a step, and
 * keeps what backprop needs. {@link GatedRecurrence} computes the products around it.
 *
 * <pre>
 * (h_t, c_t) = cell(z_t, c_{t−1}),   z_t = [x_t, h_{t−1}]·W + b       {@code [rows, 4h]}
 * </pre>
 *
 * <p>Arrays of values hold one row of h per example. There is one array per gate and step, because loops over parts of
 * an array were one and a half times as slow.
 */
public abstract class GatedCell {

    /** The number of values per unit that the products compute. */
    public static final int GATES = 4;

    final int units;
    final int size;
    /** The carried state, before the first step and after each one. */
    final float[][] c;
    /** The gradient with respect to the carried state. */
    final float[] dc;

    /**
     * Creates a cell.
     *
     * @param units the number of units, h
     * @param steps the number of steps that are kept
     * @param rows the number of examples
     */
    GatedCell(int units, int steps, int rows) {
        this.units = units;
        this.size = rows * units;
        this.c = new float[steps + 1][size];
        this.dc = new float[size];
    }

    /** Creates the cells of a layer. */
    @FunctionalInterface
    public interface Kind {
        /**
         * Creates a cell.
         *
         * @param steps the number of steps that are kept
         * @param rows the number of examples
         * @return a cell with memory of its own
         */
        GatedCell create(int steps, int rows);
    }

    /**
     * Computes a step from c[t] to c[t + 1].
     *
     * @param z the products without bias, {@code [rows, 4h]}; overwritten
     * @param b bias, {@code [rows, 4h]}
     * @param t the step
     * @param h receives the output
     */
    abstract void forward(float[] z, float[] b, int t, float[] h);

    /**
     * Backpropagates through a step, from dc after it to dc before it.
     *
     * @param t the step
     * @param dh the gradient with respect to the output
     * @param dz receives the gradient with respect to z, {@code [rows, 4h]}
     */
    abstract void backprop(int t, float[] dh, float[] dz);

    /** Copies one of the four parts of each row. */
    final void get(float[] z, int gate, float[] to) {
        for (int from = 0, at = gate * units; from < size; from += units, at += GATES * units) {
            System.arraycopy(z, at, to, from, units);
        }
    }

    /** Sets one of the four parts of each row. */
    final void put(float[] from, float[] z, int gate) {
        for (int start = 0, at = gate * units; start < size; start += units, at += GATES * units) {
            System.arraycopy(from, start, z, at, units);
        }
    }

    // One loop per method: HotSpot compiles it after a few calls. It compiles several loops of one method one after the
    // other, and the first half second of training took ten times as long. LoopsOfCellsTest checks this.

    static void multiply(float[] x, float[] y, float[] product, int n) {
        for (int j = 0; j < n; j++) {
            product[j] = x[j] * y[j];
        }
    }

    static void multiply(float[] x, float[] y, float[] factor, float[] product, int n) {
        for (int j = 0; j < n; j++) {
            product[j] = x[j] * y[j] * factor[j];
        }
    }

    static void addProduct(float[] to, float[] x, float[] y, float[] factor, int n) {
        for (int j = 0; j < n; j++) {
            to[j] += x[j] * y[j] * factor[j];
        }
    }

    static void add(float[] sum, float[] values, int n) {
        for (int j = 0; j < n; j++) {
            sum[j] += values[j];
        }
    }
}
