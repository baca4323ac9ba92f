package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.anomaly.DetectionQuality;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What the methods reach on the tables, in one mode. */
final class AdbenchResults {

    private final List<AdbenchTable> tables = new ArrayList<>();
    private final Map<AdbenchMethod, List<DetectionQuality>> qualities = new EnumMap<>(AdbenchMethod.class);
    private final Map<AdbenchMethod, Double> seconds = new EnumMap<>(AdbenchMethod.class);

    AdbenchResults() {
        for (AdbenchMethod method : AdbenchMethod.values()) {
            qualities.put(method, new ArrayList<>());
        }
    }

    /** Applies all methods to a table. */
    void measure(AdbenchTable table, AdbenchSplit split, long seed) {
        tables.add(table);
        for (AdbenchMethod method : AdbenchMethod.values()) {
            long start = System.nanoTime();
            double[] scores = method.score(split, seed);
            seconds.merge(method, (System.nanoTime() - start) / 1e9, Double::sum);
            requireDifferent(scores, method, table);
            qualities.get(method).add(DetectionQuality.compute(scores, split.isAnomaly()));
        }
    }

    /** Equal scores have an area of 0.5, which would look like a figure. */
    static void requireDifferent(double[] scores, AdbenchMethod method, AdbenchTable table) {
        for (double score : scores) {
            if (score != scores[0]) {
                return;
            }
        }
        throw new IllegalStateException("reproduce adbench: scores of " + method + " must differ, got " + scores[0]
                + " for all rows of " + table.name());
    }

    List<AdbenchTable> tables() {
        return tables;
    }

    DetectionQuality quality(AdbenchMethod method, int table) {
        return qualities.get(method).get(table);
    }

    double mean(AdbenchMethod method, ToDoubleFunction<DetectionQuality> figure) {
        return qualities.get(method).stream().mapToDouble(figure).average().orElseThrow();
    }

    /** Returns the mean place of a method among all: 1 for the best on every table; equal figures share places. */
    double meanRank(AdbenchMethod method, ToDoubleFunction<DetectionQuality> figure) {
        double sum = 0;
        for (int t = 0; t < tables.size(); t++) {
            double own = figure.applyAsDouble(quality(method, t));
            sum += 0.5;
            for (AdbenchMethod other : AdbenchMethod.values()) {
                double others = figure.applyAsDouble(quality(other, t));
                sum += others > own ? 1 : others == own ? 0.5 : 0;
            }
        }
        return sum / tables.size();
    }

    double seconds(AdbenchMethod method) {
        return seconds.get(method);
    }
}
