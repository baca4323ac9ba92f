package io.github.dl4jae.internal.kernel;

import java.util.Objects;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The activations of a dense layer, and the squared Frobenius norm of its Jacobian with its gradient.
 *
 * <pre>
 * h = act(z),  z = x·W + b,  s = act′(z),  s₂ = act″(z),  c_j = ‖W_:j‖²
 *
 * N = Σ_i ‖∂h_i/∂x_i‖_F² = Σ_ij s_ij² c_j
 * ∂N/∂z_ij = 2·s_ij·s₂_ij·c_j        ∂N/∂W (directly) = 2·W·diag(Σ_i s_ij²)
 * </pre>
 *
 * <p>The Jacobian of one layer is diag(s)·Wᵀ, so its norm is computed without the Jacobian. Masked rows do not count.
 *
 * <p>Shapes: z and h {@code [B, m]}, W {@code [n, m]} in 'f' order.
 */
public final class JacobianNorm {

    /** act′(z), in 'c' order, in the workspace of activations; later δ. */
    private @Nullable INDArray s;
    /** act″(z), or null if it is 0 everywhere. */
    private final @Nullable INDArray s2;
    /** Σ_i s_ij². */
    private final double[] squares;

    private JacobianNorm(@Nullable INDArray s, @Nullable INDArray s2, double[] squares) {
        this.s = s;
        this.s2 = s2;
        this.squares = squares;
    }

    /**
     * Requires an activation with a diagonal Jacobian.
     *
     * @param subject the subject of the error message: a layer and its name
     * @param activation any activation
     * @param units the number of units of the layer
     * @throws IllegalArgumentException if the activation of a unit depends on other units or on random numbers, or the
     *     derivative of the activation is wrong
     */
    public static void requireElementwise(String subject, IActivation activation, long units) {
        ElementwiseDerivatives.require(subject, activation, units);
    }

    /**
     * Activates a layer.
     *
     * @param activation an elementwise activation
     * @param z x·W, {@code [B, m]} in 'c' order; becomes h
     * @param b the bias, {@code [m]} or {@code [1, m]}
     * @param mask {@code [B, 1]}, 0 in masked rows, or null
     * @param training whether the forward pass is in training mode
     * @param gradient whether gradients will be needed
     * @param workspaces its workspace of activations receives the arrays that the gradients need
     * @return the norm
     */
    public static JacobianNorm activate(
            IActivation activation,
            INDArray z,
            INDArray b,
            @Nullable INDArray mask,
            boolean training,
            boolean gradient,
            LayerWorkspaceMgr workspaces) {
        ElementwiseActivation rows = ElementwiseActivation.of(activation).orElse(null);
        if (rows != null && mask == null && FloatRows.canView(z)) {
            return inRows(rows, z, b, gradient, workspaces);
        }
        z.addiRowVector(b);
        INDArray s = ElementwiseDerivatives.slope(activation, z);
        INDArray s2 = gradient ? ElementwiseDerivatives.curvature(activation, z) : null;
        INDArray h = activation.getActivation(z, training);
        if (h != z) {
            z.assign(h);
        }
        if (mask != null) {
            INDArray column = mask.castTo(DataType.DOUBLE);
            s.muliColumnVector(column);
            z.muliColumnVector(mask.castTo(z.dataType()));
        }
        double[] squares = s.mul(s).sum(0).toDoubleVector();
        return new JacobianNorm(
                kept(gradient ? s : null, z, workspaces), kept(gradient ? s2 : null, z, workspaces), squares);
    }

    private static @Nullable INDArray kept(@Nullable INDArray array, INDArray like, LayerWorkspaceMgr workspaces) {
        return array == null
                ? null
                : workspaces
                        .createUninitialized(ArrayType.ACTIVATIONS, like.dataType(), like.shape(), 'c')
                        .assign(array);
    }

    private static JacobianNorm inRows(
            ElementwiseActivation f, INDArray z, INDArray b, boolean gradient, LayerWorkspaceMgr workspaces) {
        boolean curved = f == ElementwiseActivation.SIGMOID || f == ElementwiseActivation.TANH;
        INDArray s =
                gradient ? workspaces.createUninitialized(ArrayType.ACTIVATIONS, z.dataType(), z.shape(), 'c') : null;
        INDArray s2 = gradient && curved
                ? workspaces.createUninitialized(ArrayType.ACTIVATIONS, z.dataType(), z.shape(), 'c')
                : null;
        FloatRows values = FloatRows.of(z);
        FloatRows slopes = s == null ? null : FloatRows.of(s);
        FloatRows curvatures = s2 == null ? null : FloatRows.of(s2);
        int m = values.columns();
        float[] bias = b.toFloatVector();
        RowBlocks blocks = RowBlocks.of(values.rows(), 2L * m);
        double[][] sums = new double[blocks.count()][m];
        blocks.forEach((block, from, to) -> {
            float[] row = new float[m];
            float[] slope = new float[m];
            for (int i = from; i < to; i++) {
                values.read(i, row);
                for (int j = 0; j < m; j++) {
                    row[j] += bias[j];
                }
                f.activateRow(row, slope, m, true);
                values.write(i, row);
                for (int j = 0; j < m; j++) {
                    sums[block][j] += slope[j] * slope[j];
                }
                if (slopes != null) {
                    slopes.write(i, slope);
                }
                if (curvatures != null) {
                    float offset = f == ElementwiseActivation.SIGMOID ? 1 : 0;
                    for (int j = 0; j < m; j++) {
                        row[j] = slope[j] * (offset - 2 * row[j]);
                    }
                    curvatures.write(i, row);
                }
            }
        });
        double[] squares = sums[0];
        for (int block = 1; block < sums.length; block++) {
            for (int j = 0; j < m; j++) {
                squares[j] += sums[block][j];
            }
        }
        return new JacobianNorm(s, s2, squares);
    }

    /**
     * Returns act′(z), the internal array.
     *
     * @return s, valid until {@link #delta} is called; null without gradients
     */
    public @Nullable INDArray slope() {
        return s;
    }

    /**
     * Returns act″(z), the internal array.
     *
     * @return s₂, or null if it is 0 everywhere
     */
    public @Nullable INDArray curvature() {
        return s2;
    }

    /**
     * Returns the squared norm, summed over rows.
     *
     * @param W the weights of the layer
     * @return N
     */
    public double sum(INDArray W) {
        double[] norms = squaredColumnNorms(W);
        double sum = 0;
        for (int j = 0; j < norms.length; j++) {
            sum += squares[j] * norms[j];
        }
        return sum;
    }

    /**
     * Computes the gradient with respect to z. Must be called at most once, because δ overwrites s.
     *
     * <pre>
     * δ = ε ⊙ s + scale·∂N/∂z
     * </pre>
     *
     * @param epsilon ε, the gradient with respect to h, {@code [B, m]}
     * @param W the weights of the layer
     * @param scale the weight of N
     * @return δ, {@code [B, m]}
     */
    public INDArray delta(INDArray epsilon, INDArray W, double scale) {
        INDArray delta = Objects.requireNonNull(s);
        s = null; // δ takes its place
        double[] factors = squaredColumnNorms(W);
        for (int j = 0; j < factors.length; j++) {
            factors[j] *= 2 * scale;
        }
        if (s2 != null && !FloatRows.canView(delta, epsilon)) {
            INDArray byUnit = Nd4j.createFromArray(factors).castTo(s2.dataType());
            return delta.muli(s2.mulRowVector(byUnit).addi(epsilon));
        } else if (s2 == null) {
            return delta.muli(epsilon);
        }
        FloatRows slopes = FloatRows.of(delta);
        FloatRows curvatures = FloatRows.of(s2);
        FloatRows epsilons = FloatRows.of(epsilon);
        int m = slopes.columns();
        float[] factor = new float[m];
        for (int j = 0; j < m; j++) {
            factor[j] = (float) factors[j];
        }
        RowBlocks.of(slopes.rows(), 3L * m).forEach((block, from, to) -> {
            float[] slope = new float[m];
            float[] curvature = new float[m];
            float[] above = new float[m];
            for (int i = from; i < to; i++) {
                slopes.read(i, slope);
                curvatures.read(i, curvature);
                epsilons.read(i, above);
                for (int j = 0; j < m; j++) {
                    slope[j] *= above[j] + factor[j] * curvature[j];
                }
                slopes.write(i, slope);
            }
        });
        return delta;
    }

    /**
     * Adds the direct part of the gradient with respect to W. The other part follows from δ.
     *
     * @param W the weights of the layer
     * @param gradient ∂/∂W, to which scale·2·W·diag(Σ_i s_ij²) is added; in 'f' order
     * @param scale the weight of N
     */
    public void addWeightGradient(INDArray W, INDArray gradient, double scale) {
        if (!FloatRows.canView(W.transpose(), gradient.transpose())) {
            INDArray byUnit = Nd4j.createFromArray(squares).castTo(W.dataType());
            gradient.addi(W.mulRowVector(byUnit.muli(2 * scale)));
            return;
        }
        FloatRows weights = FloatRows.of(W.transpose());
        FloatRows gradients = FloatRows.of(gradient.transpose());
        int n = weights.columns();
        RowBlocks.of(weights.rows(), 2L * n).forEach((block, from, to) -> {
            float[] w = new float[n];
            float[] g = new float[n];
            for (int j = from; j < to; j++) {
                weights.read(j, w);
                gradients.read(j, g);
                float factor = (float) (2 * scale * squares[j]);
                for (int i = 0; i < n; i++) {
                    g[i] += factor * w[i];
                }
                gradients.write(j, g);
            }
        });
    }

    /**
     * Computes c_j = ‖W_:j‖².
     *
     * @param W {@code [n, m]}
     * @return m values
     */
    public static double[] squaredColumnNorms(INDArray W) {
        if (!FloatRows.canView(W.transpose())) {
            INDArray wide = W.castTo(DataType.DOUBLE);
            return wide.mul(wide).sum(0).toDoubleVector();
        }
        FloatRows weights = FloatRows.of(W.transpose());
        int n = weights.columns();
        double[] norms = new double[weights.rows()];
        RowBlocks.of(weights.rows(), n).forEach((block, from, to) -> {
            float[] w = new float[n];
            for (int j = from; j < to; j++) {
                weights.read(j, w);
                norms[j] = squaredNorm(w);
            }
        });
        return norms;
    }

    /** Returns ‖w‖², from four sums in parallel, because each addition waits for the previous one of its sum. */
    private static double squaredNorm(float[] w) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i + 3 < w.length; i += 4) {
            sum0 += w[i] * w[i];
            sum1 += w[i + 1] * w[i + 1];
            sum2 += w[i + 2] * w[i + 2];
            sum3 += w[i + 3] * w[i + 3];
        }
        for (; i < w.length; i++) {
            sum0 += w[i] * w[i];
        }
        return sum0 + sum1 + sum2 + sum3;
    }
}
