package io.github.dl4jae.selection;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The residual Gram matrix E of {@link GreedyColumnSelection} and its square F = E·E, as far as the choice of the next
 * group of columns needs them: the diagonal blocks of groups.
 *
 * <pre>
 * gain of G = tr(E_GG⁺ F_GG) = Σ_p F_pp/E_pp over the columns p of G, where after each p
 * E ← E − ω ωᵀ        F ← F − ω vᵀ − v ωᵀ + ‖ω‖² ω ωᵀ        ω = E_:p/√E_pp,  v = E ω = F_:p/√E_pp,  ‖ω‖² = F_pp/E_pp
 * </pre>
 *
 * <p>Within the block of G these updates need nothing of other blocks.
 */
final class ResidualBlocks {

    /** A column with less than this fraction of its variance left depends linearly on the selected ones. */
    private static final double DEPENDENT = 1e-10;

    private static final int COLUMNS_AT_ONCE = 256;

    /** The first column of each group, and the number of columns. */
    private final int[] starts;

    /** E_jj of each column without any selected, N times its variance. */
    private final double[] variances;

    /** E_GG by group, row by row. */
    private final double[][] blocksOfE;

    /** F_GG by group, row by row. */
    private final double[][] blocksOfF;

    /**
     * Computes the blocks of AᵀA.
     *
     * @param A centered examples, in which the columns of a group are adjacent, {@code [N, d]}
     * @param widths the number of columns of each group
     */
    ResidualBlocks(INDArray A, int[] widths) {
        this.starts = new int[widths.length + 1];
        for (int group = 0; group < widths.length; group++) {
            starts[group + 1] = starts[group] + widths[group];
        }
        this.variances = A.mul(A).sum(0).toDoubleVector();
        this.blocksOfE = new double[widths.length][];
        this.blocksOfF = new double[widths.length][];
        // G = AᵀA or K = AAᵀ, whichever is smaller: F_GG = G_:Gᵀ G_:G = A_:Gᵀ K A_:G
        INDArray K = A.size(0) < A.size(1) ? A.mmul(A.transpose()) : null; // [N,d]·[d,N] → [N,N]
        int to;
        for (int from = 0; from < widths.length; from = to) {
            to = from + 1;
            while (to < widths.length && starts[to + 1] - starts[from] <= COLUMNS_AT_ONCE) {
                to++;
            }
            compute(A, K, from, to);
        }
    }

    private void compute(INDArray A, @Nullable INDArray K, int from, int to) {
        INDArray block = columns(A, starts[from], starts[to]).dup('f');
        INDArray right = K == null
                ? A.transpose().mmul(block) // [d,N]·[N,b] → [d,b]
                : K.mmul(block); // [N,N]·[N,b] → [N,b]
        INDArray left = K == null ? right : block;
        for (int group = from; group < to; group++) {
            if (width(group) > 1) {
                int first = starts[group] - starts[from];
                INDArray own = columns(block, first, first + width(group));
                blocksOfE[group] = rowByRow(own, own);
                blocksOfF[group] = rowByRow(
                        columns(left, first, first + width(group)), columns(right, first, first + width(group)));
            }
        }
        double[] diagonal = right.mul(left).sum(0).toDoubleVector();
        for (int group = from; group < to; group++) {
            if (width(group) == 1) {
                blocksOfE[group] = new double[] {variances[starts[group]]};
                blocksOfF[group] = new double[] {diagonal[starts[group] - starts[from]]};
            }
        }
    }

    private static INDArray columns(INDArray matrix, int from, int to) {
        return matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to));
    }

    private static double[] rowByRow(INDArray left, INDArray right) {
        return left.transpose().mmul(right).dup('c').ravel().toDoubleVector();
    }

    private int width(int group) {
        return starts[group + 1] - starts[group];
    }

    /** Returns the reduction of the error by all columns of a group; −∞ if they depend on the selected ones. */
    double gain(int group) {
        int w = width(group);
        double[] E = w == 1 ? blocksOfE[group] : blocksOfE[group].clone();
        double[] F = w == 1 ? blocksOfF[group] : blocksOfF[group].clone();
        double gain = 0;
        double[] omega = new double[w];
        double[] v = new double[w];
        for (int taken = 0; taken < w; taken++) {
            int p = pivot(E, starts[group], w);
            if (p < 0) {
                return taken == 0 ? Double.NEGATIVE_INFINITY : gain;
            }
            double squaredNorm = F[p * w + p] / E[p * w + p];
            gain += squaredNorm;
            if (w > 1) {
                double root = Math.sqrt(E[p * w + p]);
                for (int i = 0; i < w; i++) {
                    omega[i] = E[i * w + p] / root;
                    v[i] = F[i * w + p] / root;
                }
                subtract(E, F, w, omega, v, 0, squaredNorm);
            }
        }
        return gain;
    }

    /** Returns the column of a group that depends least on the selected ones, or −1 if all do. */
    int next(int group) {
        int p = pivot(blocksOfE[group], starts[group], width(group));
        return p < 0 ? p : starts[group] + p;
    }

    private int pivot(double[] E, int start, int w) {
        int best = -1;
        double most = DEPENDENT;
        for (int i = 0; i < w; i++) {
            double left = E[i * w + i] / variances[start + i]; // NaN for a constant column
            if (left > most) {
                best = i;
                most = left;
            }
        }
        return best;
    }

    /**
     * Updates all blocks after the selection of a column.
     *
     * @param omega ω, of all columns
     * @param v E·ω, of all columns
     */
    void update(double[] omega, double[] v) {
        double squaredNorm = Arrays.stream(omega).map(value -> value * value).sum();
        for (int group = 0; group < blocksOfE.length; group++) {
            subtract(blocksOfE[group], blocksOfF[group], width(group), omega, v, starts[group], squaredNorm);
        }
    }

    private static void subtract(
            double[] E, double[] F, int w, double[] omega, double[] v, int start, double squaredNorm) {
        for (int i = 0; i < w; i++) {
            double oi = omega[start + i];
            double vi = v[start + i];
            for (int j = 0; j < w; j++) {
                double oj = omega[start + j];
                F[i * w + j] += squaredNorm * oi * oj - oi * v[start + j] - vi * oj;
                E[i * w + j] -= oi * oj;
            }
        }
    }

    /** Returns the sum of the variances of each group. */
    double[] variances() {
        double[] sums = new double[blocksOfE.length];
        for (int group = 0; group < sums.length; group++) {
            sums[group] =
                    Arrays.stream(variances, starts[group], starts[group + 1]).sum();
        }
        return sums;
    }
}
