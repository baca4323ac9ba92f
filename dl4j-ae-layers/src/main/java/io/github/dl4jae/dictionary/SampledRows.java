package io.github.dl4jae.dictionary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** A sample of code rows without replacement, those with the largest keys, and the correlations of units over it. */
final class SampledRows {

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Row(long key, int[] units, double[] values) {
        double valueOf(int unit) {
            int i = 0;
            while (units[i] != unit) {
                i++;
            }
            return values[i];
        }
    }

    private final int capacity;
    private final PriorityQueue<Row> rows = new PriorityQueue<>(Comparator.comparingLong(Row::key));

    SampledRows(int capacity) {
        this.capacity = capacity;
    }

    void offer(long key, SparseCodes codes, int row) {
        if (rows.size() == capacity) {
            if (key <= rows.element().key) {
                return;
            }
            rows.remove();
        }
        int[] units = new int[codes.active(row)];
        double[] values = new double[units.length];
        for (int i = 0; i < units.length; i++) {
            units[i] = codes.unit(row, i);
            values[i] = codes.value(row, i);
        }
        rows.add(new Row(key, units, values));
    }

    /**
     * Returns the most correlated units of each unit, with positive correlations only. The work is proportional to the
     * sum of squares of the numbers of active units.
     */
    List<List<FeatureNeighbor>> neighbors(int units, int most) {
        int[][] rowsOf = new int[units][];
        double[] sums = new double[units];
        double[] squares = new double[units];
        Row[] sample = rows.toArray(Row[]::new);
        index(sample, rowsOf, sums, squares);
        double n = sample.length;
        double[] products = new double[units];
        boolean[] seen = new boolean[units];
        int[] touched = new int[units];
        List<List<FeatureNeighbor>> result = new ArrayList<>(units);
        for (int unit = 0; unit < units; unit++) {
            int count = 0;
            for (int place : rowsOf[unit]) {
                Row row = sample[place];
                double own = row.valueOf(unit);
                for (int i = 0; i < row.units.length; i++) {
                    int other = row.units[i];
                    if (!seen[other]) {
                        seen[other] = true;
                        touched[count++] = other;
                    }
                    products[other] += own * row.values[i];
                }
            }
            NearestUnits nearest = new NearestUnits(most);
            double deviation = Math.sqrt(n * squares[unit] - sums[unit] * sums[unit]);
            for (int t = 0; t < count; t++) {
                int other = touched[t];
                if (other != unit) {
                    double covariance = n * products[other] - sums[unit] * sums[other];
                    double scale = deviation * Math.sqrt(n * squares[other] - sums[other] * sums[other]);
                    if (covariance > 0 && scale > 0) {
                        nearest.offer(other, Math.min(1, covariance / scale));
                    }
                }
                products[other] = 0;
                seen[other] = false;
            }
            result.add(nearest.list());
        }
        return result;
    }

    /** Lists the rows of each unit, and sums its values and their squares. */
    private static void index(Row[] sample, int[][] rowsOf, double[] sums, double[] squares) {
        int[] counts = new int[rowsOf.length];
        for (Row row : sample) {
            for (int i = 0; i < row.units.length; i++) {
                counts[row.units[i]]++;
                sums[row.units[i]] += row.values[i];
                squares[row.units[i]] += row.values[i] * row.values[i];
            }
        }
        Arrays.setAll(rowsOf, unit -> new int[counts[unit]]);
        for (int place = 0; place < sample.length; place++) {
            for (int unit : sample[place].units) {
                rowsOf[unit][--counts[unit]] = place;
            }
        }
    }
}
