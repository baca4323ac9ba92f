package io.github.dl4jae.concrete;

import io.github.dl4jae.internal.kernel.FloatFunctions;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.RowBlocks;
import io.github.dl4jae.noise.NoiseStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The softmax of each column of a matrix in 'f' order, without noise or as a sample of the concrete distribution.
 *
 * <pre>
 * P_jm = exp(t_jm) / Σ_i exp(t_im)        t = (ℓ + g) / T,  g = −ln(−ln u),  u ~ U(0, 1)
 * </pre>
 *
 * <p>float32 on the CPU is computed column by column in a Java array. Everything else takes ND4J operations.
 */
final class ColumnSoftmax {

    private ColumnSoftmax() {}

    /** Computes P = softmax(ℓ). */
    static void softmax(INDArray logits, INDArray P) {
        sample(logits, 1, null, P);
    }

    /**
     * Computes P = softmax((ℓ + g) / T).
     *
     * @param logits ℓ, {@code [n, m]}
     * @param temperature T
     * @param noise the source of g, one row of noise per column; null for g = 0
     * @param P receives the softmax, {@code [n, m]}
     */
    static void sample(INDArray logits, double temperature, @Nullable NoiseStream noise, INDArray P) {
        if (!FloatRows.canView(logits.transpose(), P.transpose())) {
            INDArray t = noise == null ? logits.dup('f') : logits.add(gumbel(noise, logits));
            t.divi(temperature);
            t.subiRowVector(t.max(0));
            Transforms.exp(t, false);
            P.assign(t.diviRowVector(t.sum(0)));
            return;
        }
        FloatRows from = FloatRows.of(logits.transpose());
        FloatRows to = FloatRows.of(P.transpose());
        int n = from.columns();
        float perTemperature = (float) (1 / temperature);
        RowBlocks.of(from.rows(), 8L * n).forEach((block, first, end) -> {
            FloatFunctions functions = FloatFunctions.ofThread(n);
            float[] t = new float[n];
            float[] other = new float[n];
            for (int m = first; m < end; m++) {
                from.read(m, t);
                if (noise != null) {
                    noise.uniform(m, other, n);
                    functions.log(other, other, n);
                    negate(other, n);
                    functions.log(other, other, n); // −g
                    subtract(t, other, n);
                }
                shift(t, max(t, n), perTemperature, n);
                functions.expOfNonPositive(t, t, n);
                System.arraycopy(t, 0, other, 0, n);
                multiply(t, 1 / FloatFunctions.sum(other, n), n);
                to.write(m, t);
            }
        });
    }

    /**
     * Turns the gradient with respect to P into the gradient with respect to ℓ, or into the natural gradient.
     *
     * <pre>
     * G_jm ← scale · P_jm (G_jm − Σ_i P_im G_im)        natural: without the factor P_jm
     * </pre>
     *
     * @param P the result of {@link #sample}, {@code [n, m]}
     * @param G the gradient, {@code [n, m]}, replaced by the result
     * @param natural whether to compute the natural gradient
     * @param scale the factor on the result
     */
    static void backprop(INDArray P, INDArray G, boolean natural, double scale) {
        if (!FloatRows.canView(P.transpose(), G.transpose())) {
            G.subiRowVector(P.mul(G).sum(0)).muli(scale);
            if (!natural) {
                G.muli(P);
            }
            return;
        }
        FloatRows probabilities = FloatRows.of(P.transpose());
        FloatRows gradients = FloatRows.of(G.transpose());
        int n = probabilities.columns();
        RowBlocks.of(probabilities.rows(), 2L * n).forEach((block, first, end) -> {
            float[] p = new float[n];
            float[] g = new float[n];
            float[] product = new float[n];
            for (int m = first; m < end; m++) {
                probabilities.read(m, p);
                gradients.read(m, g);
                multiply(p, g, product, n);
                shift(g, FloatFunctions.sum(product, n), (float) scale, n);
                if (!natural) {
                    multiply(p, g, g, n);
                }
                gradients.write(m, g);
            }
        });
    }

    /** Samples g = −ln(−ln u), with u from 32 random bits. */
    private static INDArray gumbel(NoiseStream noise, INDArray like) {
        int n = Math.toIntExact(like.size(0));
        int columns = Math.toIntExact(like.size(1));
        double[] g = new double[Math.multiplyExact(n, columns)];
        for (int m = 0; m < columns; m++) {
            noise.uniform(m, g, m * n, n);
        }
        for (int at = 0; at < g.length; at++) {
            g[at] = -Math.log(-Math.log(g[at]));
        }
        return Nd4j.createFromArray(g).castTo(like.dataType()).reshape('f', n, columns);
    }

    private static float max(float[] values, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, values[i]);
        }
        return max;
    }

    private static void negate(float[] values, int n) {
        for (int i = 0; i < n; i++) {
            values[i] = -values[i];
        }
    }

    private static void subtract(float[] values, float[] others, int n) {
        for (int i = 0; i < n; i++) {
            values[i] -= others[i];
        }
    }

    private static void shift(float[] values, float by, float factor, int n) {
        for (int i = 0; i < n; i++) {
            values[i] = (values[i] - by) * factor;
        }
    }

    private static void multiply(float[] values, float factor, int n) {
        for (int i = 0; i < n; i++) {
            values[i] *= factor;
        }
    }

    private static void multiply(float[] p, float[] g, float[] product, int n) {
        for (int i = 0; i < n; i++) {
            product[i] = p[i] * g[i];
        }
    }
}
