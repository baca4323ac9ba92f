package io.github.dl4jae.likelihood;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.testing.FloatTypes;
import io.github.dl4jae.testing.LayerContract;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

@Tag("slow")
class LikelihoodTest {

    private static final IActivation SIGMOID = Activation.SIGMOID.getActivationFunction();
    private static final IActivation IDENTITY = Activation.IDENTITY.getActivationFunction();

    private static INDArray row(DataType type, double... values) {
        return Nd4j.createFromArray(new double[][] {values}).castTo(type);
    }

    /** softplus(40) = 40 + 4e-18, σ(40) = 1 − 4e-18: by hand. */
    @ParameterizedTest
    @FloatTypes
    void bernoulli_atAWrongSaturatedLogit_hasLoss40AndGradient1(DataType type) {
        Pair<Double, INDArray> wrong =
                new LossBernoulli().computeGradientAndScore(row(type, 0), row(type, 40), SIGMOID, null, false);
        assertThat(wrong.getFirst()).isCloseTo(40, within(1e-12));
        assertThat(wrong.getSecond().getDouble(0)).isCloseTo(1, within(1e-12));

        Pair<Double, INDArray> otherWay =
                new LossBernoulli().computeGradientAndScore(row(type, 1), row(type, -40), SIGMOID, null, false);
        assertThat(otherWay.getFirst()).isCloseTo(40, within(1e-12));
        assertThat(otherWay.getSecond().getDouble(0)).isCloseTo(-1, within(1e-12));
    }

    /**
     * z = (0, 2, −1), x = (1, 0, 0.25): ln 2 + ln(1 + e²) + ln(1 + e⁻¹) + 0.25 = 3.383337;
     * σ − x = (−0.5, 0.880797, 0.018941). Computed with the natural logarithm of a pocket calculator.
     */
    @ParameterizedTest
    @FloatTypes
    void bernoulli_goldenValue(DataType type) {
        Pair<Double, INDArray> result = new LossBernoulli()
                .computeGradientAndScore(row(type, 1, 0, 0.25), row(type, 0, 2, -1), SIGMOID, null, false);
        assertThat(result.getFirst()).isCloseTo(0.693147 + 2.126928 + 0.313262 + 0.25, within(2e-6));
        assertThat(result.getSecond().toDoubleVector())
                .containsExactly(new double[] {-0.5, 0.880797, 0.018941}, within(1e-6));
    }

    /**
     * y = (1, 3), x = (2, 2.5), s = 0.5: (1 + 0.25)/(2·0.25) + 2·(ln 0.5 + 0.9189385) = 2.5 + 0.4515827; (y − x)/s² =
     * (−4, 2).
     */
    @ParameterizedTest
    @FloatTypes
    void gaussian_goldenValue(DataType type) {
        Pair<Double, INDArray> result = new LossGaussian(0.5)
                .computeGradientAndScore(row(type, 2, 2.5), row(type, 1, 3), IDENTITY, null, false);
        assertThat(result.getFirst()).isCloseTo(2.9515827, within(1e-6));
        assertThat(result.getSecond().toDoubleVector()).containsExactly(new double[] {-4, 2}, within(1e-6));
    }

    static Stream<Arguments> lossesWithActivations() {
        return Stream.of(
                Arguments.of(new LossBernoulli(), Activation.SIGMOID),
                Arguments.of(new LossGaussian(0.7), Activation.IDENTITY),
                Arguments.of(new LossGaussian(0.7), Activation.SIGMOID),
                Arguments.of(new LossGaussian(0.7), Activation.TANH),
                Arguments.of(new LossGaussian(0.7), Activation.RELU),
                Arguments.of(new LossGaussian(), Activation.SOFTPLUS),
                Arguments.of(new LossContinuousBernoulli(), Activation.SIGMOID),
                Arguments.of(new LossPoissonNll(), Activation.SOFTPLUS));
    }

    /** Rows in float32 against ND4J's operations in float64. */
    @ParameterizedTest
    @MethodSource("lossesWithActivations")
    void bothWaysToCompute_agree(ILossFunction loss, Activation activation) {
        Nd4j.getRandom().setSeed(1);
        INDArray z = Nd4j.randn(DataType.DOUBLE, 300, 257).muli(4);
        INDArray x = Nd4j.rand(DataType.DOUBLE, 300, 257);
        IActivation function = activation.getActivationFunction();
        INDArray zFloat = z.castTo(DataType.FLOAT);
        INDArray xFloat = x.castTo(DataType.FLOAT);
        INDArray zBefore = zFloat.dup();

        Pair<Double, INDArray> rows = loss.computeGradientAndScore(xFloat, zFloat, function, null, true);
        Pair<Double, INDArray> operations = loss.computeGradientAndScore(x, z, function, null, true);

        assertThat(rows.getFirst()).isCloseTo(operations.getFirst(), within(1e-6 * operations.getFirst()));
        assertThatArray(rows.getSecond().castTo(DataType.DOUBLE)).isCloseTo(operations.getSecond(), 1e-5);
        assertThat(loss.computeScore(xFloat, zFloat, function, null, true)).isEqualTo(rows.getFirst());
        assertThatArray(loss.computeGradient(xFloat, zFloat, function, null)).isEqualTo(rows.getSecond());
        INDArray perExample = loss.computeScoreArray(xFloat, zFloat, function, null);
        assertThat(perExample.shape()).containsExactly(300, 1);
        assertThat(perExample.castTo(DataType.DOUBLE).meanNumber().doubleValue())
                .isCloseTo(rows.getFirst(), within(1e-5 * rows.getFirst()));
        assertThat(perExample
                        .castTo(DataType.DOUBLE)
                        .subi(loss.computeScoreArray(x, z, function, null))
                        .amaxNumber()
                        .doubleValue())
                .isLessThan(1e-2);
        assertThatArray(zFloat).isEqualTo(zBefore);
    }

    @ParameterizedTest
    @MethodSource("lossesWithActivations")
    void masks_takeOutExamplesAndOutputs(ILossFunction loss, Activation activation) {
        INDArray z = Nd4j.randn(DataType.FLOAT, 4, 3).putScalar(0, 2, 1); // where ReLU has a gradient
        INDArray x = Nd4j.rand(DataType.FLOAT, 4, 3);
        IActivation function = activation.getActivationFunction();
        INDArray perExample = Nd4j.createFromArray(new float[][] {{1}, {0}, {1}, {0}});
        INDArray kept = Nd4j.pullRows(z, 1, 0, 2);
        INDArray keptX = Nd4j.pullRows(x, 1, 0, 2);

        assertThat(loss.computeScore(x, z, function, perExample, false))
                .isCloseTo(loss.computeScore(keptX, kept, function, null, false), within(1e-4));
        INDArray gradient = loss.computeGradient(x, z, function, perExample);
        assertThat(gradient.getRow(1).amaxNumber().doubleValue()).isZero();
        assertThat(gradient.getRow(2)
                        .sub(loss.computeGradient(keptX, kept, function, null).getRow(1))
                        .amaxNumber()
                        .doubleValue())
                .isLessThan(1e-5);
        INDArray perOutput = Nd4j.ones(DataType.FLOAT, 4, 3).putScalar(0, 1, 0);
        assertThat(loss.computeGradient(x, z, function, perOutput).getDouble(0, 1))
                .isZero();
        assertThat(loss.computeGradient(x, z, function, perOutput).getDouble(0, 2))
                .isNotZero();
    }

    @ParameterizedTest
    @MethodSource("lossesWithActivations")
    void labelsUnderAMask_mayBeAnything(ILossFunction loss, Activation activation) {
        INDArray z = Nd4j.randn(DataType.FLOAT, 3, 2);
        INDArray x = Nd4j.createFromArray(new float[][] {{0.5f, 0.25f}, {-1, Float.NaN}, {Float.NaN, 1}});
        INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1}, {0, 0}, {0, 1}});
        IActivation function = activation.getActivationFunction();
        assertThat(loss.computeScore(x, z, function, mask, false)).isFinite();
        INDArray gradient = loss.computeGradient(x, z, function, mask);
        assertThat(gradient.getDouble(1, 1)).isZero();
        assertThat(gradient.getDouble(2, 0)).isZero();
        assertThat(gradient.getDouble(2, 1)).isFinite();
    }

    @ParameterizedTest
    @MethodSource("lossesWithActivations")
    void gradient_inStockOutputLayer_isRight(ILossFunction loss, Activation activation) {
        Activation smooth = activation == Activation.RELU ? Activation.ELU : activation;
        LayerContract.verify(
                new OutputLayer.Builder(loss).nOut(3).activation(smooth).build());
    }

    @ParameterizedTest
    @MethodSource("lossesWithActivations")
    void json_bringsTheLossBack(ILossFunction loss, Activation activation) {
        StoredLoss.requireRestored(new FastOutputLayer.Builder(loss)
                .nIn(3)
                .nOut(2)
                .activation(activation)
                .build());
    }

    @Test
    void score_ofANetwork_isTheSumOverFeaturesAndTheMeanOverExamples() {
        MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                .list()
                .layer(output(new LossBernoulli(), 2, 7, Activation.SIGMOID)));
        network.params().assign(0); // every logit 0: ln 2 for every output
        DataSet data = new DataSet(Nd4j.rand(DataType.FLOAT, 5, 2), Nd4j.rand(DataType.FLOAT, 5, 7));
        assertThat(network.score(data)).isCloseTo(7 * Math.log(2), within(1e-5));
    }

    @ParameterizedTest
    @FloatTypes
    void bernoulli_withWrongArguments_saysWhatIsWrong(DataType type) {
        ILossFunction loss = new LossBernoulli();
        assertThatThrownBy(() -> loss.computeScore(row(type, 0), row(type, 1), IDENTITY, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("LossBernoulli: the output layer's activation must be SIGMOID, got identity;"
                        + " the loss takes the pre-activations as logits");
        assertThatThrownBy(() -> loss.computeScore(row(type, 0, 255), row(type, 1, 1), SIGMOID, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("LossBernoulli: labels must be in [0, 1], got values from 0.0 to 255.0;"
                        + " scale them, or use LossGaussian for real-valued data");
        assertThatThrownBy(() -> loss.computeGradient(row(type, 0, -0.5), row(type, 1, 1), SIGMOID, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("values from -0.5 to 0.0");
        assertThatThrownBy(() -> loss.computeScore(row(type, 0, Double.NaN), row(type, 1, 1), SIGMOID, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NaN among them");
        assertThatThrownBy(() -> loss.computeScore(row(type, 0, 1, 1), row(type, 1, 1), SIGMOID, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels must have the shape of the output, [1, 2], got [1, 3]");
    }

    @ParameterizedTest
    @FloatTypes
    void gaussian_withLabelsThatAreNoNumbers_saysSo(DataType type) {
        assertThatThrownBy(() -> new LossGaussian()
                        .computeScore(row(type, 0, Double.POSITIVE_INFINITY), row(type, 1, 1), IDENTITY, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels must be finite");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void gaussian_withoutAProperStandardDeviation_isRefused(double standardDeviation) {
        assertThatThrownBy(() -> new LossGaussian(standardDeviation))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got " + standardDeviation);
    }
}
