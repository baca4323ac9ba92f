package io.github.dl4jae.selection;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
 * <p>Of groups of columns, each step adds the group G that reduces the error most. All its columns count together:
 *
 * <pre>
 * argmax_G tr(E_GG⁺ (E·E)_GG)
 * </pre>
 *
 * <p>A group of w columns takes w² numbers, w³ operations to compare and w steps to add.
 *
 * <p>For a linear decoder it is hard to beat. For other decoders it is a good start, for example as the initial columns
 * of a {@code ConcreteSelectorLayer}.
 *
 * @see <a href="https://doi.org/10.1109/ICDM.2011.22">Farahat, Ghodsi and Kamel 2011, An efficient greedy method for
 *     unsupervised feature selection</a>
 */
public record GreedyColumnSelection() implements FeatureSelector {

    @Override
    public int[] select(INDArray examples, int k) {
        SelectionChecks.require("GreedyColumnSelection", examples, k);
        return select(examples, FeatureGroups.single(Math.toIntExact(examples.size(1))), k);
    }

    @Override
    public int[] select(INDArray examples, int[] groups, int k) {
        return select(examples, FeatureGroups.require("GreedyColumnSelection", examples, groups, k), k);
    }

    private static int[] select(INDArray examples, FeatureGroups groups, int k) {
        INDArray A = centered(examples);
        if (groups.count() < A.size(1)) {
            A = A.getColumns(groups.features(IntStream.range(0, groups.count()).toArray())); // a group's are adjacent
        }
        ResidualBlocks residuals = new ResidualBlocks(
                A,
                IntStream.range(0, groups.count())
                        .map(group -> groups.members(group).length)
                        .toArray());
        boolean[] selected = new boolean[groups.count()];
        int[] chosen = new int[k];
        List<double[]> omegas = new ArrayList<>();
        for (int step = 0; step < k; step++) {
            int group = best(residuals, selected);
            if (group < 0) {
                fill(chosen, step, residuals.variances(), selected);
                break;
            }
            chosen[step] = group;
            selected[group] = true;
            for (int p = residuals.next(group); step < k - 1 && p >= 0; p = residuals.next(group)) {
                double[] omega = omega(A, p, omegas);
                residuals.update(omega, product(A, omega, omegas));
                omegas.add(omega);
            }
        }
        return chosen;
    }

    private static INDArray centered(INDArray examples) {
        INDArray A = examples.castTo(DataType.DOUBLE);
        INDArray constant = A.max(true, 0).eq(A.min(true, 0)).castTo(DataType.DOUBLE);
        // constant columns become exactly 0, without a residue of rounding
        return A.subRowVector(A.mean(true, 0)).muliRowVector(constant.rsubi(1));
    }

    private static int best(ResidualBlocks residuals, boolean[] selected) {
        int best = -1;
        double most = Double.NEGATIVE_INFINITY;
        for (int group = 0; group < selected.length; group++) {
            double gain = selected[group] ? Double.NEGATIVE_INFINITY : residuals.gain(group);
            if (gain > most) {
                best = group;
                most = gain;
            }
        }
        return best;
    }

    /** E_:p/√E_pp = (AᵀA_:p − Σ_r ω_r ω_r[p])/√(…)_p. */
    private static double[] omega(INDArray A, int p, List<double[]> omegas) {
        double[] omega =
                A.transpose().mmul(A.getColumn(p).reshape(-1, 1)).ravel().toDoubleVector(); // [d,N]·[N,1] → [d,1]
        for (double[] earlier : omegas) {
            addScaled(omega, -earlier[p], earlier);
        }
        double root = Math.sqrt(omega[p]);
        for (int j = 0; j < omega.length; j++) {
            omega[j] /= root;
        }
        return omega;
    }

    /** E·ω = AᵀAω − Σ_r ω_r (ω_rᵀω). */
    private static double[] product(INDArray A, double[] omega, List<double[]> omegas) {
        INDArray column = Nd4j.createFromArray(omega).reshape(-1, 1);
        double[] v = A.transpose().mmul(A.mmul(column)).ravel().toDoubleVector(); // [d,N]·([N,d]·[d,1]) → [d,1]
        for (double[] earlier : omegas) {
            addScaled(v, -dot(earlier, omega), earlier);
        }
        return v;
    }

    /** Fills the remaining places by variance once no group reduces the error. */
    private static void fill(int[] chosen, int from, double[] variances, boolean[] selected) {
        int place = from;
        for (int group : VarianceSelection.descending(variances)) {
            if (place < chosen.length && !selected[group]) {
                chosen[place++] = group;
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
