package io.github.dl4jae.plot;

import static io.github.dl4jae.plot.Pixels.BLUE;
import static io.github.dl4jae.plot.Pixels.ORANGE;
import static io.github.dl4jae.plot.Pixels.colored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.GraphicsEnvironment;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PlotTest {

    private static final INDArray TWO = Nd4j.createFromArray(new float[][] {{0, 1, 0.5f, 2}, {-1, Float.NaN, 0, 0.2f}});

    private static int gray(int level) {
        return 0xff000000 | level << 16 | level << 8 | level;
    }

    @Test
    void grid_onTheCommonScale_drawsBlackAsZeroAndWhiteAsOne() {
        BufferedImage picture = ImageGrid.of(2, 2).scale(1).row(TWO).draw();

        assertThat(picture.getWidth()).isEqualTo(2 + 2 + 2 + 2 + 2);
        assertThat(picture.getHeight()).isEqualTo(2 + 2 + 2);
        assertThat(picture.getRGB(2, 2)).isEqualTo(gray(0));
        assertThat(picture.getRGB(3, 2)).isEqualTo(gray(255));
        assertThat(picture.getRGB(2, 3)).isEqualTo(gray(128));
        assertThat(picture.getRGB(3, 3)).isEqualTo(gray(255)); // 2 is clipped
        assertThat(picture.getRGB(6, 2)).isEqualTo(gray(0)); // −1 is clipped
        assertThat(picture.getRGB(7, 2)).isEqualTo(0xffff0000); // NaN is red
    }

    @Test
    void grid_onItsOwnScale_drawsZeroInTheMiddle() {
        INDArray weights = Nd4j.createFromArray(new float[][] {{-4, 0, 2, 4}});

        BufferedImage picture =
                ImageGrid.of(2, 2).scale(1).eachOnItsOwnScale().images(weights).draw();

        assertThat(picture.getRGB(2, 2)).isEqualTo(gray(0));
        assertThat(picture.getRGB(3, 2)).isEqualTo(gray(128));
        assertThat(picture.getRGB(2, 3)).isEqualTo(gray(191));
        assertThat(picture.getRGB(3, 3)).isEqualTo(gray(255));
    }

    @Test
    void grid_withLabels_hasThemAtTheLeftOfTheirRows() {
        INDArray black = Nd4j.zeros(3, 28 * 28);
        BufferedImage plain = ImageGrid.of(28, 28).row(black).row(black).draw();

        BufferedImage labeled =
                ImageGrid.of(28, 28).row("original", black).row(black).draw();

        assertThat(labeled.getHeight()).isEqualTo(plain.getHeight());
        int margin = labeled.getWidth() - plain.getWidth();
        assertThat(margin).isBetween(40, 120);
        assertThat(colored(labeled.getSubimage(0, 0, margin, 58), gray(255))).isGreaterThan(10);
        assertThat(colored(labeled.getSubimage(0, 58, margin, 58), gray(255))).isZero();
        assertThat(labeled.getRGB(margin + 2, 2)).isEqualTo(gray(0));
    }

    @Test
    void grid_withALongerLabel_isWider() {
        INDArray black = Nd4j.zeros(2, 4);
        int shorter = ImageGrid.of(2, 2).row("a", black).draw().getWidth();
        int longer = ImageGrid.of(2, 2).row("a longer label", black).draw().getWidth();
        assertThat(longer).isGreaterThan(shorter + 40);
    }

    @Test
    void grid_ofImagesWithAChannel_isLaidOutInColumns() {
        BufferedImage picture = ImageGrid.of(3, 4)
                .scale(2)
                .columns(2)
                .images(Nd4j.ones(5, 1, 3, 4))
                .draw();

        assertThat(picture.getWidth()).isEqualTo(2 + 2 * (8 + 2));
        assertThat(picture.getHeight()).isEqualTo(2 + 3 * (6 + 2));
    }

    @Test
    void grid_wrongArguments_areRefused() {
        assertThatThrownBy(() -> ImageGrid.of(2, 3).images(TWO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("images must be [N, 6] or [N, 1, 2, 3], got [2, 4]");
        assertThatThrownBy(() -> ImageGrid.of(2, 2).row(TWO).row(TWO.getRow(0, true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("every row must have 2 images, got one with 1");
        assertThatThrownBy(() -> ImageGrid.of(0, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 0 and 2");
        assertThatThrownBy(() -> ImageGrid.of(2, 2).draw())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("there must be an image");
        assertThatThrownBy(() -> ImageGrid.of(2, 2).scale(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scale must be at least 1, got 0");
    }

    @Test
    void curves_areDrawnInTheirColors_alsoWithGaps() {
        assertThat(GraphicsEnvironment.isHeadless()).isTrue();

        BufferedImage chart = new CurvePlot("t", "x", "y")
                .curve("a", new double[] {3, Double.NaN, 1})
                .curve("b", new double[] {1, 2, 4}, new double[] {1, 10, 100})
                .logarithmic()
                .draw();

        assertThat(colored(chart, BLUE)).isGreaterThan(50);
        assertThat(colored(chart, ORANGE)).isGreaterThan(50);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 1e-6", "1, 1e6", "2, 1e-6", "2, 1e6", "200, 1e-6", "200, 1e6"})
    void curve_ofAnyLengthAndSize_isDrawnAboveItsLegend(int epochs, double size) {
        double[] values =
                IntStream.range(0, epochs).mapToDouble(i -> size * (1 + i)).toArray();

        BufferedImage chart =
                new CurvePlot("t", "epoch", "y").curve("a", values).draw();

        BufferedImage plot = chart.getSubimage(0, 0, chart.getWidth(), 380);
        BufferedImage legend = chart.getSubimage(0, 400, chart.getWidth(), chart.getHeight() - 400);
        assertThat(colored(plot, BLUE)).isGreaterThan(10);
        assertThat(colored(legend, BLUE)).isBetween(5L, 200L);
    }

    /** The arrows do not use up the colors of points. */
    @Test
    void points_beforeAndAfterArrows_haveTheFirstColors() {
        INDArray from = Nd4j.createFromArray(new float[][] {{0, 0}, {1, 0}, {0, 1}, {1, 1}});

        BufferedImage chart = new VectorFieldPlot("t", "x", "y")
                .arrows(from, from.add(1))
                .points("examples", from)
                .points("samples", from.add(0.5))
                .draw();

        assertThat(colored(chart, BLUE)).isGreaterThan(10);
        assertThat(colored(chart, ORANGE)).isGreaterThan(10);
    }

    @Test
    void points_areColoredByClass() {
        INDArray points = Nd4j.createFromArray(new float[][] {{0, 0}, {1, 1}, {0, 1}});

        BufferedImage chart = new ScatterPlot("t", "x", "y")
                .points(points, new int[] {3, 7, 3})
                .draw();

        assertThat(colored(chart, BLUE)).isGreaterThan(20);
        assertThat(colored(chart, ORANGE)).isGreaterThan(10);
    }

    @Test
    void arrows_reachNoFurtherThanTheNextPoint() {
        INDArray from = Nd4j.createFromArray(new float[][] {{0, 0}, {1, 0}, {0, 1}, {1, 1}});
        INDArray field = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 4}, {0, 0}, {-9, 0}});

        BufferedImage chart = new VectorFieldPlot("t", "x", "y")
                .points("examples", from)
                .arrows(from, field)
                .arrows(from.add(2), field)
                .draw();

        assertThat(colored(chart, 0xff303060)).isGreaterThan(100);
        assertThat(colored(chart, BLUE)).isGreaterThan(10);
    }

    @Test
    void charts_wrongArguments_areRefused() {
        assertThatThrownBy(() -> new VectorFieldPlot("t", "x", "y").points("a", TWO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("points must be [N, 2], got [2, 4]");
        assertThatThrownBy(() -> new VectorFieldPlot("t", "x", "y").arrows(Nd4j.ones(2, 2), Nd4j.ones(1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one direction per point, got 1 for 2");
        assertThatThrownBy(() -> new CurvePlot("t", "x", "y").curve("a", new double[] {1}, new double[] {1, 2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("curve 'a' must have as many x as y, got 1 and 2");
        assertThatThrownBy(() -> new CurvePlot("t", "x", "y").curve("a", new double[] {Double.NaN}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none among 1");
        assertThatThrownBy(() -> new ScatterPlot("t", "x", "y").points(TWO, new int[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("points must be [N, 2] with N labels, got [2, 4]");
    }

    @Test
    void png_isWrittenAndReadBack(@TempDir Path folder) throws IOException {
        BufferedImage picture = ImageGrid.of(2, 2).row(TWO).draw();

        Path file = PngFile.write(picture, folder.resolve("deep/er/grid.png"));

        BufferedImage read = ImageIO.read(file.toFile());
        assertThat(read.getRGB(2, 2)).isEqualTo(picture.getRGB(2, 2));
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**.part");
        assertThat(PngFile.write(picture, file)).isEqualTo(file);
    }
}
