package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The golden numbers are from a direct evaluation of the definitions in Python, one threshold at a time. */
class SeriesQualityTest {

    @ParameterizedTest
    @CsvSource({
        "0001100000, .1 .2 .9 .8 .3 .2 .1 .4 .1 .05, 4, 0.8125, 0.5, 0.891747459176122, 0.6893394911141971",
        "001001100001, .1 .5 .5 .5 .2 .9 .1 .3 .3 .8 .1 .7, 6,"
                + " 0.6875, 0.625, 0.8478940242387155, 0.7738537689321491",
        "10000001, 1 2 3 4 5 6 7 8, 3, 0.5, 0.625, 0.36810866058738717, 0.5136686115329657"
    })
    void measures_ofShortSeries_areThoseOfTheDefinition(
            String labels, String scores, int length, double roc, double ap, double vusRoc, double vusPr) {
        SeriesQuality quality = SeriesQuality.compute(
                labels(labels),
                Arrays.stream(scores.split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray(),
                length);

        assertThat(quality.rocAuc()).isCloseTo(roc, within(1e-12));
        assertThat(quality.averagePrecision()).isCloseTo(ap, within(1e-12));
        assertThat(quality.vusRoc()).isCloseTo(vusRoc, within(1e-12));
        assertThat(quality.vusPr()).isCloseTo(vusPr, within(1e-12));
    }

    private static boolean[] labels(String digits) {
        boolean[] labels = new boolean[digits.length()];
        for (int t = 0; t < labels.length; t++) {
            labels[t] = digits.charAt(t) == '1';
        }
        return labels;
    }

    @Test
    void measures_ofMoreStepsThanThresholds_areThoseOfTheDefinition() {
        boolean[] labels = new boolean[600];
        Arrays.fill(labels, 100, 120, true);
        Arrays.fill(labels, 300, 303, true);
        Arrays.fill(labels, 310, 350, true);
        Arrays.fill(labels, 590, 600, true);
        double[] scores = new double[600];
        Arrays.setAll(scores, t -> t * 7919 % 1009 / 1009.0 + (labels[(t + 596) % 600] ? 0.6 : 0)); // 4 steps late

        SeriesQuality quality = SeriesQuality.compute(labels, scores, 20);
        assertThat(quality.rocAuc()).isCloseTo(0.8183826778612462, within(1e-12));
        assertThat(quality.averagePrecision()).isCloseTo(0.5143655690875889, within(1e-12));
        assertThat(quality.vusRoc()).isCloseTo(0.8786036433930985, within(1e-12));
        assertThat(quality.vusPr()).isCloseTo(0.6563202918326168, within(1e-12));
    }

    @Test
    void perfectScore_hasAreasOfOne_andVolumesWithoutBorders() {
        boolean[] labels = labels("000111000011");
        double[] scores = new double[12];
        Arrays.setAll(scores, t -> labels[t] ? 2 : 1);

        assertThat(SeriesQuality.compute(labels, scores, 0)).isEqualTo(new SeriesQuality(1, 1, 1, 1));
    }

    @Test
    void randomScore_hasAnRocOfOneHalf_andThePrecisionOfTheShare() {
        Random random = new Random(5);
        boolean[] labels = new boolean[20_000];
        Arrays.fill(labels, 5_000, 7_000, true);
        SeriesQuality quality =
                SeriesQuality.compute(labels, random.doubles(20_000).toArray(), 0);

        assertThat(quality.rocAuc()).isCloseTo(0.5, within(0.02));
        assertThat(quality.averagePrecision()).isCloseTo(0.1, within(0.01));
    }

    @Test
    void events_areDetectedWithTheirDelay_orMissed() {
        boolean[] labels = labels("0110111001");
        double[] scores = {9, 1, 2, 9, 3, 6, 7, 0, 0, Double.POSITIVE_INFINITY};

        assertThat(SeriesQuality.events(labels, scores, 5))
                .containsExactly(
                        new SeriesQuality.Event(1, 3, null, 2),
                        new SeriesQuality.Event(4, 7, 1, 7),
                        new SeriesQuality.Event(9, 10, 0, Double.POSITIVE_INFINITY));
        assertThat(SeriesQuality.events(labels, scores, 5).get(0).detected()).isFalse();
    }

    @Test
    void unfitArguments_areRefused() {
        assertThatThrownBy(() -> SeriesQuality.compute(new boolean[2], new double[3], 0))
                .hasMessage("SeriesQuality: labels and scores must have the same length, got 2 and 3");
        assertThatThrownBy(() -> SeriesQuality.compute(new boolean[2], new double[2], 0))
                .hasMessageStartingWith("SeriesQuality: labels must have normal and anomalous steps, got 0");
        assertThatThrownBy(() -> SeriesQuality.compute(labels("01"), new double[] {1, Double.NaN}, 0))
                .hasMessage("SeriesQuality: scores must be numbers, got NaN at step 1");
        assertThatThrownBy(() -> SeriesQuality.compute(labels("01"), new double[2], -1))
                .hasMessageStartingWith("SeriesQuality: bufferLength must be at least 0");
    }
}
