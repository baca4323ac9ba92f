package io.github.dl4jae.internal.math;

import java.util.Arrays;

/**
 * The one-to-one assignment of rows to columns with the largest sum of weights.
 *
 * <p>Rows are first assigned to their best columns where these are free. The others are added one by one along shortest
 * augmenting paths: O(r²·c) at most for r rows and c ≥ r columns, and close to O(r·c) where few rows compete.
 *
 * @see <a href="https://doi.org/10.1007/BF02278710">Jonker and Volgenant 1987, A shortest augmenting path algorithm for
 *     dense and sparse linear assignment problems</a>
 */
public final class LinearAssignment {

    private final float[][] weights;
    private final int columns;
    /** Potentials: −weight − u_row − v_column ≥ 0, and 0 for assigned pairs. */
    private final double[] u;

    private final double[] v;
    private final int[] columnOfRow;
    private final int[] rowOfColumn;
    private final double[] distance;
    private final int[] previous;
    private final boolean[] done;

    private LinearAssignment(float[][] weights) {
        this.weights = weights;
        this.columns = weights[0].length;
        this.u = new double[weights.length];
        this.v = new double[columns];
        this.columnOfRow = new int[weights.length];
        this.rowOfColumn = new int[columns];
        this.distance = new double[columns];
        this.previous = new int[columns];
        this.done = new boolean[columns];
    }

    /**
     * Finds the assignment. Each row has a column, or each column a row, whichever are fewer.
     *
     * @param weights finite, {@code [rows][columns]}, at least one of each
     * @return the column of each row, −1 for none
     */
    public static int[] maximize(float[][] weights) {
        int rows = weights.length;
        int columns = weights[0].length;
        if (rows <= columns) {
            return new LinearAssignment(weights).solve();
        }
        float[][] transposed = new float[columns][rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                transposed[j][i] = weights[i][j];
            }
        }
        int[] assigned = new int[rows];
        Arrays.fill(assigned, -1);
        int[] rowOfColumn = new LinearAssignment(transposed).solve();
        for (int j = 0; j < columns; j++) {
            assigned[rowOfColumn[j]] = j;
        }
        return assigned;
    }

    private int[] solve() {
        Arrays.fill(rowOfColumn, -1);
        for (int i = 0; i < weights.length; i++) {
            int best = best(weights[i]);
            u[i] = -weights[i][best];
            boolean free = rowOfColumn[best] < 0;
            columnOfRow[i] = free ? best : -1;
            if (free) {
                rowOfColumn[best] = i;
            }
        }
        for (int i = 0; i < weights.length; i++) {
            if (columnOfRow[i] < 0) {
                augment(i);
            }
        }
        return columnOfRow;
    }

    private static int best(float[] row) {
        int best = 0;
        for (int j = 1; j < row.length; j++) {
            if (row[j] > row[best]) {
                best = j;
            }
        }
        return best;
    }

    /** Assigns a row by the shortest path from it to a free column, by Dijkstra's algorithm. */
    private void augment(int start) {
        Arrays.fill(distance, Double.POSITIVE_INFINITY);
        Arrays.fill(done, false);
        int row = start;
        double reached = 0;
        int column;
        do {
            column = relax(row, reached);
            done[column] = true;
            reached = distance[column];
            row = rowOfColumn[column];
        } while (row >= 0);
        updatePotentials(start, reached);
        while (true) {
            int from = previous[column];
            rowOfColumn[column] = from;
            int next = columnOfRow[from];
            columnOfRow[from] = column;
            if (from == start) {
                return;
            }
            column = next;
        }
    }

    /** Shortens paths that lead through a row, and returns the nearest column that is not done. */
    private int relax(int row, double reached) {
        float[] w = weights[row];
        double base = reached - u[row];
        int nearest = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int j = 0; j < columns; j++) {
            if (done[j]) {
                continue;
            }
            double through = base - w[j] - v[j];
            if (through < distance[j]) {
                distance[j] = through;
                previous[j] = row;
            }
            if (distance[j] < least) {
                least = distance[j];
                nearest = j;
            }
        }
        return nearest;
    }

    private void updatePotentials(int start, double reached) {
        u[start] += reached;
        for (int j = 0; j < columns; j++) {
            if (done[j]) {
                double change = reached - distance[j];
                v[j] -= change;
                if (rowOfColumn[j] >= 0) {
                    u[rowOfColumn[j]] += change;
                }
            }
        }
    }
}
