package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.layer.UnitAxis;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * How sparse codes are.
 *
 * <pre>
 * active_ij = 1 if |a_ij| > threshold, else 0
 * L0 = 1/N · Σ_i Σ_j active_ij           mean active units per example
 * frequency_j = 1/N · Σ_i active_ij      dead_j: frequency_j = 0
 * </pre>
 *
 * A unit is dead with respect to the N examples that were looked at: with few of them, rare units look dead. For codes of
 * rank 3 and 4 each time step and each pixel counts as an example, and the units are on axis 1 (permute codes in Deeplearning4j's NWC and NHWC formats).
 */
public final class SparsityReport {

    private final long examples;
    private final long[] activeCounts;

    private SparsityReport(long examples, long[] activeCounts) {
        this.examples = examples;
        this.activeCounts = activeCounts;
    }

    /**
     * Measures codes; a unit is active when it is not exactly 0, as top-k codes are.
     *
     * @param codes {@code [N, n]}, {@code [N, n, time]} or {@code [N, n, height, width]}
     * @return the report
     */
    public static SparsityReport of(INDArray codes) {
        return of(codes, 0);
    }

    /**
     * Measures codes.
     *
     * @param codes {@code [N, n]}, {@code [N, n, time]} or {@code [N, n, height, width]}
     * @param threshold a unit is active when its magnitude exceeds this; 0.1 suits sigmoids, which are never exactly 0
     * @return the report
     * @throws IllegalArgumentException if the threshold is negative or NaN, there are no codes, or one of them is NaN
     */
    public static SparsityReport of(INDArray codes, double threshold) {
        if (!(threshold >= 0)) {
            throw new IllegalArgumentException("SparsityReport: threshold must be at least 0, got " + threshold
                    + "; 0 counts all that is not zero");
        }
        return of(codes, threshold, UnitAxis.FIRST, null);
    }

    /** Measures codes whose units lie on an axis, without the positions that are masked (null: all count). */
    static SparsityReport of(INDArray codes, double threshold, UnitAxis axis, INDArray positionMask) {
        if (codes.isEmpty()) {
            throw new IllegalArgumentException("SparsityReport: there must be at least one code, got shape "
                    + Arrays.toString(codes.shape()) + "; encode some examples");
        }
        INDArray a = axis.toMatrix(FloatingPoint.of(codes)); // [N,n]
        if (a.isNaN().any()) {
            throw new IllegalArgumentException(
                    "SparsityReport: codes must be numbers, got NaN, which is neither active nor"
                            + " inactive; check the examples that were encoded, and the network's parameters");
        }
        INDArray active =
                Transforms.abs(a, true).gt(threshold).castTo(DataType.INT64); // exact, whatever the type of the codes
        long examples = a.size(0);
        if (positionMask != null) {
            INDArray counts = positionMask.neq(0).castTo(DataType.INT64); // [N,1]
            active.muliColumnVector(counts);
            examples = counts.sumNumber().longValue();
        }
        return new SparsityReport(examples, active.sum(0).toLongVector());
    }

    /**
     * Joins the reports of two sets of examples of the same units.
     *
     * @param other the other
     * @return the report of both together
     */
    public SparsityReport plus(SparsityReport other) {
        if (units() != other.units()) {
            throw new IllegalArgumentException("SparsityReport: both reports must be of the same units, got " + units()
                    + " and " + other.units() + "; they come from different layers");
        }
        long[] counts = activeCounts.clone();
        Arrays.setAll(counts, j -> activeCounts[j] + other.activeCounts[j]);
        return new SparsityReport(examples + other.examples, counts);
    }

    /**
     * How many examples were looked at.
     *
     * @return N
     */
    public long examples() {
        return examples;
    }

    /**
     * How many units the code has.
     *
     * @return n
     */
    public int units() {
        return activeCounts.length;
    }

    /**
     * The mean number of active units per example.
     *
     * @return L0, in [0, n]
     */
    public double meanActive() {
        return examples == 0 ? 0 : (double) Arrays.stream(activeCounts).sum() / examples;
    }

    /**
     * How often each unit is active.
     *
     * @return per unit the fraction of examples, in [0, 1]
     */
    public double[] frequencies() {
        return Arrays.stream(activeCounts)
                .mapToDouble(count -> examples == 0 ? 0 : (double) count / examples)
                .toArray();
    }

    /**
     * The units that no example activates.
     *
     * @return their indices, ascending
     */
    public int[] deadUnits() {
        return IntStream.range(0, units()).filter(j -> activeCounts[j] == 0).toArray();
    }

    /** One line: L0, dead units and the spread of activation frequencies. */
    @Override
    public String toString() {
        double[] sorted = frequencies();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "L0 %.1f of %d units, %d dead, activation frequency min %.4f median %.4f max %.4f (%d examples)",
                meanActive(),
                units(),
                deadUnits().length,
                sorted[0],
                sorted[sorted.length / 2],
                sorted[sorted.length - 1],
                examples);
    }
}
