package io.github.dl4jae.internal.kernel;

/**
 * The cell of a long short-term memory without peepholes.
 *
 * <pre>
 * [i f o g] = act(z + b)              i: act, the others: gate
 * c_t = f ⊙ c_{t−1} + g ⊙ i           h_t = o ⊙ act(c_t)
 *
 * ∂c_t += ∂h ⊙ o ⊙ act′(c_t)          ∂c_{t−1} = ∂c_t ⊙ f
 * </pre>
 *
 * <p>The order of gates is Deeplearning4j's: i is the block input, g the input gate.
 *
 * @see <a href="https://arxiv.org/abs/1503.04069">Greff et al. 2015, LSTM: a search space odyssey</a>
 */
public final class LstmCell extends GatedCell {

    private static final int I = 0;
    private static final int F = 1;
    private static final int O = 2;
    private static final int G = 3;

    private final ElementwiseActivation activation;
    private final ElementwiseActivation gate;
    private final GateActivations activations;

    private final float[][] i;
    private final float[][] f;
    private final float[][] o;
    private final float[][] g;
    /** act(c_t). */
    private final float[][] a;

    private final float[] derivative;
    private final float[] delta;

    private LstmCell(int units, ElementwiseActivation activation, ElementwiseActivation gate, int steps, int rows) {
        super(units, steps, rows);
        this.activation = activation;
        this.gate = gate;
        this.activations = new GateActivations(units, rows, activation, gate, gate, gate);
        i = new float[steps][size];
        f = new float[steps][size];
        o = new float[steps][size];
        g = new float[steps][size];
        a = new float[steps][size];
        derivative = new float[size];
        delta = new float[size];
    }

    /**
     * Returns the kind of cell.
     *
     * @param units the number of units, h
     * @param activation the activation of the block input and of the cell
     * @param gate the activation of the gates
     * @return creates cells
     */
    public static Kind kind(int units, ElementwiseActivation activation, ElementwiseActivation gate) {
        return (steps, rows) -> new LstmCell(units, activation, gate, steps, rows);
    }

    @Override
    void forward(float[] z, float[] b, int t, float[] h) {
        activations.activate(z, b);
        get(z, I, i[t]);
        get(z, F, f[t]);
        get(z, O, o[t]);
        get(z, G, g[t]);
        next(i[t], f[t], g[t], c[t], c[t + 1], size);
        System.arraycopy(c[t + 1], 0, a[t], 0, size);
        activation.activate(a[t], size);
        multiply(o[t], a[t], h, size);
    }

    private static void next(float[] i, float[] f, float[] g, float[] c, float[] next, int n) {
        for (int j = 0; j < n; j++) {
            next[j] = f[j] * c[j] + g[j] * i[j];
        }
    }

    @Override
    void backprop(int t, float[] dh, float[] dz) {
        activation.differentiate(a[t], derivative, size);
        addProduct(dc, dh, o[t], derivative, size);
        gate.differentiate(o[t], derivative, size);
        multiply(dh, a[t], derivative, delta, size);
        put(delta, dz, O);
        activation.differentiate(i[t], derivative, size);
        multiply(dc, g[t], derivative, delta, size);
        put(delta, dz, I);
        gate.differentiate(f[t], derivative, size);
        multiply(dc, c[t], derivative, delta, size);
        put(delta, dz, F);
        gate.differentiate(g[t], derivative, size);
        multiply(dc, i[t], derivative, delta, size);
        put(delta, dz, G);
        multiply(dc, f[t], dc, size);
    }
}
