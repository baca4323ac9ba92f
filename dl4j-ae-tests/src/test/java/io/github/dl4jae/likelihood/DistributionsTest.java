package io.github.dl4jae.likelihood;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.testing.FloatTypes;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.variational.ExponentialReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.GaussianReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.LossFunctionWrapper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Likelihoods whose outputs are more than one number per value, and golden values of all new ones. */
@Tag("slow")
class DistributionsTest {

    private static final IActivation IDENTITY = new ActivationIdentity();
    private static final IActivation SIGMOID = new ActivationSigmoid();

    private static INDArray row(DataType type, double... values) {
        return Nd4j.createFromArray(new double[][] {values}).castTo(type);
    }

    /** ∫₀¹ e^xz dx by Simpson's rule: its log is what the loss adds to −x·z. */
    @ParameterizedTest
    @ValueSource(doubles = {-30, -3, -0.3, -1e-3, 0, 1e-9, 0.049, 0.051, 2, 30})
    void continuousBernoulli_isADensity(double z) {
        int steps = 20_000;
        double integral = 0;
        for (int i = 0; i <= steps; i++) {
            double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
            double x = (double) i / steps;
            double density = Math.exp(-new LossContinuousBernoulli()
                    .computeScore(row(DataType.DOUBLE, x), row(DataType.DOUBLE, z), SIGMOID, null, false));
            integral += weight * density / (3 * steps);
        }
        assertThat(integral).isCloseTo(1, within(1e-9));
    }

    /** Σ_x p(x) = 1 over the counts that matter. */
    @ParameterizedTest
    @ValueSource(doubles = {-3, 0, 2})
    void poisson_isADistribution(double z) {
        for (IActivation link : new IActivation[] {IDENTITY, new ActivationSoftPlus()}) {
            double sum = 0;
            for (int x = 0; x < 60; x++) {
                sum += Math.exp(-new LossPoissonNll()
                        .computeScore(row(DataType.DOUBLE, x), row(DataType.DOUBLE, z), link, null, false));
            }
            assertThat(sum).isCloseTo(1, within(1e-12));
        }
    }

    /** r = 2, x = 3: 2 − 3 ln 2 + ln 6 = 1.712318; r − x = −1. */
    @ParameterizedTest
    @FloatTypes
    void poisson_goldenValue(DataType type) {
        Pair<Double, INDArray> result = new LossPoissonNll()
                .computeGradientAndScore(row(type, 3), row(type, Math.log(2)), IDENTITY, null, false);
        assertThat(result.getFirst()).isCloseTo(1.7123179, within(1e-6));
        assertThat(result.getSecond().getDouble(0)).isCloseTo(-1, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1000, -100, 88, 1000})
    void poisson_atExtremes_staysFinite(double z) {
        for (IActivation link : new IActivation[] {IDENTITY, new ActivationSoftPlus()}) {
            Pair<Double, INDArray> result = new LossPoissonNll()
                    .computeGradientAndScore(row(DataType.FLOAT, 2), row(DataType.FLOAT, z), link, null, false);
            assertThat(result.getFirst()).isFinite();
            assertThat(result.getSecond().getDouble(0)).isFinite();
        }
    }

    /**
     * m = −6, outputs y = (1, 3), a = (0, −6), x = (2, 2.5). v = −6 + softplus(6) = 0.0024757, −6 + ln 2 = −5.3068528.
     * ½(1·e^−0.0024757 + 0.0024757 + 1.8378771) = 1.4189417; ½(0.25·e^5.3068528 − 5.3068528 + 1.8378771) = 23.4801152.
     */
    @ParameterizedTest
    @FloatTypes
    void learnedVariance_goldenValue(DataType type) {
        double score = new LossGaussianLearnedVariance()
                .computeScore(row(type, 2, 2.5), row(type, 1, 3, 0, -6), IDENTITY, null, false);
        double first = 0.5 * (Math.exp(-0.00247568514) + 0.00247568514 + 1.8378770664);
        double second = 0.5 * (0.25 * Math.exp(5.3068528194) - 5.3068528194 + 1.8378770664);
        assertThat(score).isCloseTo(first + second, within(1e-5));
        assertThat(new LossGaussianLearnedVariance()
                        .mean(row(type, 1, 3, 0, -6), IDENTITY)
                        .toDoubleVector())
                .containsExactly(1, 3);
    }

    /** Two variables of 2 and 3 classes, logits 0 and (0, ln 2, 0): ln 2 + ln 4 − ln 2 for classes 0 and 1. */
    @ParameterizedTest
    @FloatTypes
    void categorical_goldenValue(DataType type) {
        Pair<Double, INDArray> result = new LossCategorical(2, 3)
                .computeGradientAndScore(
                        row(type, 1, 0, 0, 1, 0), row(type, 0, 0, 0, Math.log(2), 0), IDENTITY, null, false);
        assertThat(result.getFirst()).isCloseTo(Math.log(4), within(1e-6));
        assertThat(result.getSecond().toDoubleVector())
                .containsExactly(new double[] {-0.5, 0.5, 0.25, -0.5, 0.25}, within(1e-6));
    }

    /** Arrays of their own for each: JUnit closes arguments after use. */
    private static INDArray values() {
        return Nd4j.rand(DataType.DOUBLE, 5, 6);
    }

    private static INDArray levels(int steps) {
        INDArray levels = Nd4j.zeros(DataType.DOUBLE, 5, 6);
        for (int i = 0; i < 30; i++) {
            levels.putScalar(i, (double) (i * 37 % (steps + 1)) / steps); // 0 and the highest among them
        }
        return levels.putScalar(1, 1);
    }

    private static INDArray categories() {
        INDArray categories = Nd4j.zeros(DataType.DOUBLE, 5, 6);
        for (int i = 0; i < 5; i++) {
            categories.putScalar(i, i % 3, 1).putScalar(i, 3 + (i + 1) % 3, 1);
        }
        return categories;
    }

    static Stream<Arguments> losses() {
        return Stream.of(
                Arguments.of(new LossPoissonNll(), values(), IDENTITY, 6),
                Arguments.of(new LossGaussianLearnedVariance(), values(), IDENTITY, 12),
                Arguments.of(new LossBetaBinomial(), levels(255), IDENTITY, 12),
                Arguments.of(new LossBetaBinomial(3), levels(3), IDENTITY, 12),
                Arguments.of(new LossCategorical(3), categories(), IDENTITY, 6),
                Arguments.of(new LossCategorical(3, 3), categories(), IDENTITY, 6),
                Arguments.of(new LossCategorical(6), categories().div(2), new ActivationSoftmax(), 6),
                Arguments.of(
                        new LossReconstructionDistribution(new GaussianReconstructionDistribution(Activation.TANH)),
                        values(),
                        IDENTITY,
                        12),
                Arguments.of(
                        new LossReconstructionDistribution(new ExponentialReconstructionDistribution(Activation.TANH)),
                        values(),
                        IDENTITY,
                        6));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void gradient_isThatOfTheScore(ILossFunction loss, INDArray x, IActivation activation, int outputs) {
        Nd4j.getRandom().setSeed(5);
        INDArray z = Nd4j.randn(DataType.DOUBLE, 5, outputs);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {1}, {0}, {1}, {1}});
        INDArray gradient = loss.computeGradient(x, z.dup(), activation, mask);
        for (long i = 0; i < z.length(); i++) {
            double plus = shifted(loss, x, z, activation, mask, i, 1e-5);
            double minus = shifted(loss, x, z, activation, mask, i, -1e-5);
            assertThat(gradient.getDouble(i))
                    .as("output %d", i)
                    .isCloseTo((plus - minus) / 2e-5, within(1e-6 * Math.max(1, Math.abs(gradient.getDouble(i)))));
        }
    }

    private static double shifted(
            ILossFunction loss, INDArray x, INDArray z, IActivation activation, INDArray mask, long i, double by) {
        INDArray moved = z.dup();
        moved.putScalar(i, moved.getDouble(i) + by);
        return loss.computeScore(x, moved, activation, mask, false);
    }

    /** Rows in float32 against ND4J's operations in float64. */
    @ParameterizedTest
    @MethodSource("losses")
    void float32_agreesWithFloat64(ILossFunction loss, INDArray x, IActivation activation, int outputs) {
        INDArray z = Nd4j.randn(DataType.DOUBLE, 5, outputs).muli(2);
        INDArray xFloat = x.castTo(DataType.FLOAT);
        INDArray zFloat = z.castTo(DataType.FLOAT);
        assertThat(loss.computeScore(xFloat, zFloat, activation, null, true))
                .isCloseTo(loss.computeScore(x, z, activation, null, true), Percentage.withPercentage(1e-3));
        INDArray gradient = loss.computeGradient(x, z, activation, null);
        assertThat(loss.computeGradient(xFloat, zFloat, activation, null)
                        .castTo(DataType.DOUBLE)
                        .subi(gradient)
                        .amaxNumber()
                        .doubleValue())
                .isLessThan(1e-5 * (1 + gradient.amaxNumber().doubleValue()));
        INDArray perExample = loss.computeScoreArray(xFloat, zFloat, activation, null);
        assertThat(perExample.shape()).containsExactly(5, 1);
        assertThat(perExample.sumNumber().doubleValue())
                .isCloseTo(loss.computeScore(x, z, activation, null, false), Percentage.withPercentage(1e-3));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void json_bringsTheLossBack(ILossFunction loss, INDArray x, IActivation activation, int outputs) {
        StoredLoss.requireRestored(new OutputLayer.Builder(loss)
                .nIn(3)
                .nOut(outputs)
                .activation(activation)
                .build());
    }

    /** Rates, shares, and at z = 2 the mean 1/(1 − e⁻²) − ½ = 0.6565176 of a continuous Bernoulli. */
    @Test
    void mean_isTheExpectedValue() {
        INDArray logRates = row(DataType.DOUBLE, Math.log(3), Math.log(0.1));
        assertThat(new LossPoissonNll().mean(logRates, IDENTITY).toDoubleVector())
                .containsExactly(new double[] {3, 0.1}, within(1e-12));
        assertThatArray(new LossPoissonNll().mean(logRates, new ActivationSoftPlus()))
                .isEqualTo(logRates);
        assertThat(new LossCategorical(2, 3)
                        .mean(row(DataType.DOUBLE, 0, 0, 0, Math.log(2), 0), IDENTITY)
                        .toDoubleVector())
                .containsExactly(new double[] {0.5, 0.5, 0.25, 0.5, 0.25}, within(1e-12));
        INDArray parameters = row(DataType.DOUBLE, 1 / (1 + Math.exp(-2)), 0.5, 0, 1);
        assertThat(new LossContinuousBernoulli().mean(parameters, SIGMOID).toDoubleVector())
                .containsExactly(new double[] {0.6565176, 0.5, 0, 1}, within(1e-7));
    }

    @Test
    void labelsOfMaskedExamples_mayBeAnything() {
        ILossFunction loss =
                new LossReconstructionDistribution(new GaussianReconstructionDistribution(Activation.TANH));
        INDArray x = Nd4j.createFromArray(new double[][] {{0.5}, {Double.NaN}});
        INDArray z = Nd4j.createFromArray(new double[][] {{0.1, 0.2}, {0.3, 0.4}});
        INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {0}});
        assertThat(loss.computeScore(x, z, IDENTITY, mask, false))
                .isCloseTo(
                        loss.computeScore(
                                row(DataType.DOUBLE, 0.5), row(DataType.DOUBLE, 0.1, 0.2), IDENTITY, null, false),
                        within(1e-12));
        assertThat(loss.computeGradient(x, z, IDENTITY, mask).getRow(1).toDoubleVector())
                .containsExactly(0, 0);
    }

    @Test
    void wrongArguments_areClearErrors() {
        INDArray z = row(DataType.FLOAT, 0, 0, 0);
        assertThatThrownBy(() -> new LossGaussianLearnedVariance().computeScore(z, z, IDENTITY, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the output must have 2 columns for each value, got [1, 3]");
        assertThatThrownBy(() -> new LossGaussianLearnedVariance()
                        .computeScore(z, row(DataType.FLOAT, 0, 0), IDENTITY, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels must have the shape [1, 1], got [1, 3]");
        assertThatThrownBy(() -> new LossCategorical(2).computeScore(z, z, IDENTITY, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the columns must be a multiple of 2, got 3");
        assertThatThrownBy(() -> new LossCategorical(3).computeScore(z, z, IDENTITY, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must sum to 1");
        assertThatThrownBy(() ->
                        new LossCategorical(3).computeScore(row(DataType.FLOAT, 2, -1, 0), z, IDENTITY, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels must be in [0, 1], got values from -1.0 to 2.0");
        assertThatThrownBy(() ->
                        new LossPoissonNll().computeScore(row(DataType.FLOAT, 1, -1, 0), z, IDENTITY, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels must be at least 0, got values from -1.0 to 1.0");
        assertThatThrownBy(() -> new LossPoissonNll().computeScore(z, z, SIGMOID, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be IDENTITY or ActivationStableSoftplus (or SOFTPLUS), got sigmoid");
        assertThatThrownBy(() -> new LossContinuousBernoulli()
                        .computeScore(row(DataType.FLOAT, 1, 2, 0), z, SIGMOID, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels must be in [0, 1]");
        assertThatThrownBy(() ->
                        new LossReconstructionDistribution(new LossFunctionWrapper(Activation.TANH, new LossMSE())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be a probability distribution");
        assertThatThrownBy(() -> new LossReconstructionDistribution(
                                new GaussianReconstructionDistribution(Activation.TANH))
                        .computeScore(z, z, IDENTITY, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the output must have the shape [1, 6], got [1, 3]");
    }
}
