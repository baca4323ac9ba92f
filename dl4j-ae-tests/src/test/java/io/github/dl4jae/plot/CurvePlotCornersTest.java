package io.github.dl4jae.plot;

import static io.github.dl4jae.plot.Pixels.BLUE;
import static io.github.dl4jae.plot.Pixels.ORANGE;
import static io.github.dl4jae.plot.Pixels.colored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

/** Values at which a logarithm is not finite. */
class CurvePlotCornersTest {

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
