package io.github.dl4jae.variational;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.noise.NoiseStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values computed from the definitions; {@link LatentContractTest} checks the gradients. */
class RegularizersTest {

    private static final double[] MEAN = {0.2, -1, 0.7, 0.4, -0.6, 1.5, 0, 0.1};
    private static final double[] LOG_VARIANCE = {0, -0.5, 0.3, -1, -2, 0.4, 0.1, 0};
    private static final double[] Z = {0.5, -0.8, 1.1, 0.2, -0.4, 2.2, -1, 0.3};
    private static final int ROWS = 4;
    private static final int N = 2;

    private static LatentCodes codes() {
        return new LatentCodes(
                new GaussianPosterior(N, MEAN, LOG_VARIANCE, new StandardNormalDensity(N)), Z, NoiseStream.of(1, "z"));
    }

    private static double density(int i, int m, int j) {
        double variance = Math.exp(LOG_VARIANCE[m * N + j]);
        double difference = Z[i * N + j] - MEAN[m * N + j];
        return Math.exp(-difference * difference / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
    }

    /** Stratified weights of four examples out of 100: 1/100, (100 − 3)/(100·3), 1/3, 1/3. They sum to 1. */
    @Test
    void totalCorrelation_isTheStratifiedEstimate() {
        double expected = 0;
        for (int i = 0; i < ROWS; i++) {
            double joint = 0;
            double[] marginal = new double[N];
            for (int m = 0; m < ROWS; m++) {
                double weight = m == i ? 0.01 : m == (i + 1) % ROWS ? 97.0 / 300 : 1.0 / 3;
                joint += weight * density(i, m, 0) * density(i, m, 1);
                marginal[0] += weight * density(i, m, 0);
                marginal[1] += weight * density(i, m, 1);
            }
            expected += (Math.log(joint) - Math.log(marginal[0]) - Math.log(marginal[1])) / ROWS;
        }
        assertThat(new TotalCorrelation(6, 100).evaluate(codes())).isCloseTo(5 * expected, within(1e-12));
        assertThat(new TotalCorrelation(1, 100).evaluate(codes())).isZero();
    }

    @Test
    void totalCorrelation_ofOneExample_isZero() {
        GaussianPosterior one =
                new GaussianPosterior(2, new double[] {1, 2}, new double[] {0, 0}, new StandardNormalDensity(2));
        assertThat(new TotalCorrelation(6, 100).evaluate(new LatentCodes(one, new double[] {1, 2}, null)))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(MaximumMeanDiscrepancy.Kernel.class)
    void maximumMeanDiscrepancy_isTheSquaredDistanceOfMeanEmbeddings(MaximumMeanDiscrepancy.Kernel kernel) {
        double[] p = new double[ROWS * N];
        for (int i = 0; i < ROWS; i++) {
            NoiseStream.of(1, "z").normal(i, p, i * N, N);
        }
        double expected = 0;
        for (int i = 0; i < ROWS; i++) {
            for (int m = 0; m < ROWS; m++) {
                expected += k(kernel, Z, i, Z, m) + k(kernel, p, i, p, m) - 2 * k(kernel, Z, i, p, m);
            }
        }
        assertThat(new MaximumMeanDiscrepancy(3, kernel).evaluate(codes()))
                .isCloseTo(3 * expected / 16, within(1e-12))
                .isPositive();
    }

    private static double k(MaximumMeanDiscrepancy.Kernel kernel, double[] a, int i, double[] b, int m) {
        double squared = Math.pow(a[2 * i] - b[2 * m], 2) + Math.pow(a[2 * i + 1] - b[2 * m + 1], 2);
        return kernel == MaximumMeanDiscrepancy.Kernel.RADIAL_BASIS ? Math.exp(-squared / 4) : 4 / (4 + squared);
    }

    /** C from the definition, with the means 0.075 and 0.25. */
    @Test
    void disentangledInferredPrior_looksAtTheCovariance() {
        double[] center = {0.075, 0.25};
        double[][] c = new double[2][2];
        double[] variance = new double[2];
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < 2; i++) {
                variance[i] += Math.exp(LOG_VARIANCE[row * 2 + i]) / ROWS;
                for (int j = 0; j < 2; j++) {
                    c[i][j] += (MEAN[row * 2 + i] - center[i]) * (MEAN[row * 2 + j] - center[j]) / ROWS;
                }
            }
        }
        double means = 2 * 2 * c[0][1] * c[0][1] + 7 * (Math.pow(c[0][0] - 1, 2) + Math.pow(c[1][1] - 1, 2));
        assertThat(new DisentangledInferredPrior(2, 7, DisentangledInferredPrior.Target.MEANS).evaluate(codes()))
                .isCloseTo(means, within(1e-12));
        double both = 2 * 2 * c[0][1] * c[0][1]
                + 7 * (Math.pow(c[0][0] + variance[0] - 1, 2) + Math.pow(c[1][1] + variance[1] - 1, 2));
        assertThat(new DisentangledInferredPrior(2, 7, DisentangledInferredPrior.Target.CODES).evaluate(codes()))
                .isCloseTo(both, within(1e-12));
    }
}
