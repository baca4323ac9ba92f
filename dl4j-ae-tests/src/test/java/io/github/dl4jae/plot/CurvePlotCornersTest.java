package io.github.dl4jae.plot;

import static io.github.dl4jae.plot.Pixels.BLUE;
import static io.github.dl4jae.plot.Pixels.ORANGE;
import static io.github.dl4jae.plot.Pixels.colored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void errorBars_reachFromMeanMinusDeviationToMeanPlusDeviation(boolean logarithmic) {
        double[] x = {1, 2, 3};
        double[] y = {1, 4, 10};
        BufferedImage none = draw(x, y, new double[3], logarithmic);
        BufferedImage some = draw(x, y, new double[] {0, 1, 0}, logarithmic);
        BufferedImage longer = draw(x, y, new double[] {0, 2.9, 0}, logarithmic);

        assertThat(colored(some, BLUE)).isGreaterThan(colored(none, BLUE) + 20);
        assertThat(colored(longer, BLUE)).isGreaterThan(colored(some, BLUE) + 20);
    }

    private static BufferedImage draw(double[] x, double[] y, double[] deviations, boolean logarithmic) {
        CurvePlot plot = new CurvePlot("t", "x", "y").curve("a", x, y, deviations);
        return (logarithmic ? plot.logarithmic() : plot).draw();
    }

    @Test
    void errorBar_thatWouldReachZero_isCutOnALogarithmicAxis() {
        double[] one = {1, 2};
        BufferedImage longest = draw(one, new double[] {1, 10}, new double[] {0, 9}, true);
        BufferedImage cut = draw(one, new double[] {1, 10}, new double[] {0, 50}, true);

        assertThat(pixels(cut)).isEqualTo(pixels(longest));
    }

    @ParameterizedTest
    @CsvSource({"3, false", "9, true"})
    void legend_isBesideThePlot_whereItIsTooWideBelow(int curves, boolean beside) {
        CurvePlot plot = new CurvePlot("t", "x", "y").curve("curve 0", new double[] {0}, new double[] {1});
        for (int i = 1; i < curves; i++) {
            plot.curve("curve " + i, new double[] {0, 1}, new double[] {1, i});
        }
        BufferedImage picture = plot.draw();
        int right = picture.getWidth() * 3 / 4; // only the sign of curve 0 can be there

        assertThat(colored(picture.getSubimage(right, 0, picture.getWidth() - right, picture.getHeight()), BLUE) > 0)
                .isEqualTo(beside);
    }

    private static int[] pixels(BufferedImage picture) {
        return picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    }

    @Test
    void deviationsThatDoNotFit_areRefused() {
        CurvePlot plot = new CurvePlot("t", "x", "y");
        double[] two = {1, 2};

        assertThatThrownBy(() -> plot.curve("a", two, two, new double[] {1}))
                .hasMessageContaining(
                        "curve 'a' must have a deviation of at least 0 for each of its 2 values, got [1.0]");
        assertThatThrownBy(() -> plot.curve("a", two, two, new double[] {1, -1}))
                .hasMessageContaining("[1.0, -1.0]");
    }
}
