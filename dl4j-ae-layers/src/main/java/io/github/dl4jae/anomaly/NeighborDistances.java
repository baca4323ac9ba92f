package io.github.dl4jae.anomaly;

import java.util.Arrays;

/** The distances of a point to the nearest of a set of points. */
final class NeighborDistances {

    /** Value by value, {@code [d][n]}: then the inner loop runs over points, which HotSpot vectorizes. */
    private final double[][] columns;

    private final int k;

    NeighborDistances(double[][] points, int k) {
        this.columns = new double[points[0].length][points.length];
        this.k = k;
        for (int i = 0; i < points.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                columns[j][i] = points[i][j];
            }
        }
    }

    int k() {
        return k;
    }

    /** Returns the mean distance to the k nearest points. */
    double meanDistance(double[] point) {
        double[] nearest = nearestSquares(point);
        double sum = 0;
        for (double square : nearest) {
            sum += Math.sqrt(square);
        }
        return sum / k;
    }

    private double[] nearestSquares(double[] point) {
        double[] squares = new double[columns[0].length];
        for (int j = 0; j < columns.length; j++) {
            addSquares(columns[j], point[j], squares);
        }
        double[] nearest = new double[k];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        for (double square : squares) {
            if (square < nearest[k - 1]) {
                int at = k - 1;
                while (at > 0 && square < nearest[at - 1]) {
                    nearest[at] = nearest[at - 1];
                    at--;
                }
                nearest[at] = square;
            }
        }
        return nearest;
    }

    private static void addSquares(double[] column, double value, double[] squares) {
        for (int i = 0; i < squares.length; i++) {
            double difference = value - column[i];
            squares[i] += difference * difference;
        }
    }
}
