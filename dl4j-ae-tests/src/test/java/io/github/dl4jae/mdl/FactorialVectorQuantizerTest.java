package io.github.dl4jae.mdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FactorialVectorQuantizerTest {

    private static final double QUANTUM = 0.01;

    /** Sums of one of four patterns on the left and one of four on the right, with noise of 0.05. */
    private static INDArray sums(int rows) {
        SplittableRandom random = new SplittableRandom(4);
        double[][] x = new double[rows][16];
        for (double[] row : x) {
            int left = random.nextInt(4);
            int right = random.nextInt(4);
            for (int j = 0; j < 8; j++) {
                row[j] = (j / 2 == left ? 1 : 0) + 0.05 * random.nextGaussian();
                row[8 + j] = (j / 2 == right ? 1 : 0) + 0.05 * random.nextGaussian();
            }
        }
        return Nd4j.createFromArray(x);
    }

    private static FactorialVectorQuantizer fit(int groups, int units, INDArray x) {
        return IntStream.range(0, 5)
                .mapToObj(seed -> new FactorialVectorQuantizer.Builder()
                        .groups(groups)
                        .units(units)
                        .quantum(QUANTUM)
                        .seed(seed)
                        .fit(x))
                .min((a, b) -> Double.compare(last(a.lengths()), last(b.lengths())))
                .orElseThrow();
    }

    private static double last(double[] values) {
        return values[values.length - 1];
    }

    /** With one group q is the true posterior, and F is the negative log density of a mixture of Gaussians. */
    @Test
    void oneGroup_describesWithTheDensityOfAMixture() {
        INDArray x = sums(60);
        FactorialVectorQuantizer quantizer = fit(1, 5, x);
        double[][] v = quantizer.vectors().toDoubleMatrix();
        double[][] q = quantizer.probabilities(x).toDoubleMatrix();
        double[] prior = new double[5];
        Arrays.setAll(
                prior, i -> (1 + Arrays.stream(q).mapToDouble(row -> row[i]).sum()) / (60 + 5));
        double variance = quantizer.deviation() * quantizer.deviation();
        double bits = 0;
        for (double[] row : x.toDoubleMatrix()) {
            double density = 0;
            for (int i = 0; i < 5; i++) {
                double squares = 0;
                for (int j = 0; j < 16; j++) {
                    squares += Math.pow(row[j] - v[i][j], 2);
                }
                density += prior[i] * Math.exp(-squares / (2 * variance)) / Math.pow(2 * Math.PI * variance, 8);
            }
            bits -= Math.log(density * Math.pow(QUANTUM, 16)) / Math.log(2);
        }

        assertThat(quantizer.describe(x).total()).isCloseTo(bits, within(1e-3 * bits));
    }

    /** E_q|x − Σ v|² and KL by enumeration of all codes of two groups. */
    @Test
    void twoGroups_describeAsAllTheirCodesTogether() {
        INDArray x = sums(40);
        FactorialVectorQuantizer quantizer = fit(2, 3, x);
        double[][] v = quantizer.vectors().toDoubleMatrix();
        double[][] q = quantizer.probabilities(x).toDoubleMatrix();
        double variance = quantizer.deviation() * quantizer.deviation();
        double residuals = 0;
        double entropy = 0;
        for (int n = 0; n < 40; n++) {
            double[] row = x.getRow(n).toDoubleVector();
            for (int a = 0; a < 3; a++) {
                for (int b = 3; b < 6; b++) {
                    double squares = 0;
                    for (int j = 0; j < 16; j++) {
                        squares += Math.pow(row[j] - v[a][j] - v[b][j], 2);
                    }
                    double p = q[n][a] * q[n][b];
                    residuals +=
                            p * (squares / (2 * variance) + 8 * Math.log(2 * Math.PI * variance / QUANTUM / QUANTUM));
                    entropy -= p > 0 ? p * Math.log(p) : 0;
                }
            }
        }
        DescriptionLength length = quantizer.describe(x);

        assertThat(length.residuals()).isCloseTo(residuals / Math.log(2), within(1e-6 * residuals));
        assertThat(length.bitsBack()).isCloseTo(entropy / Math.log(2), within(1e-6 * Math.max(1, entropy)));
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "2, 4", "4, 2"})
    void length_fallsInEveryIteration(int groups, int units) {
        double[] lengths = fit(groups, units, sums(200)).lengths();

        assertThat(lengths).hasSizeGreaterThan(2);
        assertThat(IntStream.range(1, lengths.length))
                .allSatisfy(t -> assertThat(lengths[t]).isLessThan(lengths[t - 1] + 5)); // a count per group
    }

    /** Eight vectors in two groups describe 16 sums, which eight in one group cannot. */
    @Test
    void factorialData_areShorterWithTwoGroups() {
        INDArray x = sums(300);
        FactorialVectorQuantizer factorial = fit(2, 4, x);

        assertThat(factorial.deviation()).isCloseTo(0.05, within(0.01));
        assertThat(factorial.describe(x).total())
                .isLessThan(0.75 * fit(1, 8, x).describe(x).total());
        assertThat(factorial.reconstruct(x).squaredDistance(x) / x.length()).isLessThan(0.004);
        assertThat(factorial.describe(x).codes() / 300).isCloseTo(4, within(0.1)); // two of four, equally likely
        assertThat(factorial.parameters()).isEqualTo(8 * 16 + 2 * 3 + 1);
    }

    /** Bits back make the free choice among vectors cheaper than the best single one. */
    @Test
    void stochasticCode_isNotLongerThanTheTwoPartCode() {
        INDArray x = sums(100);
        FactorialVectorQuantizer quantizer = fit(1, 12, x);

        DescriptionLength twoPart = quantizer.describeTwoPart(x);

        assertThat(twoPart.bitsBack()).isZero();
        assertThat(quantizer.describe(x).total()).isLessThanOrEqualTo(twoPart.total() + 1e-6);
    }

    @Test
    void ledger_addsUp() {
        DescriptionLength length = new DescriptionLength(3, 20, 2, 0, 1).withParameters(10, 16);

        assertThat(length.model()).isEqualTo(20);
        assertThat(length.total()).isEqualTo(3 + 20 - 2 + 20 + 1);
        assertThat(length.plus(length).per(2)).isEqualTo(length);
        assertThat(length).hasToString("42.0 bits = 3.0 codes + 20.0 residuals - 2.0 back + 20.0 model + 1.0 overhead");
    }

    @Test
    void wrongArguments_areRefusedByName() {
        INDArray x = sums(10);
        FactorialVectorQuantizer.Builder builder = new FactorialVectorQuantizer.Builder();
        assertThatThrownBy(() -> builder.fit(x)).hasMessageContaining("quantum must be");
        assertThatThrownBy(() -> builder.groups(0)).hasMessageContaining("groups must be at least 1");
        assertThatThrownBy(() -> builder.units(1)).hasMessageContaining("units must be at least 2");
        assertThatThrownBy(() -> builder.quantum(0.1).units(11).fit(x)).hasMessageContaining("at least 11 rows");
        assertThatThrownBy(() -> builder.units(2).fit(Nd4j.valueArrayOf(new long[] {3, 2}, Double.NaN)))
                .hasMessageContaining("data must be finite");
        assertThatThrownBy(() -> builder.fit(x).describe(Nd4j.ones(2, 3))).hasMessageContaining("16 columns");
        assertThatThrownBy(() -> new DescriptionLength(Double.NaN, 0, 0, 0, 0)).hasMessageContaining("codes");
    }
}
