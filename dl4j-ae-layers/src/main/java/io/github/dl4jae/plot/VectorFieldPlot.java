package io.github.dl4jae.plot;

import io.github.dl4jae.internal.layer.Require;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A chart of a vector field as arrows in the plane, together with points such as training examples.
 *
 * <pre>{@code
 * BufferedImage field = new VectorFieldPlot("Score", "x1", "x2")
 *         .points("examples", examples)
 *         .arrows(grid, score.apply(grid))
 *         .draw();
 * }</pre>
 */
public final class VectorFieldPlot {

    private static final double HEAD = 0.35;
    private static final double HEAD_ANGLE = Math.toRadians(25);
    private static final Color ARROWS = new Color(0x30, 0x30, 0x60);

    private final PlaneChart chart;
    private int arrows;
    private int pointSets;

    /**
     * Creates an empty chart.
     *
     * @param title the title above the chart
     * @param xAxis the label of the x axis
     * @param yAxis the label of the y axis
     * @throws IllegalArgumentException if an argument is null
     */
    public VectorFieldPlot(String title, String xAxis, String yAxis) {
        Require.given("VectorFieldPlot", "title", title, "");
        Require.given("VectorFieldPlot", "xAxis", xAxis, "");
        Require.given("VectorFieldPlot", "yAxis", yAxis, "");
        this.chart = new PlaneChart(title, xAxis, yAxis, 720, 680);
    }

    /**
     * Adds points.
     *
     * @param name the name in the legend, unique in this chart
     * @param points {@code [N, 2]}
     * @return this
     * @throws IllegalArgumentException if the shape is another
     */
    public VectorFieldPlot points(String name, INDArray points) {
        requirePlane("points", points);
        double[] x = points.getColumn(0).toDoubleVector();
        double[] y = points.getColumn(1).toDoubleVector();
        Color color = ChartStyle.COLORS[pointSets++ % ChartStyle.COLORS.length];
        chart.add(name, x, y, series -> {
            series.setMarkerColor(color);
            series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
            series.setMarker(SeriesMarkers.CIRCLE);
        });
        return this;
    }

    /**
     * Adds arrows. The longest reaches the next point of a regular grid. The length of an arrow is proportional to the
     * square root of the length of its vector, to keep short arrows visible.
     *
     * @param from {@code [N, 2]}, the starting points
     * @param field {@code [N, 2]}, the vectors
     * @return this
     * @throws IllegalArgumentException if a shape is another, or there is not one vector per point
     */
    public VectorFieldPlot arrows(INDArray from, INDArray field) {
        requirePlane("from", from);
        requirePlane("field", field);
        Require.that(
                from.size(0) == field.size(0),
                "VectorFieldPlot",
                "there must be one direction per point",
                field.size(0) + " for " + from.size(0),
                "");
        double[] lengths = field.norm2(1).toDoubleVector();
        double longest = Math.sqrt(Arrays.stream(lengths).max().orElseThrow());
        double spacing = spacing(from);
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] > 0) {
                double scale = spacing * Math.sqrt(lengths[i]) / longest / lengths[i];
                arrow(
                        from.getDouble(i, 0),
                        from.getDouble(i, 1),
                        scale * field.getDouble(i, 0),
                        scale * field.getDouble(i, 1));
            }
        }
        return this;
    }

    /** Returns the side of a square whose area is the area per point. */
    private static double spacing(INDArray from) {
        double width = from.getColumn(0).maxNumber().doubleValue()
                - from.getColumn(0).minNumber().doubleValue();
        double height = from.getColumn(1).maxNumber().doubleValue()
                - from.getColumn(1).minNumber().doubleValue();
        double area = Math.max(width, 1e-9) * Math.max(height, 1e-9);
        return Math.sqrt(area / from.size(0));
    }

    /** Draws one line: to the tip, to one side of the head, to the tip again and to the other side. */
    private void arrow(double x, double y, double dx, double dy) {
        double tipX = x + dx;
        double tipY = y + dy;
        double[] left = turned(dx, dy, HEAD_ANGLE);
        double[] right = turned(dx, dy, -HEAD_ANGLE);
        chart.add(
                "arrow " + arrows++,
                new double[] {x, tipX, tipX - left[0], tipX, tipX - right[0]},
                new double[] {y, tipY, tipY - left[1], tipY, tipY - right[1]},
                VectorFieldPlot::asArrow);
    }

    private static void asArrow(XYSeries series) {
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(ARROWS);
        series.setLineStyle(new BasicStroke(1));
        series.setShowInLegend(false);
    }

    private static double[] turned(double dx, double dy, double angle) {
        double cos = HEAD * Math.cos(angle);
        double sin = HEAD * Math.sin(angle);
        return new double[] {cos * dx - sin * dy, sin * dx + cos * dy};
    }

    private static void requirePlane(String what, INDArray array) {
        Require.that(
                array.rank() == 2 && array.size(1) == 2,
                "VectorFieldPlot",
                what + " must be [N, 2]",
                Arrays.toString(array.shape()),
                "select two columns");
    }

    /**
     * Draws the chart.
     *
     * @return an RGB image
     * @throws IllegalStateException if the machine has no font
     */
    public BufferedImage draw() {
        return chart.draw();
    }
}
