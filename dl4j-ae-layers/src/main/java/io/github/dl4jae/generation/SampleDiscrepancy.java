package io.github.dl4jae.generation;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.RandomStreams;
import io.github.dl4jae.internal.math.Shuffle;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A two-sample test: the maximum mean discrepancy of two sets of points, and the probability of one as large if both
 * were of one distribution.
 *
 * <pre>
 * MMD² = mean_{i≠j} k(x_i, x_j) + mean_{i≠j} k(y_i, y_j) − 2·mean k(x_i, y_j)         unbiased: may be below 0
 * k(a, b) = Σ_s exp(−‖a − b‖²/(s·m)),  s ∈ {¼, ½, 1, 2}        m the median squared distance of all points
 * p = (1 + #{permutations with MMD² at least as large})/(1 + permutations)
 * </pre>
 *
 * <pre>{@code
 * double p = SampleDiscrepancy.test(codes, priorSamples, 500, 1).pValue();
 * }</pre>
 *
 * <p>A small p, below 0.05, says that the distributions differ. A large p only says that these points do not show it.
 * Time and memory grow with the square of the number of points; 1,000 and 1,000 are usual.
 *
 * @param squared MMD²
 * @param pValue p, in (0, 1]
 * @see <a href="https://jmlr.org/papers/v13/gretton12a.html">Gretton et al. 2012, A kernel two-sample test</a>
 */
public record SampleDiscrepancy(double squared, double pValue) {

    private static final String SUBJECT = "SampleDiscrepancy";
    private static final double[] SCALES = {0.25, 0.5, 1, 2};

    /**
     * Tests whether two sets of points have one distribution.
     *
     * @param x {@code [N, d]}, N at least 2
     * @param y {@code [M, d]}, M at least 2; independent of x
     * @param permutations the number of permutations, at least 1; p is at least 1/(1 + permutations)
     * @param seed of the permutations
     * @return the discrepancy and its p-value
     * @throws IllegalArgumentException if shapes do not fit, or values are not finite
     */
    public static SampleDiscrepancy test(INDArray x, INDArray y, int permutations, long seed) {
        Require.that(
                x.rank() == 2 && y.rank() == 2 && x.size(1) == y.size(1) && x.size(0) >= 2 && y.size(0) >= 2,
                SUBJECT,
                "points must be two matrices of at least 2 rows and equal widths",
                Arrays.toString(x.shape()) + " and " + Arrays.toString(y.shape()),
                "");
        Require.atLeast(1, SUBJECT, "permutations", permutations, "");
        INDArray points = Nd4j.concat(0, x.castTo(DataType.DOUBLE), y.castTo(DataType.DOUBLE));
        Require.that(FiniteArrays.isFinite(points), SUBJECT, "points must be finite", "NaN or infinity", "");
        double[][] kernel = kernel(points.toDoubleMatrix());
        double[] rowSums = Arrays.stream(kernel)
                .mapToDouble(row -> Arrays.stream(row).sum())
                .toArray();
        int n = (int) x.size(0);
        int[] order = IntStream.range(0, kernel.length).toArray();
        double squared = discrepancy(kernel, rowSums, order, n);
        int larger = 0;
        for (int i = 0; i < permutations; i++) {
            Shuffle.inPlace(order, RandomStreams.of(seed, i));
            larger += discrepancy(kernel, rowSums, order, n) >= squared ? 1 : 0;
        }
        return new SampleDiscrepancy(squared, (1.0 + larger) / (1 + permutations));
    }

    /** Returns the kernel of all pairs, with a diagonal of 0. */
    private static double[][] kernel(double[][] points) {
        int n = points.length;
        double[][] kernel = new double[n][n];
        double[] distances = new double[n * (n - 1) / 2];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double sum = 0;
                for (int d = 0; d < points[i].length; d++) {
                    double difference = points[i][d] - points[j][d];
                    sum += difference * difference;
                }
                kernel[i][j] = sum;
                distances[next++] = sum;
            }
        }
        Arrays.sort(distances);
        double median = Math.max(Double.MIN_NORMAL, distances[distances.length / 2]);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double value = 0;
                for (double scale : SCALES) {
                    value += Math.exp(-kernel[i][j] / (scale * median));
                }
                kernel[i][j] = value;
                kernel[j][i] = value;
            }
        }
        return kernel;
    }

    /** Returns MMD² for the first n points of an order against the others, from one sum over the smaller block. */
    private static double discrepancy(double[][] kernel, double[] rowSums, int[] order, int n) {
        int m = order.length - n;
        double all = Arrays.stream(rowSums).sum();
        double first = 0;
        double firstRows = 0;
        for (int i = 0; i < n; i++) {
            double[] row = kernel[order[i]];
            firstRows += rowSums[order[i]];
            for (int j = 0; j < n; j++) {
                first += row[order[j]];
            }
        }
        double cross = firstRows - first;
        double second = all - first - 2 * cross;
        return first / n / (n - 1) + second / m / (m - 1) - 2 * cross / n / m;
    }
}
