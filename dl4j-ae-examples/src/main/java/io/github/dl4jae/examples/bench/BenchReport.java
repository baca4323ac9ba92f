package io.github.dl4jae.examples.bench;

import io.github.dl4jae.plot.PngFile;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/** Times, ratios, slowdowns and peak memory of all cases, as tables, as JSON and as a chart. */
final class BenchReport {

    private final Load load;
    private final int processors;
    private final List<CaseMeasurements> cases = new ArrayList<>();
    private final Map<Contender, String> kernels = new EnumMap<>(Contender.class);

    BenchReport(Load load, int processors) {
        this.load = load;
        this.processors = processors;
    }

    void add(CaseMeasurements measurements) {
        cases.add(measurements);
    }

    void addKernels(Map<Contender, String> described) {
        kernels.putAll(described);
    }

    boolean hasKernels() {
        return !kernels.isEmpty();
    }

    boolean hasFailures() {
        return cases.stream().anyMatch(each -> !each.failures().isEmpty());
    }

    /** Returns the tables of times and of slowdowns, the native libraries, and what has failed. */
    String text() {
        StringBuilder text = new StringBuilder(times());
        if (!load.isNone()) {
            text.append('\n').append(slowdowns());
        }
        if (!kernels.isEmpty()) {
            text.append("\nNative libraries\n");
            kernels.forEach((contender, kernel) -> text.append(line("%-20s %s", contender.title, kernel)));
        }
        cases.forEach(each -> each.failures()
                .values()
                .forEach(message -> text.append('\n').append(message).append('\n')));
        return text.toString();
    }

    private String times() {
        StringBuilder table = new StringBuilder("Milliseconds per step, or microseconds where marked: the median over"
                + " pairs, and the fastest step.\n"
                + "Ratio: the time of dl4j-ae divided by the contender's, the median over pairs, with a 95 %"
                + " interval.\n"
                + "Stock Deeplearning4j lacks top-k, contraction and selectors: its networks of these sizes are"
                + " dense.\n");
        table.append(line(
                "%-25s %-20s %9s %9s %8s %9s %6s  %-14s %5s",
                "case", "", "median", "minimum", "GFLOP/s", "peak MiB", "ratio", "95 % interval", "pairs"));
        for (CaseMeasurements each : cases) {
            BenchCase shape = each.shape();
            int scale = shape.isLatency() ? 1000 : 1;
            for (Contender contender : each.contenders()) {
                double median = each.median(contender);
                table.append(line(
                        "%-25s %-20s %9.2f %9.2f %8s %9.0f %6s  %-14s %5d",
                        shape.label() + (shape.isLatency() ? " (µs)" : ""),
                        contender.title,
                        scale * median,
                        scale * each.minimum(contender),
                        shape.operations() == 0
                                ? ""
                                : line("%.1f", shape.operations() / median / 1e6)
                                        .strip(),
                        each.peakMebibytes(contender),
                        isCompared(each, contender) ? ratio(each.oursOver(contender)) : "",
                        isCompared(each, contender) ? interval(each.oursOver(contender)) : "",
                        each.medians(contender).length));
            }
        }
        return table.toString();
    }

    private String slowdowns() {
        StringBuilder table = new StringBuilder("Slowdown under load (" + load.title() + ", " + processors
                + " processors): mean milliseconds per step, under load and alone.\n"
                + "Ratio: the time of dl4j-ae divided by the contender's, both under load.\n");
        table.append(line(
                "%-25s %-20s %9s %9s %8s  %-14s %-13s %6s  %-14s %5s",
                "case",
                "",
                "alone",
                "loaded",
                "slowdown",
                "95 % interval",
                "share",
                "ratio",
                "95 % interval",
                "pairs"));
        for (CaseMeasurements each : cases) {
            for (Contender contender : each.contenders()) {
                PairedRatio slowdown = each.slowdown(contender);
                table.append(line(
                        "%-25s %-20s %9.3f %9.3f %8s  %-14s %-13s %6s  %-14s %5d",
                        each.shape().label(),
                        contender.title,
                        PairedRatio.median(each.aloneMeans(contender)),
                        PairedRatio.median(each.loadedMeans(contender)),
                        ratio(slowdown),
                        interval(slowdown),
                        load.share(processors),
                        isCompared(each, contender) ? ratio(each.loadedOursOver(contender)) : "",
                        isCompared(each, contender) ? interval(each.loadedOursOver(contender)) : "",
                        slowdown.pairs()));
            }
        }
        return table.toString();
    }

    private static boolean isCompared(CaseMeasurements each, Contender contender) {
        return contender != Contender.OURS && each.contenders().contains(Contender.OURS);
    }

    private static String ratio(PairedRatio ratio) {
        return String.format(Locale.ROOT, digits(ratio), ratio.median());
    }

    private static String interval(PairedRatio ratio) {
        return String.format(Locale.ROOT, digits(ratio) + " to " + digits(ratio), ratio.low(), ratio.high());
    }

    private static String digits(PairedRatio ratio) {
        return ratio.median() < 0.1 ? "%.3f" : "%.2f";
    }

    private static String line(String format, Object... cells) {
        return String.format(Locale.ROOT, format, cells).stripTrailing() + "\n";
    }

    void writeJson(Path file) throws IOException {
        List<Map<String, Object>> results = new ArrayList<>();
        for (CaseMeasurements each : cases) {
            for (Contender contender : each.contenders()) {
                results.add(result(each, contender));
            }
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("processors", processors);
        all.put("java", System.getProperty("java.version"));
        all.put("busyThreads", load.busy());
        all.put("processesTogether", load.together());
        Map<String, String> libraries = new LinkedHashMap<>();
        kernels.forEach((contender, kernel) -> libraries.put(contender.title, kernel));
        all.put("nativeLibraries", libraries);
        all.put("results", results);
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        json.writeValue(file.toFile(), all);
    }

    private static Map<String, Object> result(CaseMeasurements each, Contender contender) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("case", each.shape().label());
        result.put("contender", contender.title);
        result.put("medianMilliseconds", each.median(contender));
        result.put("minimumMilliseconds", each.minimum(contender));
        result.put("mediansOfPairs", each.medians(contender));
        result.put("peakMebibytes", each.peakMebibytes(contender));
        if (isCompared(each, contender)) {
            result.put("ourTimeOverTheirs", each.oursOver(contender));
        }
        if (each.hasLoad(contender)) {
            result.put("meansAlone", each.aloneMeans(contender));
            result.put("meansUnderLoad", each.loadedMeans(contender));
            result.put("slowdown", each.slowdown(contender));
            if (isCompared(each, contender)) {
                result.put("ourTimeOverTheirsUnderLoad", each.loadedOursOver(contender));
            }
        }
        return result;
    }

    /** Writes a bar chart of each contender's time as a multiple of the time of dl4j-ae. */
    void writeChart(Path file) throws IOException {
        Map<String, List<Double>> multiples = new LinkedHashMap<>();
        for (Contender contender : Contender.values()) {
            List<Double> ofContender =
                    cases.stream().map(each -> multipleOfOurs(each, contender)).toList();
            if (ofContender.stream().anyMatch(multiple -> multiple > 0)) {
                multiples.put(contender.title, ofContender);
            }
        }
        PngFile.write(chart(cases.stream().map(each -> each.shape().label()).toList(), multiples), file);
    }

    private static BufferedImage chart(List<String> labels, Map<String, List<Double>> multiples) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(1000)
                .height(520)
                .title("Time of a step as a multiple of the time of dl4j-ae (lower is faster)")
                .yAxisTitle("multiple")
                .build();
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setXAxisLabelRotation(40);
        chart.getStyler().setXAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
        chart.getStyler().setXAxisLabelAlignmentVertical(AxesChartStyler.TextAlignment.Right);
        chart.getStyler().setXAxisTickMarkSpacingHint(1); // a label for each case
        multiples.forEach((contender, values) -> chart.addSeries(contender, labels, values));
        return BitmapEncoder.getBufferedImage(chart);
    }

    /** Returns 0 if one of the two has no measurements. */
    private static double multipleOfOurs(CaseMeasurements each, Contender contender) {
        if (!each.contenders().contains(contender) || !each.contenders().contains(Contender.OURS)) {
            return 0;
        }
        return contender == Contender.OURS ? 1 : 1 / each.oursOver(contender).median();
    }
}
