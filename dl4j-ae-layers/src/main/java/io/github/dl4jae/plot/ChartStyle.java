package io.github.dl4jae.plot;

import java.awt.Color;
import java.awt.image.BufferedImage;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;

/** The common style of all charts. */
final class ChartStyle {

    /** Ten colors that can be told apart on white, also with most kinds of color blindness. */
    static final Color[] COLORS = {
        new Color(0x1f77b4), new Color(0xff7f0e), new Color(0x2ca02c), new Color(0xd62728), new Color(0x9467bd),
        new Color(0x8c564b), new Color(0xe377c2), new Color(0x7f7f7f), new Color(0xbcbd22), new Color(0x17becf)
    };

    private ChartStyle() {}

    static XYChart chart(String title, String xAxis, String yAxis, int width, int height) {
        XYChart chart = new XYChartBuilder()
                .width(width)
                .height(height)
                .title(title)
                .xAxisTitle(xAxis)
                .yAxisTitle(yAxis)
                .build();
        chart.getStyler().setSeriesColors(COLORS);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
        chart.getStyler().setPlotBorderVisible(false);
        return chart;
    }

    /** Draws a chart. Replaces the JDK's obscure errors on a machine without fonts. */
    static BufferedImage draw(Chart<?, ?> chart) {
        try {
            return BitmapEncoder.getBufferedImage(chart);
        } catch (LinkageError | InternalError | NullPointerException e) {
            throw noFonts(e);
        } catch (RuntimeException e) {
            throw String.valueOf(e.getMessage()).contains("Fontconfig") ? noFonts(e) : e;
        }
    }

    private static IllegalStateException noFonts(Throwable cause) {
        return new IllegalStateException(
                "plot: charts need a font, got none from Java on this machine; install fontconfig and a font package"
                        + " (on Debian: fonts-dejavu-core)",
                cause);
    }
}
