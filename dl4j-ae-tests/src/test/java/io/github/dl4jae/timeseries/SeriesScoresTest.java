package io.github.dl4jae.timeseries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SeriesScoresTest {

    private static final INDArray REAL = SmallSeries.seasonal(200, 1);
    private static final INDArray ALIKE = SmallSeries.seasonal(200, 2);

    private static DiscriminativeScore.Builder discriminator() {
        return new DiscriminativeScore.Builder().steps(300).batch(32).learningRate(0.01);
    }

    private static PredictiveScore.Builder predictor() {
        return new PredictiveScore.Builder().steps(300).batch(32).learningRate(0.01);
    }

    @Test
    void seriesOfOneDistribution_cannotBeTold_othersCan() {
        INDArray other = SmallSeries.seasonal(200, 3).addi(0.4);

        assertThat(discriminator().compute(REAL, ALIKE).score()).isLessThan(0.2);
        assertThat(discriminator().compute(REAL, other).score()).isGreaterThan(0.3);
    }

    @Test
    void predictorOfSeriesOfOneDistribution_isBetterThanThatOfNoise() {
        Nd4j.getRandom().setSeed(4);
        INDArray noise = SeriesScaler.fit(REAL).unscale(Nd4j.rand(DataType.DOUBLE, REAL.shape()));

        double alike = predictor().compute(REAL, ALIKE).score();

        assertThat(alike).isLessThan(0.6 * predictor().compute(REAL, noise).score());
    }

    /** The predictor learns 0, the scaled constant of the generated series; half of the real ones are 1. */
    @Test
    void score_isTheMeanAbsoluteErrorInUnitsOfTheRange() {
        INDArray zeros = Nd4j.zeros(DataType.DOUBLE, 10, 2, 4);
        INDArray real = Nd4j.concat(0, zeros, zeros.add(8));

        PredictiveScore score = new PredictiveScore.Builder()
                .steps(1)
                .learningRate(1e-9)
                .units(1)
                .compute(real, zeros);
        PredictiveScore doubled = new PredictiveScore.Builder()
                .steps(1)
                .learningRate(1e-9)
                .units(1)
                .compute(real.mul(2), zeros);

        assertThat(score).isEqualTo(doubled);
        assertThat(score.score()).isBetween(0.2, 0.8);
    }

    @Test
    void repetitions_areAveraged() {
        DiscriminativeScore score =
                discriminator().steps(20).repetitions(2).compute(REAL, SmallSeries.seasonal(200, 3));

        assertThat(score.accuracies()).hasSize(2);
        assertThat(score.score())
                .isCloseTo(
                        score.accuracies().stream()
                                .mapToDouble(accuracy -> Math.abs(accuracy - 0.5))
                                .average()
                                .orElseThrow(),
                        within(1e-12));
        assertThat(discriminator().steps(20).repetitions(2).compute(REAL, SmallSeries.seasonal(200, 3)))
                .isEqualTo(score);
    }

    @Test
    void seriesOfAnotherShape_areRefused() {
        assertThatThrownBy(() -> DiscriminativeScore.compute(REAL, Nd4j.ones(20, 2, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DiscriminativeScore: generated series must have the features and steps");
        assertThatThrownBy(() -> PredictiveScore.compute(Nd4j.ones(20, 2, 1), Nd4j.ones(20, 2, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 2 steps, got 1");
        assertThatThrownBy(() -> DiscriminativeScore.compute(Nd4j.ones(9, 2, 5), Nd4j.ones(20, 2, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 10 series each, got 9");
    }
}
