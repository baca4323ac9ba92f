package io.github.dl4jae.plot;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Curves over a common axis: how a loss falls, how methods compare.
 *
 * <pre>{@code
 * BufferedImage chart = new CurvePlot("Training", "epoch", "squared error per image")
 *         .curve("train", trainLosses)
 *         .curve("validation", validationLosses)
 *         .draw();
 * }</pre>
 *
 * <p>Points that are not finite are left out.
 */
public final class CurvePlot {

    private final XYChart chart;

    /**
     * An empty chart.
     *
     * @param title above it
     * @param xAxis what x is, with its unit
     * @param yAxis what y is, with its unit
     */
    public CurvePlot(String title, String xAxis, String yAxis) {
        this.chart = ChartStyle.chart(title, xAxis, yAxis, 720, 420);
    }

    /**
     * Adds a curve over 1, 2, 3, ….
     *
     * @param name in the legend, unique in this chart
     * @param y the values
     * @return this
     */
    public CurvePlot curve(String name, double[] y) {
        return curve(name, IntStream.rangeClosed(1, y.length).asDoubleStream().toArray(), y);
    }

    /**
     * Adds a curve.
     *
     * @param name in the legend, unique in this chart
     * @param x where
     * @param y the values
     * @return this
     * @throws IllegalArgumentException if the lengths differ or no point is finite
     */
    public CurvePlot curve(String name, double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException("CurvePlot: curve '" + name + "' must have as many x as y, got "
                    + x.length + " and " + y.length + "; give one x for each y");
        }
        int[] finite = IntStream.range(0, x.length)
                .filter(i -> Double.isFinite(x[i]) && Double.isFinite(y[i]))
                .toArray();
        if (finite.length == 0) {
            throw new IllegalArgumentException("CurvePlot: curve '" + name + "' must have a finite point, got "
                    + (y.length == 0 ? "no points" : "none among " + y.length) + "; look for NaN in what it shows");
        }
        chart.addSeries(
                        name,
                        Arrays.stream(finite).mapToDouble(i -> x[i]).toArray(),
                        Arrays.stream(finite).mapToDouble(i -> y[i]).toArray())
                .setMarker(finite.length > 40 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
        return this;
    }

    /**
     * Makes the y axis logarithmic.
     *
     * @return this
     */
    public CurvePlot logarithmic() {
        chart.getStyler().setYAxisLogarithmic(true);
        return this;
    }

    /**
     * Draws the chart.
     *
     * @return an RGB picture
     * @throws IllegalStateException if the machine has no font
     */
    public BufferedImage draw() {
        return ChartStyle.draw(chart);
    }
}
