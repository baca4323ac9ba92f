package io.github.dl4jae.plot;

import io.github.dl4jae.internal.layer.Require;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/**
 * Small histograms side by side, one per column of a table, each of which compares samples such as real and generated
 * rows.
 *
 * <pre>{@code
 * BufferedImage picture = new HistogramGrid("real", "generated")
 *         .numbers("age", realAges, generatedAges)
 *         .categories("sex", List.of(realSexes, generatedSexes))
 *         .draw();
 * }</pre>
 *
 * <p>Bars are fractions of a sample in per cent. Numbers fall into twelve intervals between the least and the greatest
 * of the first sample; others fall into the outer two. Of many categories the eight most frequent of the first sample
 * are shown. Numbers that are not finite are left out.
 */
public final class HistogramGrid {

    private static final int BINS = 12;
    private static final int MOST_CATEGORIES = 8;
    private static final int PER_ROW = 3;
    private static final int WIDTH = 320;
    private static final int HEIGHT = 220;

    private final String[] samples;
    private final List<CategoryChart> charts = new ArrayList<>();

    /**
     * Creates an empty grid.
     *
     * @param samples the names of the samples, at least one
     * @throws IllegalArgumentException if there is none
     */
    public HistogramGrid(String... samples) {
        Require.that(samples.length > 0, "HistogramGrid", "samples must have names", "none", "");
        this.samples = samples.clone();
    }

    /**
     * Adds a histogram of numbers.
     *
     * @param name the name of the column, with its unit
     * @param values the numbers of each sample
     * @return this
     * @throws IllegalArgumentException if the number of samples is another, or one has no finite number
     */
    public HistogramGrid numbers(String name, double[]... values) {
        double[][] finite = Stream.of(values)
                .map(sample -> Arrays.stream(sample).filter(Double::isFinite).toArray())
                .toArray(double[][]::new);
        requireSamples(name, finite.length, Arrays.stream(finite).mapToInt(sample -> sample.length));
        double least = Arrays.stream(finite[0]).min().orElseThrow();
        double greatest = Arrays.stream(finite[0]).max().orElseThrow();
        double width = greatest > least ? (greatest - least) / BINS : 1;
        List<String> labels = distinct(IntStream.range(0, BINS)
                .mapToObj(bin -> label(least + (bin + 0.5) * width))
                .toList());
        CategoryChart chart = chart(name);
        for (int s = 0; s < samples.length; s++) {
            double[] shares = new double[BINS];
            for (double value : finite[s]) {
                int bin = (int) Math.max(0, Math.min(BINS - 1, Math.floor((value - least) / width)));
                shares[bin] += 100.0 / finite[s].length;
            }
            add(chart, s, labels, shares);
        }
        chart.getStyler().setXAxisMaxLabelCount(4);
        charts.add(chart);
        return this;
    }

    private static String label(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.3g", value);
    }

    /** Makes labels distinct, as the chart requires, by spaces. */
    private static List<String> distinct(List<String> labels) {
        List<String> distinct = new ArrayList<>();
        for (String label : labels) {
            String free = label;
            while (distinct.contains(free)) {
                free += " ";
            }
            distinct.add(free);
        }
        return distinct;
    }

    /**
     * Adds a histogram of categories.
     *
     * @param name the name of the column
     * @param values the categories of each sample
     * @return this
     * @throws IllegalArgumentException if the number of samples is another, or one is empty
     */
    public HistogramGrid categories(String name, List<List<String>> values) {
        requireSamples(name, values.size(), values.stream().mapToInt(List::size));
        List<String> shown = counts(values.get(0)).entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_CATEGORIES)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        CategoryChart chart = chart(name);
        for (int s = 0; s < samples.length; s++) {
            Map<String, Long> counts = counts(values.get(s));
            double size = values.get(s).size();
            add(
                    chart,
                    s,
                    shown,
                    shown.stream()
                            .mapToDouble(each -> 100 * counts.getOrDefault(each, 0L) / size)
                            .toArray());
        }
        charts.add(chart);
        return this;
    }

    private static Map<String, Long> counts(List<String> values) {
        return values.stream().collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    private void requireSamples(String name, int count, IntStream sizes) {
        Require.that(
                count == samples.length && sizes.allMatch(size -> size > 0),
                "HistogramGrid",
                "'" + name + "' must have values of " + samples.length + " samples",
                count + " samples, or an empty one",
                "");
    }

    private void add(CategoryChart chart, int sample, List<String> labels, double[] shares) {
        chart.addSeries(samples[sample], labels, Arrays.stream(shares).boxed().toList());
    }

    private CategoryChart chart(String name) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(name)
                .yAxisTitle("%")
                .build();
        chart.getStyler().setSeriesColors(ChartStyle.COLORS);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setPlotBorderVisible(false);
        chart.getStyler().setLegendVisible(charts.isEmpty());
        chart.getStyler().setAvailableSpaceFill(0.9);
        return chart;
    }

    /**
     * Draws the grid.
     *
     * @return an RGB image
     * @throws IllegalStateException if there is no histogram, or the machine has no font
     */
    public BufferedImage draw() {
        if (charts.isEmpty()) {
            throw new IllegalStateException(
                    "HistogramGrid: there must be a histogram, got none; add numbers or categories");
        }
        int rows = (charts.size() + PER_ROW - 1) / PER_ROW;
        int columns = Math.min(PER_ROW, charts.size());
        BufferedImage grid = new BufferedImage(columns * WIDTH, rows * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = grid.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, grid.getWidth(), grid.getHeight());
            for (int i = 0; i < charts.size(); i++) {
                graphics.drawImage(ChartStyle.draw(charts.get(i)), i % PER_ROW * WIDTH, i / PER_ROW * HEIGHT, null);
            }
        } finally {
            graphics.dispose();
        }
        return grid;
    }
}
