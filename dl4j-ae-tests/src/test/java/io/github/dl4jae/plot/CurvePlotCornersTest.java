package io.github.dl4jae.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Values at which a logarithm is not finite. */
class CurvePlotCornersTest {

    private static final int BLUE = 0xff1f77b4;
    private static final int ORANGE = 0xffff7f0e;

    private static long colored(BufferedImage picture, int rgb) {
        return IntStream.range(0, picture.getWidth() * picture.getHeight())
                .filter(i -> picture.getRGB(i % picture.getWidth(), i / picture.getWidth()) == rgb)
                .count();
    }

    @Test
    void zeros_onALogarithmicAxis_areLeftOut() {
        double[] values = {3, 0, 1, -2, 10};
        BufferedImage first = new CurvePlot("t", "x", "y")
                .logarithmic()
                .curve("a", values)
                .curve("b", new double[] {1, 2, 3}, new double[] {0, 5, 50})
                .draw();
        BufferedImage last = new CurvePlot("t", "x", "y")
                .curve("a", values)
                .curve("b", new double[] {1, 2, 3}, new double[] {0, 5, 50})
                .logarithmic()
                .draw();

        for (BufferedImage picture : new BufferedImage[] {first, last}) {
            assertThat(colored(picture, BLUE)).isGreaterThan(50);
            assertThat(colored(picture, ORANGE)).isGreaterThan(50);
        }
    }

    @Test
    void curve_thatIsNeverAboveZero_isRefusedOnALogarithmicAxis() {
        CurvePlot plot = new CurvePlot("t", "x", "y").curve("a", new double[] {0, -1, 0});

        assertThat(colored(plot.draw(), BLUE)).isGreaterThan(50);
        plot.logarithmic();
        assertThatThrownBy(plot::draw)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("on a logarithmic axis curve 'a' must have a value above 0, got none");
    }
}
