package io.github.dl4jae.selection;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.NearestNeighbors;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A selector of the columns whose variance between neighbors is smallest relative to their total variance.
 *
 * <pre>
 * W_ii′ = exp(−‖x_i − x_i′‖²/t) if i is among the n nearest of i′ or i′ among those of i, else 0
 * D_ii = Σ_i′ W_ii′
 * L_j = ½ Σ_ii′ W_ii′ (x_ij − x_i′j)² / Σ_i D_ii (x_ij − m_j)²        m_j = Σ_i D_ii x_ij / Σ_i D_ii
 * </pre>
 *
 * <p>Columns with the smallest L_j are selected. t is the mean squared distance between neighbors. Constant columns
 * come last. The score of a group of columns has the sums over its columns of the numerator and of the denominator.
 *
 * <p>When not to use it: with correlated columns. It scores each column independently, and selects redundant columns
 * together.
 *
 * @param neighbors n, at least 1 and below the number of examples; 5 is usual
 * @see <a href="https://papers.nips.cc/paper/2909-laplacian-score-for-feature-selection">He, Cai and Niyogi 2005,
 *     Laplacian score for feature selection</a>
 */
public record LaplacianScore(int neighbors) implements FeatureSelector {

    /**
     * Creates the selector.
     *
     * @param neighbors n
     * @throws IllegalArgumentException if n is below 1
     */
    public LaplacianScore {
        Require.atLeast(1, "LaplacianScore", "neighbors", neighbors, "5 is usual");
    }

    @Override
    public int[] select(INDArray examples, int k) {
        SelectionChecks.require("LaplacianScore", examples, k);
        return select(examples, FeatureGroups.single(Math.toIntExact(examples.size(1))), k);
    }

    @Override
    public int[] select(INDArray examples, int[] groups, int k) {
        return select(examples, FeatureGroups.require("LaplacianScore", examples, groups, k), k);
    }

    private int[] select(INDArray examples, FeatureGroups groups, int k) {
        Require.that(
                examples.size(0) > neighbors,
                "LaplacianScore",
                "examples must be more than the " + neighbors + " neighbors",
                examples.size(0),
                "use fewer neighbors");
        double[][] x = examples.castTo(DataType.DOUBLE).toDoubleMatrix();
        int[][] nearest = withoutItself(NearestNeighbors.find(examples, examples, neighbors + 1));
        double width = Math.max(meanSquaredDistance(x, nearest), Double.MIN_NORMAL);
        int d = x[0].length;
        double[] numerator = new double[d];
        double[] degree = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            for (int other : nearest[i]) {
                if (other > i || !contains(nearest[other], i)) { // each pair once
                    double w = Math.exp(-squaredDistance(x[i], x[other]) / width);
                    degree[i] += w;
                    degree[other] += w;
                    for (int j = 0; j < d; j++) {
                        double difference = x[i][j] - x[other][j];
                        numerator[j] += w * difference * difference;
                    }
                }
            }
        }
        double[] between = groups.sums(numerator);
        double[] variance = groups.sums(weightedVariance(x, degree));
        double[] score = new double[groups.count()];
        for (int g = 0; g < score.length; g++) {
            // the variance is 0 also in a column that is constant except for an isolated outlier of weight 0
            score[g] = variance[g] > 0 ? -between[g] / variance[g] : Double.NEGATIVE_INFINITY;
        }
        return Arrays.copyOf(VarianceSelection.descending(score), k);
    }

    /** Removes each example from its neighbors, where a duplicate can stand in its place. */
    private static int[][] withoutItself(int[][] nearest) {
        int[][] others = new int[nearest.length][];
        for (int i = 0; i < nearest.length; i++) {
            int self = i;
            others[i] = Arrays.stream(nearest[i])
                    .filter(other -> other != self)
                    .limit(nearest[i].length - 1L)
                    .toArray();
        }
        return others;
    }

    private static boolean contains(int[] rows, int row) {
        return Arrays.stream(rows).anyMatch(other -> other == row);
    }

    private static double meanSquaredDistance(double[][] x, int[][] nearest) {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < x.length; i++) {
            for (int other : nearest[i]) {
                sum += squaredDistance(x[i], x[other]);
                count++;
            }
        }
        return sum / count;
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        }
        return sum;
    }

    /**
     * Returns Σ_i D_ii (x_ij − m_j)². Values are taken relative to those of one example, so the result is exactly 0 if
     * all examples with a weight are equal.
     */
    private static double[] weightedVariance(double[][] x, double[] degree) {
        int d = x[0].length;
        int middle = 0;
        for (int i = 1; i < x.length; i++) {
            middle = degree[i] > degree[middle] ? i : middle;
        }
        double[] reference = x[middle];
        double all = Arrays.stream(degree).sum();
        double[] mean = new double[d];
        double[] variance = new double[d];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < d; j++) {
                mean[j] += degree[i] * (x[i][j] - reference[j]) / all;
            }
        }
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < d; j++) {
                double deviation = x[i][j] - reference[j] - mean[j];
                variance[j] += degree[i] * deviation * deviation;
            }
        }
        return variance;
    }
}
