package io.github.dl4jae.plot;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * <p>Points that are not finite are left out; on a logarithmic axis also those that are not above 0.
 */
public final class CurvePlot {

    private final String title;
    private final String xAxis;
    private final String yAxis;
    private final List<Curve> curves = new ArrayList<>();
    private boolean logarithmic;

    private static final class Curve {
        private final String name;
        private final double[] x;
        private final double[] y;

        Curve(String name, double[] x, double[] y) {
            this.name = name;
            this.x = x;
            this.y = y;
        }
    }

    /**
     * An empty chart.
     *
     * @param title above it
     * @param xAxis what x is, with its unit
     * @param yAxis what y is, with its unit
     */
    public CurvePlot(String title, String xAxis, String yAxis) {
        this.title = title;
        this.xAxis = xAxis;
        this.yAxis = yAxis;
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
        if (IntStream.range(0, x.length).noneMatch(i -> Double.isFinite(x[i]) && Double.isFinite(y[i]))) {
            throw new IllegalArgumentException("CurvePlot: curve '" + name + "' must have a finite point, got "
                    + (y.length == 0 ? "no points" : "none among " + y.length) + "; check the values for NaN");
        }
        curves.add(new Curve(name, x.clone(), y.clone()));
        return this;
    }

    /**
     * Makes the y axis logarithmic.
     *
     * @return this
     */
    public CurvePlot logarithmic() {
        this.logarithmic = true;
        return this;
    }

    /**
     * Draws the chart.
     *
     * @return an RGB picture
     * @throws IllegalArgumentException if the axis is logarithmic and a curve has no point above 0
     * @throws IllegalStateException if the machine has no font
     */
    public BufferedImage draw() {
        XYChart chart = ChartStyle.chart(title, xAxis, yAxis, 720, 420);
        chart.getStyler().setYAxisLogarithmic(logarithmic);
        curves.forEach(curve -> addTo(chart, curve));
        return ChartStyle.draw(chart);
    }

    private void addTo(XYChart chart, Curve curve) {
        int[] shown = IntStream.range(0, curve.x.length)
                .filter(i -> Double.isFinite(curve.x[i]) && Double.isFinite(curve.y[i]))
                .filter(i -> !logarithmic || curve.y[i] > 0)
                .toArray();
        if (shown.length == 0) {
            throw new IllegalArgumentException("CurvePlot: on a logarithmic axis curve '" + curve.name
                    + "' must have a value above 0, got none; leave logarithmic() out");
        }
        chart.addSeries(
                        curve.name,
                        Arrays.stream(shown).mapToDouble(i -> curve.x[i]).toArray(),
                        Arrays.stream(shown).mapToDouble(i -> curve.y[i]).toArray())
                .setMarker(shown.length > 40 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
    }
}
