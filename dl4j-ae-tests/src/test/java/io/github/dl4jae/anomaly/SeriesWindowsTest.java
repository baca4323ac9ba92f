package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SeriesWindowsTest {

    /** Means 3 and 7; variances 2 and 0. */
    private static final INDArray TRAIN = Nd4j.createFromArray(new double[][] {{1, 2, 3, 4, 5}, {7, 7, 7, 7, 7}});

    @Test
    void standardization_isFittedToTheTrainingPart_andAppliedToOthers() {
        SeriesWindows windows = SeriesWindows.fit(TRAIN, 2, 1);
        INDArray other = Nd4j.createFromArray(new double[][] {{3, 13}, {7, 9}});

        assertThat(windows.mean()).containsExactly(3, 7);
        assertThat(windows.deviation()).containsExactly(new double[] {Math.sqrt(2), 1}, within(1e-12));
        INDArray x = windows.of(other);
        assertThat(x.dataType()).isEqualTo(DataType.FLOAT);
        assertThat(x.shape()).containsExactly(1, 2, 2);
        assertThat(x.reshape(4).toDoubleVector())
                .containsExactly(new double[] {0, 10 / Math.sqrt(2), 0, 2}, within(1e-6));
    }

    @Test
    void windows_startAtMultiplesOfTheStride_andALastOneEndsAtTheEnd() {
        SeriesWindows windows = new SeriesWindows(4, 3, new double[] {0, 0}, new double[] {1, 1});
        INDArray series = Nd4j.arange(0, 18).castTo(DataType.FLOAT).reshape(2, 9);

        assertThat(windows.starts(9)).containsExactly(0, 3, 5);
        assertThat(windows.starts(10)).containsExactly(0, 3, 6);
        assertThat(windows.starts(4)).containsExactly(0);
        INDArray x = windows.of(series);
        assertThat(x.shape()).containsExactly(3, 2, 4);
        assertThat(x.slice(1).reshape(8).toFloatVector()).containsExactly(3, 4, 5, 6, 12, 13, 14, 15);
        assertThat(x.slice(2).reshape(8).toFloatVector()).containsExactly(5, 6, 7, 8, 14, 15, 16, 17);
    }

    @Test
    void errorsPerStep_areMeansOverTheWindowsThatCoverIt() {
        SeriesWindows windows = new SeriesWindows(3, 2, new double[] {0}, new double[] {1});
        INDArray errors = Nd4j.createFromArray(new double[][][] {{{1, 2, 3}}, {{10, 20, 30}}, {{100, 200, 300}}});

        assertThat(windows.perStep(errors, 6).toDoubleMatrix()[0])
                .containsExactly(1, 2, (3 + 10) / 2.0, (20 + 100) / 2.0, (30 + 200) / 2.0, 300);
    }

    @Test
    void windowsOfASeries_averagedPerStep_areTheSeries() {
        Nd4j.getRandom().setSeed(3);
        INDArray series = Nd4j.rand(DataType.FLOAT, 3, 29);
        SeriesWindows windows = new SeriesWindows(7, 5, new double[3], new double[] {1, 1, 1});

        assertThat(windows.perStep(windows.of(series), 29).castTo(DataType.FLOAT))
                .isEqualTo(series);
    }

    @Test
    void split_isInTheOrderOfTime_withoutCommonSteps() {
        INDArray series = Nd4j.arange(0, 20).castTo(DataType.FLOAT).reshape(2, 10);
        SeriesSplit parts = SeriesSplit.of(series, 0.5, 0.1, 0.2);

        assertThat(parts.train().shape()).containsExactly(2, 5);
        assertThat(parts.testFrom()).isEqualTo(8);
        assertThat(Nd4j.concat(1, parts.train(), parts.validation(), parts.calibration(), parts.test()))
                .isEqualTo(series);
        parts.train().assign(9);
        assertThat(series.getFloat(0, 0)).isZero();
    }

    @Test
    void missingValue_isRefusedWithItsPlace() {
        INDArray series = Nd4j.ones(DataType.FLOAT, 2, 9);
        series.putScalar(1, 4, Double.NaN);

        assertThatThrownBy(() -> SeriesWindows.fit(series, 3, 1))
                .hasMessage("SeriesWindows: series must be finite, got NaN in channel 1 at step 4; fill gaps, or cut"
                        + " the series there");
    }

    @Test
    void shortSeriesAndOtherChannels_areRefused() {
        SeriesWindows windows = SeriesWindows.fit(TRAIN, 4, 1);

        assertThatThrownBy(() -> windows.of(Nd4j.ones(2, 3)))
                .hasMessage("SeriesWindows: series must have at least the 4 steps of a window, got 3 (of shape [2, 3]);"
                        + " transpose a table [T, features], or take shorter windows");
        assertThatThrownBy(() -> windows.of(Nd4j.ones(3, 9)))
                .hasMessage("SeriesWindows: series must have the 2 channels of the training part, got 3; pass"
                        + " [features, T]; transpose a table");
        assertThatThrownBy(() -> windows.perStep(Nd4j.ones(2, 2, 4), 9))
                .hasMessage("SeriesWindows: errors must have shape [6, 2, 4] for 9 steps, got [2, 2, 4]");
    }

    @ParameterizedTest
    @CsvSource({"1, 1, length", "4, 0, stride", "4, 5, stride"})
    void sizesOutOfRange_areRefused(int length, int stride, String named) {
        assertThatThrownBy(() -> SeriesWindows.fit(TRAIN, length, stride))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("SeriesWindows: " + named + " must be");
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0.3, 0.2, shares", "0, 0.3, 0.2, shares", "0.5, 0.01, 0.2, each part"})
    void sharesOutOfRange_areRefused(double train, double validation, double calibration, String named) {
        assertThatThrownBy(() -> SeriesSplit.of(Nd4j.ones(2, 10), train, validation, calibration))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("SeriesSplit: " + named);
    }
}
