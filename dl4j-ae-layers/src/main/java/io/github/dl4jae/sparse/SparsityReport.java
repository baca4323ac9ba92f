package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.UnitAxis;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Sparsity statistics of codes.
 *
 * <pre>
 * active_ij = 1 if |a_ij| > threshold, else 0
 * L0 = 1/N · Σ_i Σ_j active_ij           mean active units per example
 * frequency_j = 1/N · Σ_i active_ij      dead_j: frequency_j = 0
 * </pre>
 *
 * <p>A unit is dead with respect to the N examples of the report: with few examples, rarely active units appear dead.
 * In codes of rank 3 and 4 each time step and each pixel counts as an example. Their units are on axis 1; permute codes
 * in Deeplearning4j's NWC and NHWC formats. Instances are immutable.
 */
public final class SparsityReport {

    private final long examples;
    private final long[] activeCounts;

    private SparsityReport(long examples, long[] activeCounts) {
        this.examples = examples;
        this.activeCounts = activeCounts;
    }

    /**
     * Returns the report of codes. A unit is active if it is not exactly 0, which suits top-k codes.
     *
     * @param codes {@code [N, n]}, {@code [N, n, time]} or {@code [N, n, height, width]}
     * @return the report
     * @throws IllegalArgumentException if there are no codes, or one of them is NaN
     */
    public static SparsityReport compute(INDArray codes) {
        return compute(codes, 0);
    }

    /**
     * Returns the report of codes.
     *
     * @param codes {@code [N, n]}, {@code [N, n, time]} or {@code [N, n, height, width]}
     * @param threshold the magnitude above which a unit is active, at least 0; 0.1 suits sigmoid units, which are never
     *     exactly 0
     * @return the report
     * @throws IllegalArgumentException if the threshold is negative or NaN, there are no codes, or one of them is NaN
     */
    public static SparsityReport compute(INDArray codes, double threshold) {
        Require.that(
                threshold >= 0,
                "SparsityReport",
                "threshold must be at least 0",
                threshold,
                "0 counts every unit that is not exactly 0");
        return compute(codes, threshold, UnitAxis.FIRST, null);
    }

    /** Returns the report of codes with their units on an axis, without masked positions; a null mask masks none. */
    static SparsityReport compute(INDArray codes, double threshold, UnitAxis axis, @Nullable INDArray positionMask) {
        Require.that(
                !codes.isEmpty(),
                "SparsityReport",
                "there must be at least one code",
                "shape " + Arrays.toString(codes.shape()),
                "encode some examples");
        INDArray a = axis.toMatrix(FloatingPoint.of(codes)); // [N,n]
        Require.that(
                !a.isNaN().any(),
                "SparsityReport",
                "codes must be numbers",
                "NaN",
                "check the examples that were encoded, and the network's parameters");
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
     * Combines the reports of two sets of examples.
     *
     * @param other a report of the same units
     * @return the report of all examples, a new instance
     * @throws IllegalArgumentException if the numbers of units differ
     */
    public SparsityReport plus(SparsityReport other) {
        Require.that(
                units() == other.units(),
                "SparsityReport",
                "both reports must have the same number of units",
                units() + " and " + other.units(),
                "combine reports of one layer");
        long[] counts = activeCounts.clone();
        Arrays.setAll(counts, j -> activeCounts[j] + other.activeCounts[j]);
        return new SparsityReport(examples + other.examples, counts);
    }

    /**
     * Returns the number of examples.
     *
     * @return N
     */
    public long examples() {
        return examples;
    }

    /**
     * Returns the number of units of the code.
     *
     * @return n
     */
    public int units() {
        return activeCounts.length;
    }

    /**
     * Returns the mean number of active units per example.
     *
     * @return L0, in [0, n]
     */
    public double meanActive() {
        return examples == 0 ? 0 : (double) Arrays.stream(activeCounts).sum() / examples;
    }

    /**
     * Returns the activation frequency of each unit.
     *
     * @return the fraction of examples per unit, in [0, 1], a new array
     */
    public double[] frequencies() {
        return Arrays.stream(activeCounts)
                .mapToDouble(count -> examples == 0 ? 0 : (double) count / examples)
                .toArray();
    }

    /**
     * Returns the units that no example activates.
     *
     * @return their indices, ascending, a new array
     */
    public int[] deadUnits() {
        return IntStream.range(0, units()).filter(j -> activeCounts[j] == 0).toArray();
    }

    /** Returns L0, the number of dead units and the range of activation frequencies on one line. */
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
