package io.github.dl4jae.plot;

import io.github.dl4jae.internal.layer.Require;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A chart of curves over a common axis, such as losses or a comparison of methods.
 *
 * <pre>{@code
 * BufferedImage chart = new CurvePlot("Training", "epoch", "squared error per image")
 *         .curve("train", trainLosses)
 *         .curve("validation", validationLosses)
 *         .draw();
 * }</pre>
 *
 * <p>The chart omits points that are not finite and, on a logarithmic axis, points that are not above 0. If all x are
 * integers, such as epochs, so are the ticks of the x axis.
 */
public final class CurvePlot {

    /** The greatest deviation shown on a logarithmic axis, relative to the value. */
    private static final double LONGEST_BAR = 0.9;

    private final String title;
    private final String xAxis;
    private final String yAxis;
    private final List<Curve> curves = new ArrayList<>();
    private boolean logarithmic;

    private static final class Curve {
        private final String name;
        private final double[] x;
        private final double[] y;
        private final double @Nullable [] deviations;

        Curve(String name, double[] x, double[] y, double @Nullable [] deviations) {
            this.name = name;
            this.x = x;
            this.y = y;
            this.deviations = deviations;
        }

        /** Returns half the lengths of the error bars of some points; null without error bars. */
        double @Nullable [] bars(int[] shown, boolean logarithmic) {
            return deviations == null
                    ? null
                    : Arrays.stream(shown)
                            .mapToDouble(i -> logarithmic ? Math.min(deviations[i], LONGEST_BAR * y[i]) : deviations[i])
                            .toArray();
        }
    }

    /**
     * Creates an empty chart.
     *
     * @param title the title above the chart
     * @param xAxis the label of the x axis, with its unit
     * @param yAxis the label of the y axis, with its unit
     * @throws IllegalArgumentException if an argument is null
     */
    public CurvePlot(String title, String xAxis, String yAxis) {
        this.title = Require.given("CurvePlot", "title", title, "");
        this.xAxis = Require.given("CurvePlot", "xAxis", xAxis, "");
        this.yAxis = Require.given("CurvePlot", "yAxis", yAxis, "");
    }

    /**
     * Adds a curve over 1, 2, 3, ….
     *
     * @param name the name in the legend, unique in this chart
     * @param y the values
     * @return this
     * @throws IllegalArgumentException if no value is finite
     */
    public CurvePlot curve(String name, double[] y) {
        return curve(name, IntStream.rangeClosed(1, y.length).asDoubleStream().toArray(), y);
    }

    /**
     * Adds a curve.
     *
     * @param name the name in the legend, unique in this chart
     * @param x the x coordinates
     * @param y the values
     * @return this
     * @throws IllegalArgumentException if the lengths differ or no point is finite
     */
    public CurvePlot curve(String name, double[] x, double[] y) {
        return add(name, x, y, null);
    }

    private CurvePlot add(String name, double[] x, double[] y, double @Nullable [] deviations) {
        Require.that(
                x.length == y.length,
                "CurvePlot",
                "curve '" + name + "' must have as many x as y",
                x.length + " and " + y.length,
                "");
        Require.that(
                IntStream.range(0, x.length).anyMatch(i -> Double.isFinite(x[i]) && Double.isFinite(y[i])),
                "CurvePlot",
                "curve '" + name + "' must have a finite point",
                y.length == 0 ? "no points" : "none among " + y.length,
                "check the values for NaN");
        curves.add(new Curve(name, x.clone(), y.clone(), deviations));
        return this;
    }

    /**
     * Adds a curve with error bars from y − deviation to y + deviation. On a logarithmic axis, the deviation is shown
     * as at most 0.9·y.
     *
     * @param name the name in the legend, unique in this chart
     * @param x the x coordinates
     * @param y the values, such as means over trainings
     * @param deviations half the lengths of the bars, such as standard deviations; at least 0
     * @return this
     * @throws IllegalArgumentException if the lengths differ, no point is finite, or a deviation is negative or not
     *     finite
     */
    public CurvePlot curve(String name, double[] x, double[] y, double[] deviations) {
        Require.that(
                deviations.length == y.length && Arrays.stream(deviations).allMatch(d -> d >= 0 && Double.isFinite(d)),
                "CurvePlot",
                "curve '" + name + "' must have a deviation of at least 0 for each of its " + y.length + " values",
                Arrays.toString(deviations),
                "use 0 where there is none");
        return add(name, x, y, deviations.clone());
    }

    /**
     * Makes the y axis logarithmic. Default: linear.
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
     * @return an RGB image
     * @throws IllegalArgumentException if the axis is logarithmic and a curve has no point above 0
     * @throws IllegalStateException if the machine has no font
     */
    public BufferedImage draw() {
        boolean counts = curves.stream()
                .flatMapToDouble(curve -> Arrays.stream(curve.x))
                .filter(Double::isFinite)
                .allMatch(x -> x == Math.rint(x));
        PlaneChart chart = new PlaneChart(title, xAxis, yAxis, 720, 450)
                .markerSize(7)
                .countsOnX(counts)
                .logarithmic(logarithmic);
        curves.forEach(curve -> addTo(chart, curve));
        return chart.draw();
    }

    private void addTo(PlaneChart chart, Curve curve) {
        int[] shown = IntStream.range(0, curve.x.length)
                .filter(i -> Double.isFinite(curve.x[i]) && Double.isFinite(curve.y[i]))
                .filter(i -> !logarithmic || curve.y[i] > 0)
                .toArray();
        Require.that(
                shown.length > 0,
                "CurvePlot",
                "on a logarithmic axis curve '" + curve.name + "' must have a value above 0",
                "none",
                "leave logarithmic() out");
        chart.add(
                curve.name,
                Arrays.stream(shown).mapToDouble(i -> curve.x[i]).toArray(),
                Arrays.stream(shown).mapToDouble(i -> curve.y[i]).toArray(),
                curve.bars(shown, logarithmic),
                series -> series.setMarker(shown.length > 40 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE));
    }
}
