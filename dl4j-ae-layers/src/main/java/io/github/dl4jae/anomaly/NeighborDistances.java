package io.github.dl4jae.anomaly;

import java.util.Arrays;

/** The distances of a point to the nearest of a set of points. */
final class NeighborDistances {

    /** Value by value, {@code [d][n]}: then the inner loop runs over points, which HotSpot vectorizes. */
    private final double[][] columns;

    private final int k;

    private NeighborDistances(int k, double[][] columns) {
        this.columns = columns;
        this.k = k;
    }

    /** Takes points, {@code [n][d]}. */
    static NeighborDistances of(double[][] points, int k) {
        double[][] columns = new double[points[0].length][points.length];
        for (int i = 0; i < points.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                columns[j][i] = points[i][j];
            }
        }
        return new NeighborDistances(k, columns);
    }

    void store(ScoreWriter out) {
        out.matrix("points", columns);
        out.integer("neighbors", k);
    }

    static NeighborDistances read(ScoreReader in) {
        double[][] columns = in.matrix("points");
        return new NeighborDistances(in.integer("neighbors", 1, columns[0].length), columns);
    }

    int k() {
        return k;
    }

    /** Returns the mean distance to the k nearest points. */
    double meanDistance(double[] point) {
        double[] squares = squares(point);
        return meanRoot(squares, nearest(squares, k));
    }

    /** Returns the mean distance to the k nearest points, without one at distance 0. */
    double meanDistanceToOthers(double[] point) {
        double[] squares = squares(point);
        return meanRoot(squares, nearestOthers(squares));
    }

    /** Returns, value by value, the mean squared difference from the k nearest points, without one at distance 0. */
    double[] meanSquaresToOthers(double[] point) {
        int[] places = nearestOthers(squares(point));
        double[] means = new double[columns.length];
        for (int j = 0; j < means.length; j++) {
            for (int place : places) {
                double difference = point[j] - columns[j][place];
                means[j] += difference * difference / places.length;
            }
        }
        return means;
    }

    private static double meanRoot(double[] squares, int[] places) {
        double sum = 0;
        for (int place : places) {
            sum += Math.sqrt(squares[place]);
        }
        return sum / places.length;
    }

    private double[] squares(double[] point) {
        double[] squares = new double[columns[0].length];
        for (int j = 0; j < columns.length; j++) {
            addSquares(columns[j], point[j], squares);
        }
        return squares;
    }

    private static void addSquares(double[] column, double value, double[] squares) {
        for (int i = 0; i < squares.length; i++) {
            double difference = value - column[i];
            squares[i] += difference * difference;
        }
    }

    private int[] nearestOthers(double[] squares) {
        int[] places = nearest(squares, Math.min(k + 1, squares.length));
        boolean itself = squares[places[0]] == 0;
        return Arrays.copyOfRange(places, itself ? 1 : 0, itself ? places.length : k);
    }

    /** Returns the places of the smallest values, the smallest first. */
    private static int[] nearest(double[] squares, int count) {
        int[] places = new int[count];
        int found = 0;
        for (int i = 0; i < squares.length; i++) {
            if (found == count && !(squares[i] < squares[places[count - 1]])) {
                continue;
            }
            int at = found < count ? found++ : count - 1;
            while (at > 0 && squares[i] < squares[places[at - 1]]) {
                places[at] = places[at - 1];
                at--;
            }
            places[at] = i;
        }
        return places;
    }
}
