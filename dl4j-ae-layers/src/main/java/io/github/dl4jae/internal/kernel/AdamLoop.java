package io.github.dl4jae.internal.kernel;

/** The arithmetic of Adam on float32 arrays, which HotSpot compiles to vector instructions. */
public final class AdamLoop {

    private AdamLoop() {}

    /**
     * Updates the moments, and replaces the gradient by the step.
     *
     * <pre>
     * m ← β₁ m + (1 − β₁) g        v ← decay·v + (1 − β₂) g²        g ← rate·m/(√v + ε)
     * </pre>
     *
     * @param g the gradient
     * @param m the running mean
     * @param v the running mean square
     * @param n the number of values
     * @param beta1 β₁
     * @param beta2 β₂
     * @param decay of v: β₂, or a power of it
     * @param rate the learning rate with its corrections
     * @param epsilon ε
     */
    public static void step(
            float[] g,
            float[] m,
            float[] v,
            int n,
            double beta1,
            double beta2,
            double decay,
            double rate,
            double epsilon) {
        step(g, m, v, n, (float) beta1, (float) (1 - beta1), (float) decay, (float) (1 - beta2), (float) rate, (float)
                epsilon);
    }

    private static void step(
            float[] g,
            float[] m,
            float[] v,
            int n,
            float beta1,
            float rest1,
            float decay,
            float rest2,
            float rate,
            float epsilon) {
        for (int i = 0; i < n; i++) {
            float mean = beta1 * m[i] + rest1 * g[i];
            float square = decay * v[i] + rest2 * g[i] * g[i];
            m[i] = mean;
            v[i] = square;
            g[i] = rate * mean / ((float) Math.sqrt(square) + epsilon);
        }
    }
}
