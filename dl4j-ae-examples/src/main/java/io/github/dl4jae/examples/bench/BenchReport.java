package io.github.dl4jae.examples.bench;

import io.github.dl4jae.plot.PngFile;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/** Medians, ratios and peak memory of all cases, as a table, as JSON and as a chart. */
final class BenchReport {

    private final List<Row> rows = new ArrayList<>();

    /**
     * The measurements of one contender on one case, over all rounds.
     *
     * @param median median of the rounds' medians, in milliseconds
     * @param minimum fastest step of all rounds, in milliseconds
     * @param peakMebibytes largest peak of all rounds
     */
    private record Row(
            BenchCase shape,
            Contender contender,
            double median,
            double minimum,
            double peakMebibytes,
            List<Double> rounds) {}

    void add(BenchCase shape, Map<Contender, List<Measurement>> measured) {
        measured.forEach((contender, rounds) -> {
            double[] medians =
                    rounds.stream().mapToDouble(Measurement::median).sorted().toArray();
            int half = medians.length / 2;
            rows.add(new Row(
                    shape,
                    contender,
                    medians.length % 2 == 1 ? medians[half] : (medians[half - 1] + medians[half]) / 2,
                    rounds.stream().mapToDouble(Measurement::minimum).min().orElseThrow(),
                    rounds.stream()
                            .mapToDouble(Measurement::peakMebibytes)
                            .max()
                            .orElseThrow(),
                    rounds.stream().map(Measurement::median).toList()));
        });
    }

    private double oursOver(Row row) {
        return rows.stream()
                        .filter(each -> each.shape == row.shape && each.contender == Contender.OURS)
                        .mapToDouble(Row::median)
                        .findFirst()
                        .orElse(Double.NaN)
                / row.median;
    }

    String table() {
        StringBuilder table = new StringBuilder(
                "Milliseconds per step. The last column is the time of dl4j-ae divided by the contender's time.\n"
                        + "Stock Deeplearning4j lacks top-k, contraction and selectors: its networks of these sizes"
                        + " are dense.\n");
        table.append(String.format(
                Locale.ROOT,
                "%-22s %-20s %9s %9s %10s %10s %7s%n",
                "case",
                "",
                "median",
                "minimum",
                "GFLOP/s",
                "peak MiB",
                "ratio"));
        for (Row row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-22s %-20s %9.2f %9.2f %10.0f %10.0f %7.2f%n",
                    row.shape.label(),
                    row.contender.title,
                    row.median,
                    row.minimum,
                    row.shape.operations() / row.median / 1e6,
                    row.peakMebibytes,
                    oursOver(row)));
        }
        return table.toString();
    }

    void writeJson(Path file) throws IOException {
        List<Map<String, Object>> results = new ArrayList<>();
        for (Row row : rows) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("case", row.shape.label());
            result.put("contender", row.contender.title);
            result.put("medianMilliseconds", row.median);
            result.put("minimumMilliseconds", row.minimum);
            result.put("mediansOfRounds", row.rounds);
            result.put("peakMebibytes", row.peakMebibytes);
            result.put("ourTimeOverTheirs", oursOver(row));
            results.add(result);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("processors", Runtime.getRuntime().availableProcessors());
        all.put("java", System.getProperty("java.version"));
        all.put("results", results);
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        json.writeValue(file.toFile(), all);
    }

    /** Writes a bar chart of each contender's time as a multiple of the time of dl4j-ae. */
    void writeChart(Path file) throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(1000)
                .height(480)
                .title("Time of a step as a multiple of the time of dl4j-ae (lower is faster)")
                .build();
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setXAxisLabelRotation(15);
        List<BenchCase> shapes = rows.stream().map(Row::shape).distinct().toList();
        for (Contender contender : Contender.values()) {
            List<Double> multiples = shapes.stream()
                    .map(shape -> rows.stream()
                            .filter(row -> row.shape == shape && row.contender == contender)
                            .findFirst()
                            .map(row -> 1 / oursOver(row))
                            .orElse(0.0))
                    .toList();
            if (multiples.stream().anyMatch(multiple -> multiple > 0)) {
                chart.addSeries(
                        contender.title, shapes.stream().map(BenchCase::label).toList(), multiples);
            }
        }
        PngFile.write(BitmapEncoder.getBufferedImage(chart), file);
    }
}
