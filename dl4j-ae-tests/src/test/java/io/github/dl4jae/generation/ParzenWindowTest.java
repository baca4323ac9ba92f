package io.github.dl4jae.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ParzenWindowTest {

    private final INDArray samples = Nd4j.createFromArray(new float[][] {{0, 0}, {1, 2}, {100, 100}});

    private static double density(double squaredDistance, double sigma) {
        return Math.exp(-squaredDistance / (2 * sigma * sigma)) / (2 * Math.PI * sigma * sigma);
    }

    @Test
    void logLikelihood_isThatOfTheMixture() {
        double[] values = ParzenWindow.of(samples, 0.7)
                .logLikelihoods(Nd4j.createFromArray(new float[][] {{0.5f, 1}, {100, 101}}));

        assertThat(values[0]).isCloseTo(Math.log(2 * density(1.25, 0.7) / 3), within(1e-9));
        assertThat(values[1]).isCloseTo(Math.log(density(1, 0.7) / 3), within(1e-9));
    }

    @Test
    void logLikelihood_ofAFarExample_isFinite() {
        assertThat(ParzenWindow.of(samples, 0.01).meanLogLikelihood(Nd4j.createFromArray(new float[][] {{1e4f, 0}})))
                .isFinite();
    }

    @Test
    void fit_choosesTheWidthOfTheLargestLikelihood() {
        INDArray centers = Nd4j.createFromArray(new float[][] {{0, 0}});
        INDArray validation = Nd4j.createFromArray(new float[][] {{1, 1}, {-1, 1}}); // σ² = 1 is best

        assertThat(ParzenWindow.fit(centers, validation, 0.25, 4, 9).sigma()).isCloseTo(1, within(1e-9));
    }

    @Test
    void arguments_thatDoNotFit_areRefused() {
        ParzenWindow window = ParzenWindow.of(samples, 1);

        assertThatThrownBy(() -> window.logLikelihoods(Nd4j.zeros(1, 3))).hasMessageContaining("2 values");
        assertThatThrownBy(() -> ParzenWindow.of(samples, 0)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> ParzenWindow.fit(samples, samples, 2, 1, 3)).hasMessageContaining("above smallest");
    }
}
