package io.github.dl4jae.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistogramGridTest {

    private static final double[] NUMBERS = {1, 2, 2, 3, Double.NaN};

    @Test
    void grid_hasThreeChartsPerRow() {
        HistogramGrid grid = new HistogramGrid("real", "generated").numbers("a", NUMBERS, new double[] {-50, 99});
        assertThat(grid.draw().getWidth()).isEqualTo(320);
        grid.categories("b", List.of(List.of("x", "y", "x"), List.of("z")))
                .numbers("c", new double[] {5, 5}, new double[] {5})
                .categories("d", List.of(many(40), many(3)));
        BufferedImage picture = grid.draw();
        assertThat(picture.getWidth()).isEqualTo(3 * 320);
        assertThat(picture.getHeight()).isEqualTo(30 + 2 * 220);
    }

    private static List<String> many(int count) {
        return IntStream.range(0, count).mapToObj(i -> "level " + i).toList();
    }

    /** The bars of two samples that differ only in their shares have other heights. */
    @Test
    void bars_showTheShares() {
        BufferedImage even = new HistogramGrid("s")
                .categories("c", List.of(List.of("x", "y")))
                .draw();
        BufferedImage uneven = new HistogramGrid("s")
                .categories("c", List.of(List.of("x", "y", "y", "y")))
                .draw();
        assertThat(blue(even)).isNotEqualTo(blue(uneven));
    }

    private static long blue(BufferedImage picture) {
        int color = ChartStyle.COLORS[0].getRGB();
        return IntStream.range(0, picture.getWidth() * picture.getHeight())
                .filter(i -> picture.getRGB(i % picture.getWidth(), i / picture.getWidth()) == color)
                .count();
    }

    /** The names of the samples are beside boxes of 12×12 pixels above the histograms, which all have the same room. */
    @Test
    void legend_isAboveAllHistograms() {
        BufferedImage picture = new HistogramGrid("real", "generated")
                .categories("c", List.of(List.of("x", "y"), List.of("x", "y")))
                .categories("c", List.of(List.of("x", "y"), List.of("x", "y")))
                .draw();
        BufferedImage legend = picture.getSubimage(0, 0, picture.getWidth(), 30);
        assertThat(blue(legend)).isEqualTo(12 * 12);
        assertThat(Pixels.colored(legend, Pixels.ORANGE)).isEqualTo(12 * 12);
        BufferedImage first = picture.getSubimage(0, 30, 320, 220);
        BufferedImage second = picture.getSubimage(320, 30, 320, 220);
        assertThat(blue(first)).isEqualTo(blue(second)).isPositive();
    }

    /** Integers have an interval each, so twice as many ones as twos give bars with heights of 2:1. */
    @Test
    void integers_haveABarEach() {
        BufferedImage picture = new HistogramGrid("s")
                .numbers("c", new double[] {1, 1, 2, 3, 3})
                .draw();
        BufferedImage bars = picture.getSubimage(0, 30, 320, 190);
        long[] heights = IntStream.range(0, bars.getWidth())
                .mapToLong(x -> blue(bars.getSubimage(x, 0, 1, bars.getHeight())))
                .filter(height -> height > 0)
                .distinct()
                .sorted()
                .toArray();
        assertThat(heights[heights.length - 1] / (double) heights[0]).isBetween(1.9, 2.1);
    }

    @Test
    void extremeColumns_areDrawn() {
        HistogramGrid grid = new HistogramGrid("s")
                .numbers("tiny", new double[] {1e-6, 2e-6, 7e-6})
                .numbers("large", new double[] {-4e9, 1e9})
                .numbers("constant", new double[] {0.3, 0.3})
                .numbers("zero", new double[] {0})
                .categories("empty", List.of(List.of("", "")))
                .categories("long", List.of(List.of("a long name of a category 1", "a long name of a category 2")));
        assertThat(blue(grid.draw())).isGreaterThan(6 * 100);
    }

    /** XChart leaves out a turned label that reaches beyond the left end of the picture. */
    @Test
    void wideCategories_areShortenedToTheRoomOfTheFirst() {
        List<String> wide = List.of("W".repeat(40), "a", "b", "c", "d", "e", "f", "g");
        BufferedImage picture =
                new HistogramGrid("s").categories("c", List.of(wide)).draw();
        BufferedImage corner = picture.getSubimage(0, 30 + 170, 60, 50);
        assertThat(Pixels.colored(corner, 0xffffffff)).isLessThan(60 * 50 - 50);
    }

    @Test
    void wrongSamples_areRefused() {
        assertThatThrownBy(HistogramGrid::new)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("samples must have names, got none");
        HistogramGrid grid = new HistogramGrid("real", "generated");
        assertThatThrownBy(() -> grid.numbers("a", NUMBERS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a' must have values of 2 samples, got 1 samples, or an empty one");
        assertThatThrownBy(() -> grid.numbers("a", NUMBERS, new double[] {Double.NaN}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a' must have values of 2 samples");
        assertThatThrownBy(() -> grid.categories("b", List.of(List.of("x"), List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'b' must have values of 2 samples");
        assertThatThrownBy(grid::draw)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("there must be a histogram, got none");
    }
}
