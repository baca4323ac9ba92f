package io.github.dl4jae.plot;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/** A chart of series in the plane, with a legend beside or below the plot. */
final class PlaneChart {

    private static final int X_LABEL = 60;
    private static final int Y_LABEL = 40;
    /** The width of a character in a legend, and of the sign and the gaps beside a name. */
    private static final int CHARACTER = 7;

    private static final int SIGN = 55;

    private final String title;
    private final String xAxis;
    private final String yAxis;
    private final int width;
    private final int height;
    private final List<Series> series = new ArrayList<>();
    private int markerSize = 5;
    private boolean countsOnX;
    private boolean logarithmic;
    private boolean legendBeside;

    private static final class Series {
        private final String name;
        private final double[] x;
        private final double[] y;
        private final double @Nullable [] bars;
        private final Consumer<XYSeries> style;

        Series(String name, double[] x, double[] y, double @Nullable [] bars, Consumer<XYSeries> style) {
            this.name = name;
            this.x = x;
            this.y = y;
            this.bars = bars;
            this.style = style;
        }

        /** Returns the values with the ends of their error bars. */
        DoubleStream heights() {
            if (bars == null) {
                return Arrays.stream(y);
            }
            return IntStream.range(0, y.length)
                    .mapToObj(i -> new double[] {y[i] - bars[i], y[i] + bars[i]})
                    .flatMapToDouble(Arrays::stream);
        }
    }

    PlaneChart(String title, String xAxis, String yAxis, int width, int height) {
        this.title = title;
        this.xAxis = xAxis;
        this.yAxis = yAxis;
        this.width = width;
        this.height = height;
    }

    /** Sets the diameter of points in pixels. Default: 5. */
    PlaneChart markerSize(int pixels) {
        this.markerSize = pixels;
        return this;
    }

    /** Makes the ticks of the x axis integers. */
    PlaneChart countsOnX(boolean counts) {
        this.countsOnX = counts;
        return this;
    }

    PlaneChart logarithmic(boolean logarithmicY) {
        this.logarithmic = logarithmicY;
        return this;
    }

    /** Moves the legend to the right of the plot. Default: below it, where it fits. */
    PlaneChart legendBeside() {
        this.legendBeside = true;
        return this;
    }

    /** Adds a series of finite points; on a logarithmic axis, y is above 0. */
    void add(String name, double[] x, double[] y, Consumer<XYSeries> style) {
        add(name, x, y, null, style);
    }

    /** Adds a series with error bars of y ± bars; on a logarithmic axis, y − bars is above 0. */
    void add(String name, double[] x, double[] y, double @Nullable [] bars, Consumer<XYSeries> style) {
        series.add(new Series(name, x, y, bars, style));
    }

    BufferedImage draw() {
        return ChartStyle.withFonts(() -> ChartStyle.draw(chart()));
    }

    /** XChart cuts a legend that is too wide. */
    private boolean fitsBelow() {
        return series.stream()
                        .mapToInt(each -> SIGN + CHARACTER * each.name.length())
                        .sum()
                <= width;
    }

    private XYChart chart() {
        XYChart chart = ChartStyle.chart(title, xAxis, yAxis, width, height);
        chart.getStyler().setMarkerSize(markerSize);
        if (series.isEmpty()) {
            return chart;
        }
        if (legendBeside || !fitsBelow()) {
            chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
            chart.getStyler().setLegendLayout(Styler.LegendLayout.Vertical);
        }
        double[] across =
                series.stream().flatMapToDouble(each -> Arrays.stream(each.x)).toArray();
        Axis x = Axis.linear(across, width - 90, X_LABEL, countsOnX);
        double[] heights = series.stream().flatMapToDouble(Series::heights).toArray();
        Axis y = logarithmic ? Axis.logarithmic(heights) : Axis.linear(heights, height - 120, Y_LABEL, false);
        AxesChartStyler styler = chart.getStyler().setErrorBarsColorSeriesColor(true);
        styler.setXAxisMin(x.scaledLower()).setXAxisMax(x.scaledUpper());
        styler.setXAxisTickMarkSpacingHint(x.spacing()).setXAxisTickLabelsFormattingFunction(x::label);
        styler.setYAxisMin(y.scaledLower()).setYAxisMax(y.scaledUpper());
        styler.setYAxisLogarithmic(logarithmic).setYAxisTickLabelsFormattingFunction(y::label);
        if (logarithmic) {
            styler.setYAxisLogarithmicDecadeOnly(y.decadesOnly());
        } else {
            styler.setYAxisTickMarkSpacingHint(y.spacing());
        }
        series.forEach(each -> each.style.accept(chart.addSeries(
                each.name, x.scaled(each.x), y.scaled(each.y), each.bars == null ? null : y.scaled(each.bars))));
        return chart;
    }
}
