package io.github.dl4jae.examples.anomaly;

import io.github.dl4jae.anomaly.AnomalyDetector;
import io.github.dl4jae.anomaly.Explanation;
import io.github.dl4jae.anomaly.Explanation.ColumnShare;
import io.github.dl4jae.examples.support.CsvFile;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.plot.CurvePlot;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Scored rows, the most unusual first.
 *
 * @param scores in the order of the file
 * @param probabilities likewise
 * @param numbers likewise, the numbers of the rows
 * @param order the places of the rows, the largest score first
 * @param threshold rows above it raise an alarm
 * @param explanations of the first rows of the order
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RankedRows(
        double[] scores,
        double[] probabilities,
        int[] numbers,
        int[] order,
        double threshold,
        List<Explanation> explanations) {

    private static final int SHOWN = 20;
    private static final int COLUMNS = 3;
    private static final double SMALLEST_SHARE = 0.1;

    static RankedRows of(AnomalyDetector detector, TableRows rows) {
        double[] scores = detector.score(rows.scored());
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted((i, j) -> Double.compare(scores[j], scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double threshold = detector.threshold().value();
        int alarms = (int) Arrays.stream(scores).filter(s -> s > threshold).count();
        int explained = Math.min(scores.length, Math.max(SHOWN, alarms));
        return new RankedRows(
                scores,
                detector.probability(rows.scored()),
                rows.numbers(),
                order,
                threshold,
                detector.explain(rows.scored().rows(Arrays.copyOf(order, explained))));
    }

    int size() {
        return scores.length;
    }

    boolean isAlarm(int row) {
        return scores[row] > threshold;
    }

    long alarms() {
        return Arrays.stream(scores).filter(s -> s > threshold).count();
    }

    /** Writes all rows, with the reasons of alarms. */
    Path write(Path file) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("row", "score", "probability", "alarm", "why"));
        for (int place = 0; place < order.length; place++) {
            int row = order[place];
            lines.add(List.of(
                    Integer.toString(numbers[row]),
                    Double.toString(scores[row]),
                    Double.toString(probabilities[row]),
                    isAlarm(row) ? "yes" : "no",
                    place < explanations.size() ? why(explanations.get(place)) : ""));
        }
        return CsvFile.write(file, lines);
    }

    void addTo(Report report) {
        report.table("row", "alarm", "score", "probability of an anomaly", "why: found, expected (share of the score)");
        for (int place = 0; place < Math.min(SHOWN, order.length); place++) {
            int row = order[place];
            report.row(
                    Integer.toString(numbers[row]),
                    isAlarm(row) ? "yes" : "no",
                    Report.decimals(2, scores[row]),
                    Report.decimals(2, probabilities[row]),
                    why(explanations.get(place)));
        }
        report.picture(
                "scores",
                "The scores of all rows, the highest first. Rows above the threshold raise an alarm.",
                this::draw);
    }

    private static String why(Explanation explanation) {
        String columns = explanation.columns().stream()
                .limit(COLUMNS)
                .filter(column -> column.share() >= SMALLEST_SHARE)
                .map(RankedRows::why)
                .collect(Collectors.joining("; "));
        return columns.isEmpty() ? "many columns together" : columns;
    }

    private static String why(ColumnShare column) {
        String found = column.found().isEmpty() ? "missing" : column.found();
        return column.column() + " " + found
                + (found.equals(column.expected()) ? ", rare with the other values" : ", expected " + column.expected())
                + " (" + Math.round(100 * column.share()) + " %)";
    }

    private BufferedImage draw() {
        double[] sorted = Arrays.stream(order).mapToDouble(row -> scores[row]).toArray();
        return new CurvePlot("Scores", "rows, the highest score first", "score")
                .curve("score", sorted)
                .curve("threshold", new double[] {1, sorted.length}, new double[] {threshold, threshold})
                .draw();
    }
}
