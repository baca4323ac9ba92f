package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.Autoencoder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Scores of several autoencoders, with values by hand. */
class EnsembleScoresTest {

    /** Reconstructs the first of two values, and the second as 0. */
    private static final class FirstValue implements Autoencoder {
        @Override
        public INDArray encode(INDArray examples) {
            return examples.getColumns(0);
        }

        @Override
        public INDArray decode(INDArray codes) {
            return Nd4j.hstack(codes, codes.mul(0));
        }

        @Override
        public INDArray reconstruct(INDArray examples) {
            return decode(encode(examples));
        }
    }

    /** Scores an example by one of its values. */
    private record Value(int column) implements AnomalyScore {
        @Override
        public String name() {
            return "value " + column;
        }

        @Override
        public double[] score(INDArray examples) {
            return examples.getColumn(column).toDoubleVector();
        }

        @Override
        public INDArray attribution(INDArray examples) {
            INDArray parts = examples.mul(0);
            parts.putColumn(column, examples.getColumn(column));
            return parts;
        }
    }

    private static INDArray rows(double[]... rows) {
        return Nd4j.createFromArray(rows).castTo(DataType.FLOAT);
    }

    @ParameterizedTest
    @CsvSource({
        // held-out scores 1, 2, 4, 4, 8: F(s_(i)) = i/6
        "0, 0",
        "1, 0.1666667",
        "1.5, 0.25",
        "2, 0.3333333",
        "3, 0.4166667",
        "4, 0.5833333", // tied: ranks 3 and 4
        "6, 0.75",
        "8, 0.8333333",
        "12, 0.9166667", // 1 − 1/6 · 4/(4 + 4)
        "1e30, 1"
    })
    void rank_isLinearBetweenHeldOutScores_andGrowsBeyond(double score, double rank) {
        assertThat(RankAverageScore.rank(new double[] {1, 2, 4, 4, 8}, score)).isCloseTo(rank, within(1e-6));
    }

    @Test
    void rankAverage_isTheMeanOfRanks() {
        INDArray heldOut = rows(new double[] {1, 30}, new double[] {2, 20}, new double[] {3, 10});

        RankAverageScore score = RankAverageScore.fit(List.of(new Value(0), new Value(1)), heldOut);

        assertThat(score.score(rows(new double[] {2, 30}, new double[] {1, 10})))
                .containsExactly(new double[] {(0.5 + 0.75) / 2, 0.25}, within(1e-9));
        assertThat(score.attribution(rows(new double[] {2, 30})).toDoubleVector())
                .containsExactly(new double[] {0.5, 0.5}, within(1e-6));
    }

    @Test
    void rankAverage_withoutScores_isRefused() {
        assertThatThrownBy(() -> RankAverageScore.fit(List.of(), rows(new double[] {1, 2})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scores must have at least one");
    }

    /** Reconstructions and residuals are (x₁, 0, 0, x₂), so distances are those of the examples. */
    @Test
    void neighbors_areThoseByReconstructionAndResidual() {
        INDArray normal = rows(new double[] {0, 0}, new double[] {3, 4}, new double[] {0, 10});
        ReconstructionNeighborScore score = ReconstructionNeighborScore.fit(new FirstValue(), normal, 1, 2);
        // to others: from (0,0) 5 and 10; from (3,4) 5 and √45; from (0,10) √45 and 10
        double far = Math.sqrt(45);
        double mean1 = (5 + 5 + far) / 3;
        double mean2 = ((5 + 10) / 2.0 + (5 + far) / 2 + (far + 10) / 2) / 3;

        double[] scores = score.score(rows(new double[] {0, 1}, new double[] {0, 0}));

        double toSecond = Math.sqrt(18);
        assertThat(scores[0]).isCloseTo((1 / mean1 + (1 + toSecond) / 2 / mean2) / 2, within(1e-5));
        // a normal example is not its own neighbor
        assertThat(scores[1]).isCloseTo((5 / mean1 + 7.5 / mean2) / 2, within(1e-5));
    }

    @Test
    void neighborAttribution_isTheFallWithoutAValue() {
        INDArray normal = rows(new double[] {0, 0}, new double[] {3, 4}, new double[] {0, 10});
        ReconstructionNeighborScore score = ReconstructionNeighborScore.fit(new FirstValue(), normal, 1);

        double[] parts = score.attribution(rows(new double[] {9, 4})).toDoubleVector();

        // nearest is (3, 4) at 6; without the first value it is at 0, without the second still at 6
        assertThat(parts).containsExactly(new double[] {6, 0}, within(1e-5));
    }

    @Test
    void copiesOfOneExample_doNotMakeTheScaleZero() {
        INDArray normal = Nd4j.ones(40, 2);
        normal.putScalar(0, 0, 5);
        ReconstructionNeighborScore score = ReconstructionNeighborScore.fit(new FirstValue(), normal, 1, 5);

        double[] scores = score.score(rows(new double[] {1, 1}, new double[] {2, 1}));

        assertThat(scores[0]).isZero();
        assertThat(scores[1]).isPositive().isFinite();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "2, 2", "3, 2", "1, 3"})
    void neighborCounts_thatDoNotAscendBelowTheNumberOfExamples_areRefused(int first, int second) {
        INDArray normal = rows(new double[] {0, 0}, new double[] {3, 4}, new double[] {0, 10});
        assertThatThrownBy(() -> ReconstructionNeighborScore.fit(new FirstValue(), normal, first, second))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("numbers of neighbors must ascend in [1, 2]");
    }
}
