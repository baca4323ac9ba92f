package io.github.dl4jae.internal.math;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** An exact search for nearest neighbors by Euclidean distance, which compares all pairs, block by block. */
public final class NearestNeighbors {

    private static final int ROWS_AT_ONCE = 256;

    private NearestNeighbors() {}

    /**
     * Finds the nearest points of each query.
     *
     * @param queries {@code [Q, d]}
     * @param points {@code [N, d]}
     * @param k the number of neighbors, in [1, N]
     * @return for each query the rows of the k nearest points, the nearest first
     * @throws IllegalArgumentException if an argument is not a finite matrix, widths differ, or k is out of range
     */
    public static int[][] find(INDArray queries, INDArray points, int k) {
        requireMatrix("queries", queries);
        requireMatrix("points", points);
        if (queries.size(1) != points.size(1)) {
            throw new IllegalArgumentException("NearestNeighbors: queries and points must have the same width, got "
                    + queries.size(1) + " and " + points.size(1) + "; encode both with the same model");
        }
        if (k < 1 || k > points.size(0)) {
            throw new IllegalArgumentException(
                    "NearestNeighbors: k must be in [1, " + points.size(0) + "], the number of points, got " + k);
        }
        int[][] nearest = new int[Math.toIntExact(queries.size(0))][];
        // centered, because squares of points far from 0 would lose the distances to rounding
        INDArray mean = points.castTo(DataType.DOUBLE).mean(true, 0);
        INDArray P = points.castTo(DataType.DOUBLE).subRowVector(mean);
        INDArray squares = P.mul(P).sum(true, 1).reshape(1, -1); // [1,N]
        for (int from = 0; from < nearest.length; from += ROWS_AT_ONCE) {
            int to = Math.min(from + ROWS_AT_ONCE, nearest.length);
            INDArray block = queries.get(NDArrayIndex.interval(from, to), NDArrayIndex.all())
                    .castTo(DataType.DOUBLE)
                    .subRowVector(mean);
            // ‖q − p‖² − ‖q‖²; ‖q‖² is the same for all p
            double[][] distances = block.mmul(P.transpose()) // [b,d]·[d,N] → [b,N]
                    .muli(-2)
                    .addiRowVector(squares)
                    .toDoubleMatrix();
            for (int i = 0; i < distances.length; i++) {
                nearest[from + i] = smallest(distances[i], k);
            }
        }
        return nearest;
    }

    private static void requireMatrix(String name, INDArray matrix) {
        if (matrix.rank() != 2 || matrix.isEmpty() || !FiniteArrays.isFinite(matrix)) {
            throw new IllegalArgumentException("NearestNeighbors: " + name
                    + " must be a finite matrix with at least one row and column, got " + matrix.shapeInfoToString());
        }
    }

    private static int[] smallest(double[] values, int k) {
        int[] places = new int[k];
        Arrays.fill(places, -1);
        for (int j = 0; j < values.length; j++) {
            if (places[k - 1] >= 0 && values[j] >= values[places[k - 1]]) {
                continue;
            }
            int at = k - 1;
            while (at > 0 && (places[at - 1] < 0 || values[j] < values[places[at - 1]])) {
                places[at] = places[at - 1];
                at--;
            }
            places[at] = j;
        }
        return places;
    }
}
