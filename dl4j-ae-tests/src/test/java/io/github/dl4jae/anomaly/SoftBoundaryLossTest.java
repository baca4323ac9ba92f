package io.github.dl4jae.anomaly;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SoftBoundaryLossTest {

    private static final IActivation IDENTITY = new ActivationIdentity();
    private static final INDArray CODES = Nd4j.createFromArray(new double[][] {{1, 2}, {0, 0.5}, {-1, 3}, {1, 1}});
    private static final INDArray CENTERS = Nd4j.createFromArray(new double[][] {{1, 1}, {1, 1}, {1, 1}, {1, 1}});
    /** Of the codes above: 1, 1.25, 8 and 0. */
    private static final double[] DISTANCES = {1, 1.25, 8, 0};

    private static SoftBoundaryLoss loss() {
        SoftBoundaryLoss loss = new SoftBoundaryLoss(0.5);
        loss.updateRadius(DISTANCES);
        return loss;
    }

    @Test
    void radius_isTheLargestDistance_amongThoseThatNuLeavesInside() {
        assertThat(loss().squaredRadius()).isEqualTo(1);
    }

    @Test
    void score_countsDistancesBeyondTheRadius() {
        // R² + Σ max(0, d − R²)/ν over 4 examples: 1 + (0.25 + 7)/0.5/4
        assertThat(loss().computeScore(CENTERS, CODES, IDENTITY, null, true)).isCloseTo(4.625, within(1e-12));
    }

    @Test
    void gradient_equalsCentralDifferences_ofTheScore() {
        SoftBoundaryLoss loss = loss();
        INDArray z = CODES.add(0.013); // no distance equals R²
        INDArray numeric = z.like();
        for (int i = 0; i < z.length(); i++) {
            INDArray up = z.dup();
            INDArray down = z.dup();
            up.putScalar(i, z.getDouble(i) + 1e-5);
            down.putScalar(i, z.getDouble(i) - 1e-5);
            double difference = loss.computeScore(CENTERS, up, IDENTITY, null, false)
                    - loss.computeScore(CENTERS, down, IDENTITY, null, false);
            numeric.putScalar(i, difference / 2e-5);
        }

        assertThatArray(loss.computeGradient(CENTERS, z, IDENTITY, null)).isCloseTo(numeric, 1e-8);
    }

    @ParameterizedTest
    @CsvSource({"10,0.1", "10,0.25", "7,0.5", "10,1", "20,0.15", "3,0.01"})
    void radius_minimizesTheObjective_amongAllCandidates(int n, double nu) {
        double[] d = new Random(n).doubles(n, 0.1, 4).toArray();
        double best = SoftBoundaryLoss.bestSquaredRadius(d, nu);
        // a piecewise linear function of R² has its minimum at a corner
        double least = Math.min(
                objective(0, d, nu),
                Arrays.stream(d).map(r -> objective(r, d, nu)).min().orElseThrow());

        assertThat(objective(best, d, nu)).isCloseTo(least, within(1e-12));
        assertThat(Arrays.stream(d).filter(each -> each > best).count()).isLessThanOrEqualTo(Math.round(nu * n));
    }

    private static double objective(double squaredRadius, double[] d, double nu) {
        return squaredRadius
                + Arrays.stream(d)
                                .map(each -> Math.max(0, each - squaredRadius))
                                .sum()
                        / (nu * d.length);
    }
}
