package io.github.dl4jae.examples.reproduce;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Distances to nearest neighbors, in the columns themselves. */
final class AdbenchNeighbors {

    private AdbenchNeighbors() {}

    /**
     * Returns the mean distance of each row to its k nearest points.
     *
     * @param isSame whether the rows are the points, so that a row is no neighbor of itself
     */
    static double[] meanDistances(INDArray points, INDArray rows, int k, boolean isSame) {
        float[][] columns = points.transpose().toFloatMatrix();
        float[][] all = rows.toFloatMatrix();
        return IntStream.range(0, all.length)
                .parallel()
                .mapToDouble(i -> mean(columns, all[i], k, isSame ? i : -1))
                .toArray();
    }

    private static double mean(float[][] columns, float[] row, int k, int itself) {
        float[] squares = new float[columns[0].length];
        for (int j = 0; j < row.length; j++) {
            float[] column = columns[j];
            for (int i = 0; i < squares.length; i++) {
                float difference = row[j] - column[i];
                squares[i] += difference * difference;
            }
        }
        if (itself >= 0) {
            squares[itself] = Float.POSITIVE_INFINITY;
        }
        Arrays.sort(squares);
        return IntStream.range(0, k)
                .mapToDouble(i -> Math.sqrt(squares[i]))
                .average()
                .orElseThrow();
    }
}
