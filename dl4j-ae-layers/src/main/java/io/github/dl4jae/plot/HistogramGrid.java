package io.github.dl4jae.plot;

import io.github.dl4jae.internal.layer.Require;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.CategoryStyler;

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
 * <p>Bars are fractions of a sample in per cent. The names of the samples are above all histograms. Numbers fall into
 * about twelve intervals around multiples of 1, 2 or 5 times a power of ten, which the bars are labeled with; integers
 * have intervals of at least 1. The first sample determines the intervals; numbers of others beyond them fall into the
 * outer two. Of many categories the eight most frequent of the first sample are shown. Numbers that are not finite are
 * left out.
 */
public final class HistogramGrid {

    private static final int BINS = 12;
    private static final int MOST_BINS = 15;
    private static final int MOST_CATEGORIES = 8;
    private static final int PER_ROW = 3;
    private static final int WIDTH = 320;
    private static final int HEIGHT = 220;
    private static final int LEGEND = 30;
    private static final int BOX = 12;

    private final String[] samples;
    private final List<Histogram> histograms = new ArrayList<>();

    /** The bars of a column: their labels, and their heights by sample. */
    private record Histogram(String name, List<String> labels, boolean areCategories, List<double[]> shares) {}

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
        double step = step(finite[0]);
        long first = Math.round(Arrays.stream(finite[0]).min().orElseThrow() / step);
        long last = Math.round(Arrays.stream(finite[0]).max().orElseThrow() / step);
        int bins = (int) (last - first) + 1;
        List<double[]> shares = new ArrayList<>();
        for (double[] sample : finite) {
            double[] share = new double[bins];
            for (double value : sample) {
                share[(int) (Math.max(first, Math.min(last, Math.round(value / step))) - first)] +=
                        100.0 / sample.length;
            }
            shares.add(share);
        }
        Axis axis = Axis.linear(new double[] {first * step, last * step}, BarLabels.PLOT, BarLabels.PLOT / BINS, false);
        List<String> labels = IntStream.range(0, bins)
                .mapToObj(bin -> axis.label(axis.scaled(new double[] {(first + bin) * step})[0]))
                .toList();
        histograms.add(new Histogram(name, labels, false, shares));
        return this;
    }

    /** Returns the width of the intervals. */
    private static double step(double[] sample) {
        double least = Arrays.stream(sample).min().orElseThrow();
        double greatest = Arrays.stream(sample).max().orElseThrow();
        double magnitude = Math.max(Math.abs(least), Math.abs(greatest));
        if (greatest - least <= 1e-9 * magnitude) {
            return magnitude == 0 ? 1 : Axis.step(magnitude / 100);
        }
        double step = Axis.step((greatest - least) / MOST_BINS);
        boolean integers = Arrays.stream(sample).allMatch(value -> value == Math.rint(value));
        return integers ? Math.max(1, step) : step;
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
        List<double[]> shares = new ArrayList<>();
        for (List<String> sample : values) {
            Map<String, Long> counts = counts(sample);
            shares.add(shown.stream()
                    .mapToDouble(each -> 100.0 * counts.getOrDefault(each, 0L) / sample.size())
                    .toArray());
        }
        histograms.add(new Histogram(name, shown, true, shares));
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

    private CategoryChart chart(Histogram histogram) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(histogram.name)
                .yAxisTitle("% of rows")
                .build();
        CategoryStyler styler = chart.getStyler();
        ChartStyle.apply(styler);
        styler.setAxisTickLabelsFont(ChartStyle.font(11));
        styler.setPlotContentSize(0.96);
        styler.setLegendVisible(false);
        styler.setAvailableSpaceFill(0.9);
        styler.setXAxisTickMarkSpacingHint(1); // a label for each bar: those without are blank
        double highest =
                histogram.shares.stream().flatMapToDouble(Arrays::stream).max().orElseThrow();
        Axis percent = Axis.linear(new double[] {0, Math.max(highest, 1e-6)}, HEIGHT - 90, 30, false);
        styler.setYAxisMin(0.0).setYAxisMax(percent.scaledUpper());
        styler.setYAxisTickMarkSpacingHint(percent.spacing()).setYAxisTickLabelsFormattingFunction(percent::label);
        List<String> labels = histogram.areCategories
                ? BarLabels.ofCategories(histogram.labels, styler)
                : BarLabels.ofNumbers(histogram.labels, styler);
        for (int s = 0; s < samples.length; s++) {
            chart.addSeries(
                    samples[s],
                    labels,
                    Arrays.stream(percent.scaled(histogram.shares.get(s)))
                            .boxed()
                            .toList());
        }
        return chart;
    }

    /**
     * Draws the grid.
     *
     * @return an RGB image
     * @throws IllegalStateException if there is no histogram, or the machine has no font
     */
    public BufferedImage draw() {
        if (histograms.isEmpty()) {
            throw new IllegalStateException(
                    "HistogramGrid: there must be a histogram, got none; add numbers or categories");
        }
        return ChartStyle.withFonts(this::grid);
    }

    private BufferedImage grid() {
        int rows = (histograms.size() + PER_ROW - 1) / PER_ROW;
        int columns = Math.min(PER_ROW, histograms.size());
        BufferedImage grid = new BufferedImage(columns * WIDTH, LEGEND + rows * HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = grid.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, grid.getWidth(), grid.getHeight());
            drawLegend(graphics);
            for (int i = 0; i < histograms.size(); i++) {
                graphics.drawImage(
                        ChartStyle.draw(chart(histograms.get(i))),
                        i % PER_ROW * WIDTH,
                        LEGEND + i / PER_ROW * HEIGHT,
                        null);
            }
        } finally {
            graphics.dispose();
        }
        return grid;
    }

    private void drawLegend(Graphics2D graphics) {
        Font font = ChartStyle.font(13);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setFont(font);
        int x = BOX;
        for (int s = 0; s < samples.length; s++) {
            graphics.setColor(ChartStyle.COLORS[s % ChartStyle.COLORS.length]);
            graphics.fillRect(x, (LEGEND - BOX) / 2, BOX, BOX);
            graphics.setColor(Color.BLACK);
            graphics.drawString(samples[s], x + BOX + 6, (LEGEND + BOX) / 2 - 1);
            x += BOX + 6 + ChartStyle.width(samples[s], font) + 2 * BOX;
        }
    }
}
