package io.github.dl4jae.internal.kernel;

/**
 * The cell of a gated recurrent unit whose reset gate acts after the recurrent product.
 *
 * <pre>
 * [r u] = gate(z + b)                    n = act(z_n + b_n + r ⊙ p),   p = z_p + b_p
 * h_t = (1 − u) ⊙ n + u ⊙ h_{t−1}        c_t = h_t
 *
 * ∂z_n = ∂h ⊙ (1 − u) ⊙ act′(n)          ∂z_p = ∂z_n ⊙ r
 * ∂z_r = ∂z_n ⊙ p ⊙ gate′(r)             ∂z_u = ∂h ⊙ (h_{t−1} − n) ⊙ gate′(u)
 * ∂h_{t−1} = ∂h ⊙ u
 * </pre>
 *
 * @see <a href="https://arxiv.org/abs/1406.1078">Cho et al. 2014, Learning phrase representations</a>
 */
public final class GruCell extends GatedCell {

    private static final int R = 0;
    private static final int U = 1;
    private static final int N = 2;
    private static final int P = 3;

    private final ElementwiseActivation activation;
    private final ElementwiseActivation gate;

    private final float[][] r;
    private final float[][] u;
    private final float[][] n;
    private final float[][] p;

    private final float[] derivative;
    private final float[] delta;

    private GruCell(int units, ElementwiseActivation activation, ElementwiseActivation gate, int steps, int rows) {
        super(units, steps, rows);
        this.activation = activation;
        this.gate = gate;
        r = new float[steps][size];
        u = new float[steps][size];
        n = new float[steps][size];
        p = new float[steps][size];
        derivative = new float[size];
        delta = new float[size];
    }

    /**
     * Returns the kind of cell.
     *
     * @param units the number of units, h
     * @param activation the activation of the candidate, n
     * @param gate the activation of the gates
     * @return creates cells
     */
    public static Kind kind(int units, ElementwiseActivation activation, ElementwiseActivation gate) {
        return (steps, rows) -> new GruCell(units, activation, gate, steps, rows);
    }

    @Override
    void forward(float[] z, float[] b, int t, float[] h) {
        add(z, b, z.length);
        get(z, R, r[t]);
        get(z, U, u[t]);
        get(z, N, n[t]);
        get(z, P, p[t]);
        gate.activate(r[t], size);
        gate.activate(u[t], size);
        addProduct(n[t], r[t], p[t], size);
        activation.activate(n[t], size);
        interpolate(n[t], u[t], c[t], h, size);
        System.arraycopy(h, 0, c[t + 1], 0, size);
    }

    @Override
    void backprop(int t, float[] dh, float[] dz) {
        add(dh, dc, size);
        gate.differentiate(u[t], derivative, size);
        updateGradient(dh, c[t], n[t], derivative, delta, size);
        put(delta, dz, U);
        activation.differentiate(n[t], derivative, size);
        candidateGradient(dh, u[t], derivative, delta, size);
        put(delta, dz, N);
        multiply(dh, u[t], dc, size);
        multiply(delta, r[t], dh, size);
        put(dh, dz, P);
        gate.differentiate(r[t], derivative, size);
        multiply(delta, p[t], derivative, dh, size);
        put(dh, dz, R);
    }

    private static void addProduct(float[] to, float[] x, float[] y, int n) {
        for (int j = 0; j < n; j++) {
            to[j] += x[j] * y[j];
        }
    }

    private static void interpolate(float[] n, float[] u, float[] before, float[] h, int size) {
        for (int j = 0; j < size; j++) {
            h[j] = n[j] + u[j] * (before[j] - n[j]);
        }
    }

    private static void updateGradient(
            float[] dh, float[] before, float[] n, float[] derivative, float[] delta, int size) {
        for (int j = 0; j < size; j++) {
            delta[j] = dh[j] * (before[j] - n[j]) * derivative[j];
        }
    }

    private static void candidateGradient(float[] dh, float[] u, float[] derivative, float[] delta, int size) {
        for (int j = 0; j < size; j++) {
            delta[j] = dh[j] * (1f - u[j]) * derivative[j];
        }
    }
}
