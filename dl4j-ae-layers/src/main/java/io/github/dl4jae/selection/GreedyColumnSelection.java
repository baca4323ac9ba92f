package io.github.dl4jae.selection;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A greedy forward selector: each step adds the column that reduces the squared error of the linear reconstruction of
 * all columns most.
 *
 * <pre>
 * p = argmax_j ‖E_:j‖² / E_jj        E = RᵀR, R: the residual of all columns given those selected
 * E ← E − E_:p E_p: / E_pp
 * </pre>
 *
 * <p>E starts as the Gram matrix of the centered examples A. ‖E_:j‖²/E_jj is the reduction of the error, summed over
 * examples and columns.
 *
 * <p>E is never computed. With ω = E_:p/√E_pp of each step, f_j = ‖E_:j‖² and g_j = E_jj are updated by
 *
 * <pre>
 * v = AᵀAω − Σ_r ω_r (ω_rᵀω)        over the earlier steps r
 * f ← f − 2 ω ⊙ v + ‖ω‖² ω ⊙ ω        g ← g − ω ⊙ ω
 * </pre>
 *
 * <p>A step costs two products of A with a vector. The initial f costs one Gram matrix of columns or of examples,
 * whichever are fewer. A takes about 24 N d bytes in float64, so 100,000 columns are feasible. Constant columns and
 * linear combinations of selected columns come last, by variance.
 *
 * <p>For a linear decoder it is hard to beat. For other decoders it is a good start, for example as the initial columns
 * of a {@code ConcreteSelectorLayer}.
 *
 * @see <a href="https://doi.org/10.1109/ICDM.2011.22">Farahat, Ghodsi and Kamel 2011, An efficient greedy method for
 *     unsupervised feature selection</a>
 */
public record GreedyColumnSelection() implements FeatureSelector {

    /** A column with less than this fraction of its variance left depends linearly on the selected ones. */
    private static final double DEPENDENT = 1e-10;

    private static final int COLUMNS_AT_ONCE = 256;

    @Override
    public int[] select(INDArray examples, int k) {
        SelectionChecks.require("GreedyColumnSelection", examples, k);
        INDArray A = examples.castTo(DataType.DOUBLE);
        INDArray constant = A.max(true, 0).eq(A.min(true, 0)).castTo(DataType.DOUBLE);
        // constant columns become exactly 0, without a residue of rounding
        A = A.subRowVector(A.mean(true, 0)).muliRowVector(constant.rsubi(1));
        int d = Math.toIntExact(A.size(1));
        double[] variances = A.mul(A).sum(0).toDoubleVector(); // times N
        double[] f = squaredNormsOfGram(A);
        double[] g = variances.clone();
        boolean[] selected = new boolean[d];
        int[] columns = new int[k];
        double[][] omegas = new double[k][];
        for (int step = 0; step < k; step++) {
            int p = best(f, g, variances, selected);
            if (p < 0) {
                fill(columns, step, variances, selected);
                break;
            }
            columns[step] = p;
            selected[p] = true;
            omegas[step] = omega(A, p, omegas, step);
            update(A, omegas, step, f, g);
        }
        return columns;
    }

    /** Returns ‖G_:j‖² for G = AᵀA, computed from the smaller of G and K = AAᵀ: A_:jᵀ K A_:j. */
    private static double[] squaredNormsOfGram(INDArray A) {
        int d = Math.toIntExact(A.size(1));
        double[] norms = new double[d];
        INDArray K = A.size(0) < d ? A.mmul(A.transpose()) : null; // [N,d]·[d,N] → [N,N]
        for (int from = 0; from < d; from += COLUMNS_AT_ONCE) {
            int to = Math.min(from + COLUMNS_AT_ONCE, d);
            INDArray block =
                    A.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to)).dup('f');
            INDArray squares = K == null
                    ? A.transpose().mmul(block) // [d,N]·[N,b] → [d,b]
                    : K.mmul(block); // [N,N]·[N,b] → [N,b]
            squares.muli(K == null ? squares : block);
            System.arraycopy(squares.sum(0).toDoubleVector(), 0, norms, from, to - from);
        }
        return norms;
    }

    private static int best(double[] f, double[] g, double[] variances, boolean[] selected) {
        int best = -1;
        for (int j = 0; j < f.length; j++) {
            boolean independent = !selected[j] && g[j] > DEPENDENT * variances[j];
            if (independent && (best < 0 || f[j] / g[j] > f[best] / g[best])) {
                best = j;
            }
        }
        return best;
    }

    /** E_:p/√E_pp = (AᵀA_:p − Σ_r ω_r ω_r[p])/√(…)_p. */
    private static double[] omega(INDArray A, int p, double[][] omegas, int step) {
        double[] omega =
                A.transpose().mmul(A.getColumn(p).reshape(-1, 1)).ravel().toDoubleVector(); // [d,N]·[N,1] → [d,1]
        for (int r = 0; r < step; r++) {
            addScaled(omega, -omegas[r][p], omegas[r]);
        }
        double root = Math.sqrt(omega[p]);
        for (int j = 0; j < omega.length; j++) {
            omega[j] /= root;
        }
        return omega;
    }

    private static void update(INDArray A, double[][] omegas, int step, double[] f, double[] g) {
        double[] omega = omegas[step];
        INDArray column = Nd4j.createFromArray(omega).reshape(-1, 1);
        double[] v = A.transpose().mmul(A.mmul(column)).ravel().toDoubleVector(); // [d,N]·([N,d]·[d,1]) → [d,1]
        for (int r = 0; r < step; r++) {
            addScaled(v, -dot(omegas[r], omega), omegas[r]);
        }
        double squaredNorm = dot(omega, omega);
        for (int j = 0; j < f.length; j++) {
            f[j] += omega[j] * (squaredNorm * omega[j] - 2 * v[j]);
            g[j] -= omega[j] * omega[j];
        }
    }

    /** Fills the remaining places by variance once no column reduces the error. */
    private static void fill(int[] columns, int from, double[] variances, boolean[] selected) {
        int place = from;
        for (int j : VarianceSelection.descending(variances)) {
            if (place < columns.length && !selected[j]) {
                columns[place++] = j;
            }
        }
    }

    private static void addScaled(double[] to, double factor, double[] values) {
        for (int j = 0; j < to.length; j++) {
            to[j] += factor * values[j];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }
}
