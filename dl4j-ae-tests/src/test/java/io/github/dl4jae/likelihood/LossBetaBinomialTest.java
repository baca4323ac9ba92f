package io.github.dl4jae.likelihood;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.internal.math.GammaSeries;
import io.github.dl4jae.testing.FloatTypes;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LossBetaBinomialTest {

    private static final IActivation IDENTITY = new ActivationIdentity();

    private static INDArray row(DataType type, double... values) {
        return Nd4j.createFromArray(new double[][] {values}).castTo(type);
    }

    /** k = (17, 0, 255), a = (0.5, −3, 12), b = (−1, 4, 2): PyTorch's lgamma and autograd in float64. */
    @ParameterizedTest
    @FloatTypes
    void goldenValue(DataType type) {
        Pair<Double, INDArray> result = new LossBetaBinomial()
                .computeGradientAndScore(
                        row(type, 17 / 255.0, 0, 1), row(type, 0.5, -3, 12, -1, 4, 2), IDENTITY, null, false);

        assertThat(result.getFirst())
                .isCloseTo(7.990256283582347 + 0.11223834011214251 + 0.7888339862111025, within(1e-6));
        assertThat(result.getSecond().toDoubleVector())
                .containsExactly(
                        new double[] {
                            3.908143369512942,
                            0.09859844414273215,
                            -0.19562009579162623,
                            -1.149592329576297,
                            -0.03947271039760071,
                            0.7426143742194284
                        },
                        within(1e-6));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-30, 30", "30, -30", "-30, -30", "30, 30", "3, -1"})
    void levelProbabilities_areThoseOfTheLoss(double a, double b) {
        LossBetaBinomial loss = new LossBetaBinomial();
        double[] p = loss.levelProbabilities(row(DataType.DOUBLE, a, b), IDENTITY);

        assertThat(Arrays.stream(p).sum()).isCloseTo(1, within(1e-12));
        assertThat(IntStream.rangeClosed(0, 255)).allSatisfy(k -> assertThat(p[k])
                .isCloseTo(
                        Math.exp(-loss.computeScore(
                                row(DataType.DOUBLE, k / 255.0), row(DataType.DOUBLE, a, b), IDENTITY, null, false)),
                        within(1e-9)));
    }

    /** E[x] = Σ p(k)·k/n. */
    @Test
    void mean_isThatOfTheLevels() {
        LossBetaBinomial loss = new LossBetaBinomial(7);
        INDArray output = row(DataType.DOUBLE, 0.3, -2, 1, 4);
        double[] p = loss.levelProbabilities(output, IDENTITY);

        double[] mean = loss.mean(output, IDENTITY).toDoubleVector();

        assertThat(mean[0])
                .isCloseTo(IntStream.range(0, 8).mapToDouble(k -> p[k] * k / 7).sum(), within(1e-12));
        assertThat(mean[1])
                .isCloseTo(
                        IntStream.range(0, 8).mapToDouble(k -> p[8 + k] * k / 7).sum(), within(1e-12));
    }

    @Test
    void samples_haveTheMeanAndAreLevels() {
        LossBetaBinomial loss = new LossBetaBinomial(4);
        INDArray output = Nd4j.ones(DataType.DOUBLE, 4000, 2).muliRowVector(row(DataType.DOUBLE, 0.5, 1.5));

        INDArray x = loss.sample(output, IDENTITY, 3);

        assertThat(x.meanNumber().doubleValue()).isCloseTo(1 / (1 + Math.exp(1.5 - 0.5)), within(0.05));
        assertThatArray(x.mul(4)).isEqualTo(Nd4j.math().round(x.mul(4)));
    }

    /** PyTorch's lgamma and digamma in float64; those of Commons Math are accurate to 1e-8 only. */
    @ParameterizedTest
    @CsvSource({
        "1e-06, 13.815509980749432, -1000000.5772140202",
        "0.1, 2.252712651734206, -10.423754940411076",
        "0.9, 0.06637623973474295, -0.7549269499470513",
        "1.0, 0.0, -0.5772156649015328",
        "2.5, 0.2846828704729192, 0.7031566406452431",
        "7.999, 8.523145786158915, 2.015508332090348",
        "8.0, 8.525161361065415, 2.0156414779556098",
        "30.0, 71.25703896716801, 3.384438132685525",
        "10000.0, 82099.71749644238, 9.21029037114285",
        "100000000.0, 1742068066.1038346, 18.420680738952367"
    })
    void gammaSeries_agreesWithPyTorch(double x, double logGamma, double digamma) {
        assertThat(GammaSeries.logGamma(x)).isCloseTo(logGamma, within(1e-12 * Math.max(1, Math.abs(logGamma))));
        assertThat(GammaSeries.digamma(x)).isCloseTo(digamma, within(1e-12 * Math.max(1, Math.abs(digamma))));
    }

    @Test
    void wrongArguments_areRefusedByName() {
        INDArray z = row(DataType.FLOAT, 0, 0);
        LossBetaBinomial loss = new LossBetaBinomial();
        assertThatThrownBy(() -> loss.computeScore(row(DataType.FLOAT, 0.5), z, IDENTITY, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels must be levels");
        assertThatThrownBy(() -> loss.computeScore(row(DataType.FLOAT, Float.NaN), z, IDENTITY, null, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> loss.computeScore(row(DataType.FLOAT, 0), z, new ActivationSigmoid(), null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("IDENTITY");
        assertThatThrownBy(() -> new LossBetaBinomial(0)).hasMessageContaining("steps");
    }
}
