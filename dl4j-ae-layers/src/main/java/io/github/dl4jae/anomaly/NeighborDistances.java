package io.github.dl4jae.anomaly;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The distances of points to the nearest of a set of points. */
final class NeighborDistances {

    /** The number of operations from which other threads are worth their start. */
    private static final long PARALLEL = 200_000;

    /** Value by value, {@code [d][n]}: then the inner loop runs over points, which HotSpot vectorizes. */
    private final float[][] columns;

    private NeighborDistances(float[][] columns) {
        this.columns = columns;
    }

    /** Takes points, {@code [n][d]}, with the precision of float32. */
    static NeighborDistances of(double[][] points) {
        float[][] columns = new float[points[0].length][points.length];
        for (int i = 0; i < points.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                columns[j][i] = (float) points[i][j];
            }
        }
        return new NeighborDistances(columns);
    }

    void store(ScoreWriter out) {
        out.matrix(
                "points",
                Arrays.stream(columns)
                        .map(column -> IntStream.range(0, column.length)
                                .mapToDouble(i -> column[i])
                                .toArray())
                        .toArray(double[][]::new));
    }

    static NeighborDistances read(ScoreReader in) {
        double[][] values = in.matrix("points");
        float[][] columns = new float[values.length][values[0].length];
        for (int j = 0; j < columns.length; j++) {
            for (int i = 0; i < columns[j].length; i++) {
                columns[j][i] = (float) values[j][i];
            }
        }
        return new NeighborDistances(columns);
    }

    /** Returns the number of points. */
    int size() {
        return columns[0].length;
    }

    /** Returns the mean distance to the k nearest points. */
    double meanDistance(double[] point, int k) {
        float[] squares = squares(point);
        return meanRoot(squares, nearest(squares, k), 0, k);
    }

    /**
     * Returns the mean distances to the nearest points, without one at distance 0.
     *
     * @param points {@code [B][d]}
     * @param counts numbers of neighbors, ascending, below the number of points
     * @return {@code [B][counts]}
     */
    double[][] meanDistancesToOthers(double[][] points, int[] counts) {
        IntStream rows = IntStream.range(0, points.length);
        boolean parallel = (long) points.length * columns.length * size() > PARALLEL;
        return (parallel ? rows.parallel() : rows)
                .mapToObj(i -> meanDistancesToOthers(points[i], counts))
                .toArray(double[][]::new);
    }

    private double[] meanDistancesToOthers(double[] point, int[] counts) {
        float[] squares = squares(point);
        int[] places = nearest(squares, counts[counts.length - 1] + 1);
        int first = squares[places[0]] == 0 ? 1 : 0;
        return Arrays.stream(counts)
                .mapToDouble(k -> meanRoot(squares, places, first, first + k))
                .toArray();
    }

    /**
     * Returns by how much the mean distance to the k nearest points falls without each value. Other points can then be
     * the nearest. Columns j and d/2 + j are one value.
     */
    double[] drops(double[] point, int k) {
        float[] squares = squares(point);
        int[] places = nearest(squares, k + 1);
        int first = squares[places[0]] == 0 ? 1 : 0;
        double whole = meanRoot(squares, places, first, first + k);
        double[] drops = new double[columns.length / 2];
        for (int j = 0; j < drops.length; j++) {
            float[] without = squares.clone();
            subtractSquares(columns[j], (float) point[j], without);
            subtractSquares(columns[drops.length + j], (float) point[drops.length + j], without);
            drops[j] = whole - meanRoot(without, nearest(without, k + 1), first, first + k);
        }
        return drops;
    }

    private static void subtractSquares(float[] column, float value, float[] squares) {
        for (int i = 0; i < squares.length; i++) {
            float difference = value - column[i];
            squares[i] = Math.max(0, squares[i] - difference * difference);
        }
    }

    private static double meanRoot(float[] squares, int[] places, int from, int to) {
        double sum = 0;
        for (int at = from; at < to; at++) {
            sum += Math.sqrt(squares[places[at]]);
        }
        return sum / (to - from);
    }

    private float[] squares(double[] point) {
        float[] squares = new float[size()];
        for (int j = 0; j < columns.length; j++) {
            addSquares(columns[j], (float) point[j], squares);
        }
        return squares;
    }

    private static void addSquares(float[] column, float value, float[] squares) {
        for (int i = 0; i < squares.length; i++) {
            float difference = value - column[i];
            squares[i] += difference * difference;
        }
    }

    /** Returns the places of the smallest values, the smallest first. */
    private static int[] nearest(float[] squares, int count) {
        int[] places = new int[count];
        int found = 0;
        for (int i = 0; i < squares.length; i++) {
            if (found == count && squares[i] >= squares[places[count - 1]]) {
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
