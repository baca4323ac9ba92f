package io.github.dl4jae.sparsecoding;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Inference of sparse codes in a dictionary by FISTA, iterative shrinkage with momentum.
 *
 * <pre>
 * z* = argmin_z ‖x − z·D‖² + λ‖z‖₁ + α‖z − p‖²
 *
 * z_{t+1} = shrink_{λ/L}(y_t − ∇(y_t)/L),   ∇(y) = 2(y·D − x)·Dᵀ + 2α(y − p),   L = 2(‖D‖₂² + α)
 * y_{t+1} = z_{t+1} + (s_t − 1)/s_{t+1}·(z_{t+1} − z_t),   s_{t+1} = (1 + √(1 + 4s_t²))/2
 * </pre>
 *
 * <p>The objective is convex. The error decreases as 1/t², and faster with α &gt; 0. When a step opposes the momentum,
 * s is reset to 1. Inference ends when a step changes no code by more than the tolerance.
 *
 * <p>Shapes: x {@code [B, n]}, D {@code [m, n]} with one atom per row, z and p {@code [B, m]}.
 *
 * @see <a href="https://doi.org/10.1137/080716542">Beck and Teboulle 2009, A fast iterative shrinkage-thresholding
 *     algorithm</a>
 * @see <a href="https://doi.org/10.1007/s10208-013-9150-3">O'Donoghue and Candès 2015, Adaptive restart for accelerated
 *     gradient schemes</a>
 */
public final class SparseInference {

    private final double sparsity;
    private final double coupling;
    private final int steps;
    private final double tolerance;

    /**
     * Creates the inference.
     *
     * @param sparsity λ, at least 0
     * @param coupling α, at least 0; 0 for codes without a prediction
     * @param steps the maximum number of steps, at least 1
     * @param tolerance inference ends when no code changes by more than this in a step
     * @throws IllegalArgumentException if a number is out of range
     */
    public SparseInference(double sparsity, double coupling, int steps, double tolerance) {
        this.sparsity = Require.nonNegative("SparseInference", "sparsity", sparsity, "");
        this.coupling = Require.nonNegative("SparseInference", "coupling", coupling, "");
        this.steps = Require.atLeast(1, "SparseInference", "steps", steps, "50 are usual");
        this.tolerance = Require.nonNegative("SparseInference", "tolerance", tolerance, "");
    }

    /**
     * Finds the codes of examples.
     *
     * @param x {@code [B, n]}
     * @param dictionary D, {@code [m, n]}
     * @param prediction p, {@code [B, m]}, also the start of the search; null for 0
     * @return z*, {@code [B, m]}, a new array
     * @throws IllegalArgumentException if shapes do not match or values are not finite
     */
    public INDArray infer(INDArray x, INDArray dictionary, @Nullable INDArray prediction) {
        if (x.rank() != 2 || dictionary.rank() != 2 || x.size(1) != dictionary.size(1)) {
            throw new IllegalArgumentException("SparseInference: x must be [B, n] and the dictionary [m, n], got "
                    + Arrays.toString(x.shape()) + " and " + Arrays.toString(dictionary.shape())
                    + "; an atom is a row with the length of an example");
        }
        if (x.isEmpty() || dictionary.isEmpty()) {
            throw new IllegalArgumentException("SparseInference: there must be at least one example and one atom, got "
                    + Arrays.toString(x.shape()) + " and " + Arrays.toString(dictionary.shape()));
        }
        if (!FiniteArrays.isFinite(x) || !FiniteArrays.isFinite(dictionary)) {
            throw new IllegalArgumentException("SparseInference: examples and dictionary must be finite, got NaN or an"
                    + " infinite value in the "
                    + (FiniteArrays.isFinite(dictionary) ? "examples" : "dictionary"));
        }
        return inferChecked(x.castTo(dictionary.dataType()), dictionary, prediction);
    }

    /** Infers the codes of checked arrays of one type. */
    private INDArray inferChecked(INDArray x, INDArray dictionary, @Nullable INDArray prediction) {
        // ‖D‖₂² is the largest eigenvalue of the smaller of D·Dᵀ and Dᵀ·D
        INDArray gram = dictionary.size(0) <= dictionary.size(1)
                ? dictionary.mmul(dictionary.transpose())
                : dictionary.transpose().mmul(dictionary);
        double L = 2 * (largestEigenvalue(gram) + coupling);
        INDArray p = prediction == null ? Nd4j.zeros(x.dataType(), x.size(0), dictionary.size(0)) : prediction;
        if (L == 0) {
            return p.dup('c'); // a dictionary of zeros
        }
        INDArray z = p.dup('c');
        INDArray y = z.dup('c');
        double s = 1;
        for (int t = 0; t < steps; t++) {
            INDArray gradient =
                    y.mmul(dictionary).subi(x).mmul(dictionary.transpose()).muli(2); // [B,m]
            if (coupling > 0) {
                gradient.addi(y.sub(p).muli(2 * coupling));
            }
            INDArray next = shrink(y.sub(gradient.divi(L)), sparsity / L);
            INDArray change = next.sub(z);
            boolean uphill = y.subi(next).muli(change).sumNumber().doubleValue() > 0;
            s = uphill ? 1 : s; // the momentum has overshot: reset it
            double after = (1 + Math.sqrt(1 + 4 * s * s)) / 2;
            y = next.add(change.mul((s - 1) / after));
            z = next;
            s = after;
            if (change.normmaxNumber().doubleValue() <= tolerance) {
                break;
            }
        }
        return z;
    }

    /** sign(z)·max(|z| − threshold, 0). */
    private static INDArray shrink(INDArray z, double threshold) {
        INDArray magnitude = Transforms.max(Transforms.abs(z, true).subi(threshold), 0, false);
        return Transforms.sign(z, false).muli(magnitude);
    }

    /**
     * An upper bound of the largest eigenvalue: exact up to rounding by the eigenvalues themselves, where power
     * iteration can stop at a smaller one.
     */
    private static double largestEigenvalue(INDArray gram) {
        INDArray eigenvalues = Nd4j.create(DataType.DOUBLE, gram.size(0));
        Nd4j.getBlasWrapper()
                .lapack()
                .syev('N', 'U', gram.castTo(DataType.DOUBLE).dup('f'), eigenvalues); // ascending
        return Math.max(eigenvalues.getDouble(gram.size(0) - 1), 0) * (1 + 1e-6);
    }
}
