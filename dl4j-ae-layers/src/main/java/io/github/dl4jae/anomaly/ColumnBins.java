package io.github.dl4jae.anomaly;

import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The bins of a column: its categories and the rows without one, or the tenths of its numbers; and at last missing
 * values. A number that fills a tenth has a bin of its own, or a change of rare values would be invisible beside it.
 *
 * @param places its features; the first has the number
 * @param edges the lower ends of the bins of numbers after the first, ascending and distinct
 * @param isCategory whether each feature is a category
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ColumnBins(int[] places, double[] edges, boolean isCategory) {

    private static final int TENTHS = 10;

    static ColumnBins of(int[] places, TableValues values) {
        if (places.length == 0 || (places.length > 1 && areFlags(places, values))) {
            return new ColumnBins(places, new double[0], true);
        }
        double[] sorted = IntStream.range(0, values.rows())
                .filter(row -> !values.isMissing(row, places[0]))
                .mapToDouble(row -> values.get(row, places[0]))
                .sorted()
                .toArray();
        return new ColumnBins(places, edges(sorted), false);
    }

    private static double[] edges(double[] sorted) {
        SortedSet<Double> edges = new TreeSet<>();
        for (int tenth = 1; tenth < TENTHS && sorted.length > 0; tenth++) {
            double edge = sorted[(int) ((long) tenth * sorted.length / TENTHS)];
            edges.add(edge);
            if (edge == sorted[(int) ((tenth - 1L) * sorted.length / TENTHS)]) {
                edges.add((double) Math.nextUp((float) edge));
            }
        }
        return edges.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static boolean areFlags(int[] places, TableValues values) {
        return IntStream.range(0, values.rows()).allMatch(row -> IntStream.of(places)
                .allMatch(j -> values.get(row, j) == 0 || values.get(row, j) == 1));
    }

    /** Returns the number of bins. */
    int size() {
        return (isCategory ? places.length : edges.length) + 2;
    }

    /** Returns the number of rows in each bin. */
    double[] count(TableValues values) {
        double[] counts = new double[size()];
        int known = counts.length - 1;
        for (int row = 0; row < values.rows(); row++) {
            if (places.length == 0 || values.isMissing(row, places[0])) {
                counts[known]++;
            } else {
                counts[isCategory ? category(values, row) : interval(values.get(row, places[0]))]++;
            }
        }
        return counts;
    }

    private int interval(double value) {
        int bin = 0;
        while (bin < edges.length && value >= edges[bin]) {
            bin++;
        }
        return bin;
    }

    /** Returns the place of the category; the bin after the last one if there is none. */
    private int category(TableValues values, int row) {
        int best = 0;
        for (int j = 1; j < places.length; j++) {
            if (values.get(row, places[j]) > values.get(row, places[best])) {
                best = j;
            }
        }
        return values.get(row, places[best]) == 0 ? places.length : best;
    }
}
