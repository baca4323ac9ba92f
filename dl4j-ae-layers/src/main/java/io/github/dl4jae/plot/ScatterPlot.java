package io.github.dl4jae.plot;

import io.github.dl4jae.internal.layer.Require;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A chart of points in the plane, colored by class, such as two-dimensional codes.
 *
 * <pre>{@code
 * BufferedImage map = new ScatterPlot("Codes", "code 1", "code 2").points(codes, labels).draw();
 * }</pre>
 */
public final class ScatterPlot {

    private final PlaneChart chart;

    /**
     * Creates an empty chart.
     *
     * @param title the title above the chart
     * @param xAxis the label of the x axis
     * @param yAxis the label of the y axis
     * @throws IllegalArgumentException if an argument is null
     */
    public ScatterPlot(String title, String xAxis, String yAxis) {
        Require.given("ScatterPlot", "title", title, "");
        Require.given("ScatterPlot", "xAxis", xAxis, "");
        Require.given("ScatterPlot", "yAxis", yAxis, "");
        this.chart = new PlaneChart(title, xAxis, yAxis, 720, 640).legendBeside();
    }

    /**
     * Adds points, with one color and one legend entry per class.
     *
     * @param points {@code [N, 2]}
     * @param labels the N classes
     * @return this
     * @throws IllegalArgumentException if the shape is another, or there is not one label per point
     */
    public ScatterPlot points(INDArray points, int[] labels) {
        Require.that(
                points.rank() == 2 && points.size(1) == 2 && points.size(0) == labels.length,
                "ScatterPlot",
                "points must be [N, 2] with N labels",
                Arrays.toString(points.shape()) + " and " + labels.length + " labels",
                "select two columns");
        double[] x = points.getColumn(0).toDoubleVector();
        double[] y = points.getColumn(1).toDoubleVector();
        for (int label : Arrays.stream(labels).distinct().sorted().toArray()) {
            int[] members = IntStream.range(0, labels.length)
                    .filter(i -> labels[i] == label)
                    .toArray();
            chart.add(
                    Integer.toString(label),
                    Arrays.stream(members).mapToDouble(i -> x[i]).toArray(),
                    Arrays.stream(members).mapToDouble(i -> y[i]).toArray(),
                    ScatterPlot::asPoints);
        }
        return this;
    }

    private static void asPoints(XYSeries series) {
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        series.setMarker(SeriesMarkers.CIRCLE);
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
