package io.github.dl4jae.sequence;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class TeacherForcingTest {

    @ParameterizedTest
    @CsvSource({"0, 1", "50, 0.6", "100, 0.2", "1000, 0.2"})
    void linearSchedule_fallsToItsLastValue(long iteration, double expected) {
        assertThat(TeacherForcing.linear(0.2, 100).probability(iteration)).isCloseTo(expected, within(1e-12));
    }

    /** k / (k + e^{i/k}) by hand: 10 / 11, 10 / (10 + e), and ½ at k·ln k. */
    @ParameterizedTest
    @CsvSource({"0, 0.90909090909", "10, 0.78626972848", "23, 0.50064627289", "100000, 0"})
    void inverseSigmoid_isThatOfThePaper(long iteration, double expected) {
        assertThat(TeacherForcing.inverseSigmoid(10).probability(iteration)).isCloseTo(expected, within(1e-8));
    }

    @Test
    void constants_stay() {
        assertThat(TeacherForcing.always().probability(1_000_000)).isEqualTo(1);
        assertThat(TeacherForcing.constant(0.3).probability(1_000_000)).isEqualTo(0.3);
        assertThat(TeacherForcing.constant(0.3)).hasToString("TeacherForcing.constant(0.3)");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void probabilities_outOfRange_areRefused(double probability) {
        assertThatThrownBy(() -> TeacherForcing.constant(probability))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be in [0, 1], got " + probability);
    }

    @Test
    void shiftedSteps_beginWithTheFirst() {
        INDArray x = Nd4j.createFromArray(new double[][][] {{{1, 2, 3}}});

        assertThatArray(PreviousSteps.shifted(x, Nd4j.createFromArray(new double[][] {{9}})))
                .isEqualTo(Nd4j.createFromArray(new double[][][] {{{9, 1, 2}}}));
    }

    /** A decoder that adds 1 to what it reads: with ε = 0 the steps count from the first one. */
    @Test
    void scheduledSampling_readsWhatTheDecoderHasJustWritten() {
        INDArray previous = Nd4j.valueArrayOf(new long[] {2, 1, 4}, 5, DataType.DOUBLE);
        previous.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(0))
                .assign(0);
        PreviousSteps steps = new PreviousSteps(new SequenceTraining.Builder()
                .teacherForcing(TeacherForcing.constant(0))
                .build());

        steps.mix(previous, 3, (before, seed) -> before.add(1));

        assertThatArray(previous).isEqualTo(Nd4j.createFromArray(new double[][][] {{{0, 1, 2, 3}}, {{0, 1, 2, 3}}}));
    }

    @Test
    void scheduledSampling_replacesTheExpectedShare() {
        INDArray previous = Nd4j.zeros(DataType.DOUBLE, 200, 1, 21);
        PreviousSteps steps = new PreviousSteps(new SequenceTraining.Builder()
                .teacherForcing(TeacherForcing.constant(0.7))
                .build());

        steps.mix(previous, 3, (before, seed) -> Nd4j.ones(DataType.DOUBLE, 200, 1));

        assertThat(previous.sumNumber().doubleValue() / 4000).isCloseTo(0.3, within(0.03));
    }

    @Test
    void droppedSteps_areTheExpectedShare_withoutTheFirst() {
        INDArray previous = Nd4j.ones(DataType.DOUBLE, 200, 1, 21);
        PreviousSteps steps = new PreviousSteps(
                new SequenceTraining.Builder().previousDropout(0.25).build());

        steps.drop(previous, 0);

        assertThat(previous.sumNumber().doubleValue()).isCloseTo(200 + 3000, within(120.0));
        assertThat(previous.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(0))
                        .minNumber()
                        .doubleValue())
                .isEqualTo(1);
    }
}
