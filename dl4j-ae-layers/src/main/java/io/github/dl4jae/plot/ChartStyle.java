package io.github.dl4jae.plot;

import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import java.util.function.Supplier;
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
        apply(chart.getStyler());
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
        return chart;
    }

    static void apply(Styler styler) {
        styler.setSeriesColors(COLORS);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotContentSize(1);
    }

    static BufferedImage draw(Chart<?, ?> chart) {
        return BitmapEncoder.getBufferedImage(chart);
    }

    static Font font(int size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, size);
    }

    /** Returns the width of a text in pixels, rounded up. */
    static int width(String text, Font font) {
        return (int) Math.ceil(font.getStringBounds(text, new FontRenderContext(null, true, false))
                .getWidth());
    }

    /** Makes a picture with text. Replaces the JDK's obscure errors on a machine without fonts. */
    static <T> T withFonts(Supplier<T> picture) {
        try {
            return picture.get();
        } catch (LinkageError | InternalError | NullPointerException e) {
            throw noFonts(e);
        } catch (RuntimeException e) {
            throw String.valueOf(e.getMessage()).contains("Fontconfig") ? noFonts(e) : e;
        }
    }

    private static IllegalStateException noFonts(Throwable cause) {
        return new IllegalStateException(
                "plot: text needs a font, got none from Java on this machine; install fontconfig and a font package"
                        + " (on Debian: fonts-dejavu-core)",
                cause);
    }
}
