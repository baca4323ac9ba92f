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
        assertThat(picture.getHeight()).isEqualTo(2 * 220);
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
