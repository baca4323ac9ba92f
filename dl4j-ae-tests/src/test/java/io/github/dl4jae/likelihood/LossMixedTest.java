package io.github.dl4jae.likelihood;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.testing.FloatTypes;
import io.github.dl4jae.testing.GradientCheck;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.VariationalModel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

@Tag("slow")
class LossMixedTest {

    /** Label columns 0–1 numbers, 2–4 and 5–6 categories, 7 a flag, 8 a learned variance, 9 a count; 11 outputs. */
    private static final LossMixed LOSS = new LossMixed.Builder()
            .gaussian(0.5, 2)
            .categorical(3, 2)
            .bernoulli(1)
            .learnedVariance(1)
            .poisson(1)
            .build();

    private static final double[][] X = {
        {0.3, -1.2, 0, 1, 0, 1, 0, 1, 0.4, 3},
        {-0.7, 0.1, 1, 0, 0, 0, 1, 0, -1.5, 0},
        {2.0, 0.9, 0, 0, 1, 0, 1, 1, 0.2, 7}
    };
    private static final double[][] Z = {
        {0.1, -1.0, 0.5, 0.2, -0.3, 1.1, -0.4, 0.8, 0.3, 0.6, 1.4},
        {-0.2, 0.4, -1.5, 0.7, 0.1, 0.0, 0.9, -1.3, -1.0, -2.1, -0.6},
        {1.5, 1.1, 0.3, 0.3, 2.0, -0.7, 0.2, 0.05, 0.9, 1.2, 5.0}
    };
    /** Missing: a number, a category, a flag; the learned variance; a category and the count. */
    private static final double[][] PRESENT = {
        {0, 1, 0, 0, 0, 1, 1, 0, 1, 1},
        {1, 1, 1, 1, 1, 1, 1, 1, 0, 1},
        {1, 1, 1, 1, 1, 0, 0, 1, 1, 0}
    };

    private static INDArray matrix(DataType type, double[][] values) {
        return Nd4j.createFromArray(values).castTo(type);
    }

    /** The sum of the textbook formulas of the terms that are present. */
    private static double byHand(double[] x, double[] z, double[] present) {
        double sum = 0;
        for (int j = 0; j < 2; j++) {
            double scaled = (x[j] - z[j]) / 0.5;
            sum += present[j] * (0.5 * scaled * scaled + Math.log(0.5 * Math.sqrt(2 * Math.PI)));
        }
        sum += present[2] * crossEntropy(x, z, 2, 5) + present[5] * crossEntropy(x, z, 5, 7);
        double p = 1 / (1 + Math.exp(-z[7]));
        sum -= present[7] * (x[7] * Math.log(p) + (1 - x[7]) * Math.log(1 - p));
        double variance = Math.exp(-6 + Math.log(1 + Math.exp(z[9] + 6)));
        double difference = x[8] - z[8];
        sum += present[8] * 0.5 * (difference * difference / variance + Math.log(2 * Math.PI * variance));
        double rate = Math.log(1 + Math.exp(z[10]));
        double factorial = 1;
        for (int i = 2; i <= x[9]; i++) {
            factorial *= i;
        }
        return sum + present[9] * (rate - x[9] * Math.log(rate) + Math.log(factorial));
    }

    private static double crossEntropy(double[] x, double[] z, int from, int to) {
        double sum = 0;
        double hot = 0;
        for (int j = from; j < to; j++) {
            sum += Math.exp(z[j]);
            hot += x[j] * Math.exp(z[j]);
        }
        return -Math.log(hot / sum);
    }

    @Test
    void adjacentPartsOfOneLikelihood_becomeOne() {
        LossMixed loss = new LossMixed.Builder()
                .learnedVariance(2)
                .learnedVariance(1)
                .gaussian(0.5, 1)
                .gaussian(0.25, 1)
                .bernoulli(1)
                .bernoulli(3)
                .categorical(3)
                .categorical(3)
                .build();

        assertThat(loss.getColumns()).containsExactly(3, 1, 1, 4, 3, 3);
        assertThat(loss.outputs()).isEqualTo(18);
    }

    /** The parameters of each step are along the second axis. */
    @Test
    void sample_ofSequences_drawsEachStepOnItsOwn() {
        LossGaussianLearnedVariance loss = new LossGaussianLearnedVariance();
        INDArray output = Nd4j.zeros(DataType.DOUBLE, 2000, 4, 3); // two values in each of three steps
        output.get(NDArrayIndex.all(), NDArrayIndex.point(0), NDArrayIndex.point(2))
                .assign(50);
        output.get(NDArrayIndex.all(), NDArrayIndex.point(1), NDArrayIndex.point(0))
                .assign(-20);

        INDArray x = loss.sample(output, new ActivationIdentity(), 4);

        assertThatArray(x).hasShape(2000, 2, 3);
        // the standard deviation is near 1, that of the mean 0.02
        assertThatArray(x.mean(0)).isCloseTo(Nd4j.createFromArray(new double[][] {{0, 0, 50}, {-20, 0, 0}}), 0.1);
        assertThatArray(x.std(0)).isCloseTo(Nd4j.ones(DataType.DOUBLE, 2, 3), 0.1);
    }

    private static double[] ones() {
        double[] all = new double[10];
        Arrays.fill(all, 1);
        return all;
    }

    @ParameterizedTest
    @FloatTypes
    void value_isTheSumOfTheTextbookFormulas(DataType type) {
        double expected = 0;
        INDArray perExample = LOSS.computeScoreArray(matrix(type, X), matrix(type, Z), LOSS.activation(), null);
        assertThat(perExample.shape()).containsExactly(3, 1);
        for (int i = 0; i < 3; i++) {
            double own = byHand(X[i], Z[i], ones());
            assertThat(perExample.getDouble(i)).isCloseTo(own, within(1e-5));
            expected += own;
        }
        assertThat(LOSS.computeScore(matrix(type, X), matrix(type, Z), LOSS.activation(), null, true))
                .isCloseTo(expected / 3, within(1e-5));
    }

    @ParameterizedTest
    @FloatTypes
    void maskPerLabel_leavesOutMissingCells_whateverTheyHold(DataType type) {
        double expected = 0;
        double[][] x = new double[3][];
        for (int i = 0; i < 3; i++) {
            expected += byHand(X[i], Z[i], PRESENT[i]);
            x[i] = X[i].clone();
            for (int j = 0; j < 10; j++) {
                x[i][j] = PRESENT[i][j] == 0 ? Double.NaN : x[i][j];
            }
        }
        INDArray mask = matrix(type, PRESENT);
        Pair<Double, INDArray> masked =
                LOSS.computeGradientAndScore(matrix(type, x), matrix(type, Z), LOSS.activation(), mask, false);

        assertThat(masked.getFirst()).isCloseTo(expected, within(2e-5));
        INDArray whole = LOSS.computeGradient(matrix(type, X), matrix(type, Z), LOSS.activation(), null);
        int[] labelOfOutput = {0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9};
        for (int i = 0; i < 3; i++) {
            for (int output = 0; output < 11; output++) {
                double present = PRESENT[i][labelOfOutput[output]];
                assertThat(masked.getSecond().getDouble(i, output))
                        .as("row %s, output %s", i, output)
                        .isEqualTo(present == 0 ? 0 : whole.getDouble(i, output));
            }
        }
        assertThatArray(LOSS.computeGradient(matrix(type, x), matrix(type, Z), LOSS.activation(), mask))
                .isEqualTo(masked.getSecond());
    }

    @ParameterizedTest
    @FloatTypes
    void maskPerExample_leavesOutExamples(DataType type) {
        INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {0}, {1}});
        double[][] x = {X[0], new double[10], X[2]};
        Arrays.fill(x[1], Double.NaN);
        Pair<Double, INDArray> masked =
                LOSS.computeGradientAndScore(matrix(type, x), matrix(type, Z), LOSS.activation(), mask, false);

        assertThat(masked.getFirst()).isCloseTo(byHand(X[0], Z[0], ones()) + byHand(X[2], Z[2], ones()), within(1e-5));
        assertThat(masked.getSecond().getRow(1).amaxNumber().doubleValue()).isZero();
    }

    static Stream<INDArray> masks() {
        return Stream.of(null, matrix(DataType.DOUBLE, PRESENT));
    }

    /** Central differences of the textbook formulas. */
    @ParameterizedTest
    @MethodSource("masks")
    void gradient_isTheDifferenceQuotient(INDArray mask) {
        INDArray gradient =
                LOSS.computeGradient(matrix(DataType.DOUBLE, X), matrix(DataType.DOUBLE, Z), LOSS.activation(), mask);
        INDArray inFloats =
                LOSS.computeGradient(matrix(DataType.FLOAT, X), matrix(DataType.FLOAT, Z), LOSS.activation(), mask);
        for (int i = 0; i < 3; i++) {
            double[] present = mask == null ? ones() : PRESENT[i];
            for (int j = 0; j < 11; j++) {
                double[] up = Z[i].clone();
                double[] down = Z[i].clone();
                up[j] += 1e-5;
                down[j] -= 1e-5;
                double quotient = (byHand(X[i], up, present) - byHand(X[i], down, present)) / 2e-5;
                assertThat(gradient.getDouble(i, j)).isCloseTo(quotient, within(1e-8));
                assertThat(inFloats.getDouble(i, j)).isCloseTo(quotient, within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("masks")
    void networkGradients_passTheCheckOfDeeplearning4j(INDArray mask) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(10)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .layer(new FastOutputLayer.Builder(LOSS).nIn(4).build())
                .build());
        network.init();
        INDArray x = matrix(DataType.DOUBLE, X);
        GradientCheck.requireGradient(network, new DataSet(x, x, null, mask));
    }

    /** The formulas of identity, softmax, sigmoid and softplus, for each block by itself. */
    @ParameterizedTest
    @FloatTypes
    void activation_givesMeansProbabilitiesAndRates(DataType type) {
        INDArray y = LOSS.activation().getActivation(matrix(type, Z), false);
        for (int i = 0; i < 3; i++) {
            double sum3 = Math.exp(Z[i][2]) + Math.exp(Z[i][3]) + Math.exp(Z[i][4]);
            double sum2 = Math.exp(Z[i][5]) + Math.exp(Z[i][6]);
            double[] expected = {
                Z[i][0],
                Z[i][1],
                Math.exp(Z[i][2]) / sum3,
                Math.exp(Z[i][3]) / sum3,
                Math.exp(Z[i][4]) / sum3,
                Math.exp(Z[i][5]) / sum2,
                Math.exp(Z[i][6]) / sum2,
                1 / (1 + Math.exp(-Z[i][7])),
                Z[i][8],
                Z[i][9],
                Math.log(1 + Math.exp(Z[i][10]))
            };
            assertThat(y.getRow(i).toDoubleVector()).containsExactly(expected, within(1e-6));
            double[] mean = new double[10];
            System.arraycopy(expected, 0, mean, 0, 9);
            mean[9] = expected[10];
            assertThat(LOSS.mean(y, LOSS.activation()).getRow(i).toDoubleVector())
                    .containsExactly(mean, within(1e-6));
        }
    }

    @Test
    void activation_backprop_isTheDifferenceQuotient() {
        INDArray z = matrix(DataType.DOUBLE, Z);
        INDArray epsilon = Nd4j.linspace(DataType.DOUBLE, -1, 0.07, 33).reshape(3, 11);
        INDArray gradient = LOSS.activation().backprop(z.dup(), epsilon.dup()).getFirst();
        for (long i = 0; i < z.length(); i++) {
            INDArray up = z.dup().putScalar(i, z.getDouble(i) + 1e-5);
            INDArray down = z.dup().putScalar(i, z.getDouble(i) - 1e-5);
            double quotient = (LOSS.activation()
                                    .getActivation(up, true)
                                    .mul(epsilon)
                                    .sumNumber()
                                    .doubleValue()
                            - LOSS.activation()
                                    .getActivation(down, true)
                                    .mul(epsilon)
                                    .sumNumber()
                                    .doubleValue())
                    / 2e-5;
            assertThat(gradient.getDouble(i)).isCloseTo(quotient, within(1e-8));
        }
    }

    @Test
    void configuration_isRestoredFromJson() {
        StoredLoss.requireRestored(new FastOutputLayer.Builder(LOSS).nIn(4).build());
        StoredLoss.requireRestored(new OutputLayer.Builder(LOSS)
                .nIn(4)
                .nOut(11)
                .activation(LOSS.activation())
                .build());
        FastOutputLayer layer = new FastOutputLayer.Builder(LOSS).nIn(4).build();
        assertThat(layer.getNOut()).isEqualTo(11);
        assertThat(layer.getActivationFn()).isEqualTo(LOSS.activation()).hasSameHashCodeAs(LOSS.activation());
        assertThat(LOSS)
                .hasToString("LossMixed(LossGaussian(0.5) × 2, LossCategorical([3, 2]) × 5, LossBernoulli() × 1,"
                        + " LossGaussianLearnedVariance(-6.0) × 1, LossPoissonNll() × 1)")
                .isNotEqualTo(new LossMixed.Builder().gaussian(0.5, 2).build());
    }

    /** 20,000 draws of one row: means within 5 standard errors of E[x], and the deviations of the numbers. */
    @Test
    void samples_haveTheMomentsOfTheDistributions() {
        int n = 20_000;
        INDArray y = LOSS.activation().getActivation(matrix(DataType.DOUBLE, Z).getRows(0), false);
        INDArray x = LOSS.sample(Nd4j.repeat(y, n).reshape(n, 11), LOSS.activation(), 7);

        double rate = Math.log(1 + Math.exp(Z[0][10]));
        double[] variance = {0.25, 0.25, 0, 0, 0, 0, 0, 0, Math.exp(-6 + Math.log1p(Math.exp(6 + Z[0][9]))), rate};
        INDArray mean = LOSS.mean(y, LOSS.activation());
        for (int j = 0; j < 10; j++) {
            double m = mean.getDouble(j);
            double expected = j >= 2 && j < 8 ? m * (1 - m) : variance[j];
            assertThat(x.getColumn(j).meanNumber().doubleValue())
                    .as("column %s", j)
                    .isCloseTo(m, within(5 * Math.sqrt(expected / n)));
            assertThat(x.getColumn(j).varNumber().doubleValue()).isCloseTo(expected, within(0.05 * expected));
        }
        double covariance = x.getColumn(0)
                .sub(mean.getDouble(0))
                .mul(x.getColumn(8).sub(mean.getDouble(8)))
                .meanNumber()
                .doubleValue();
        assertThat(covariance)
                .as("parts are independent")
                .isCloseTo(0, within(5 * Math.sqrt(variance[0] * variance[8] / n)));
        assertThat(x.getColumns(2, 3, 4).sum(1).toDoubleVector()).containsOnly(1);
        assertThat(x.getColumns(5, 6).sum(1).toDoubleVector()).containsOnly(1);
        assertThatArray(LOSS.sample(y, LOSS.activation(), 3)).isEqualTo(LOSS.sample(y, LOSS.activation(), 3));
        assertThat(LOSS.sample(y, LOSS.activation(), 3)).isNotEqualTo(LOSS.sample(y, LOSS.activation(), 4));
    }

    /** Mean and variance of a Poisson variable are its rate, whichever way it is drawn. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 5, 63, 65, 5000, 2e6})
    void poissonSamples_haveMeanAndVarianceOfTheRate(double rate) {
        int n = 5000;
        INDArray x = new LossPoissonNll()
                .sample(Nd4j.valueArrayOf(new long[] {n, 1}, rate, DataType.DOUBLE), new ActivationStableSoftplus(), 1);
        assertThat(x.meanNumber().doubleValue()).isCloseTo(rate, within(5 * Math.sqrt(rate / n)));
        assertThat(x.varNumber().doubleValue()).isCloseTo(rate, within(0.25 * rate + 0.01));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.3, 0.5, 0.9, 1})
    void continuousBernoulliSamples_haveTheMean(double p) {
        INDArray y = Nd4j.valueArrayOf(new long[] {20_000, 1}, p, DataType.DOUBLE);
        IActivation sigmoid = Activation.SIGMOID.getActivationFunction();
        INDArray x = new LossContinuousBernoulli().sample(y, sigmoid, 1);
        assertThat(x.meanNumber().doubleValue())
                .isCloseTo(new LossContinuousBernoulli().mean(y, sigmoid).getDouble(0), within(0.01));
        assertThat(x.minNumber().doubleValue()).isGreaterThanOrEqualTo(0);
    }

    @Test
    void categoricalSamples_areTheSame_fromLogitsAndFromProbabilities() {
        INDArray logits = Nd4j.createFromArray(new double[][] {{0, 1, -1}, {3, 0, 0}});
        INDArray p = new ActivationSoftmax().getActivation(logits.dup(), false);
        LossCategorical loss = new LossCategorical(3);
        assertThatArray(loss.sample(logits, new ActivationIdentity(), 5))
                .isEqualTo(loss.sample(p, new ActivationSoftmax(), 5));
    }

    private static MultiLayerNetwork autoencoder(DataType type) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .updater(new Adam(0.01))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(10)
                        .nOut(16)
                        .activation(Activation.TANH)
                        .build())
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nIn(16)
                        .nOut(2)
                        .build())
                .layer(new FastDenseLayer.Builder()
                        .nIn(2)
                        .nOut(16)
                        .activation(Activation.TANH)
                        .build())
                .layer(new FastOutputLayer.Builder(LOSS).nIn(16).build())
                .build());
        network.init();
        return network;
    }

    /** A table in which one hidden class decides everything. */
    private static double[][] table(int rows) {
        double[][] x = new double[rows][];
        for (int i = 0; i < rows; i++) {
            x[i] = i % 2 == 0
                    ? new double[] {1, -1, 1, 0, 0, 1, 0, 1, 1, 8}
                    : new double[] {-1, 1, 0, 1, 0, 0, 1, 0, -1, 1};
        }
        return x;
    }

    @ParameterizedTest
    @FloatTypes
    void variationalAutoencoder_trainsWithMissingCells_andFillsThem(DataType type) {
        MultiLayerNetwork network = autoencoder(type);
        double[][] features = table(64);
        double[][] labels = table(64);
        INDArray mask = Nd4j.ones(type, 64, 10);
        for (int i = 0; i < 64; i += 3) {
            features[i][9] = 0;
            labels[i][9] = Double.NaN;
            mask.putScalar(i, 9, 0);
        }
        DataSet data = new DataSet(matrix(type, features), matrix(type, labels), null, mask);
        network.fit(data);
        double before = network.score(data);
        for (int i = 0; i < 300; i++) {
            network.fit(data);
        }
        assertThat(network.score(data)).isFinite().isLessThan(before - 3);

        network.clearLayerMaskArrays();
        VariationalModel model = VariationalModel.of(network, "z");
        INDArray filled = model.reconstruct(matrix(type, features));
        assertThat(filled.shape()).containsExactly(64, 10);
        assertThat(filled.getDouble(0, 9)).as("the missing count of row 0").isCloseTo(8, within(2.0));
        INDArray parameters = network.output(matrix(type, features));
        assertThat(parameters.shape()).containsExactly(64, 11);
        INDArray drawn = model.sample(model.encode(matrix(type, features)), 1);
        assertThatArray(drawn).isEqualTo(LOSS.sample(parameters, LOSS.activation(), 1));
        assertThat(drawn.getColumns(2, 3, 4).sum(1).toDoubleVector()).containsOnly(1);
        LikelihoodEstimate evidence = LikelihoodEstimate.estimate(model, matrix(type, table(64)), 5, 1);
        assertThat(evidence.negativeLogLikelihood()).isFinite();
    }

    /** With one example, a mask per label must not be taken for a mask per example. */
    @Test
    void batchOfOneExample_isMaskedPerLabel() {
        INDArray z = matrix(DataType.FLOAT, Z).getRows(0);
        INDArray mask = matrix(DataType.FLOAT, PRESENT).getRows(0);
        assertThat(LOSS.computeScore(matrix(DataType.FLOAT, X).getRows(0), z, LOSS.activation(), mask, false))
                .isCloseTo(byHand(X[0], Z[0], PRESENT[0]), within(1e-5));
    }

    @Test
    void parts_ofTheWrongKindOrWidth_areRefused() {
        LossMixed.Builder builder = new LossMixed.Builder();
        assertThatThrownBy(builder::build).hasMessageStartingWith("LossMixed: there must be at least one part");
        assertThatThrownBy(() -> new LossMixed.Builder()
                        .gaussian(1, 2)
                        .add(new LossCategorical(3), 4)
                        .build())
                .hasMessage("LossMixed: part 1: LossCategorical([3]): the columns must be a multiple of 3, got 4; give"
                        + " the number of classes of each variable");
        assertThatThrownBy(() -> new LossMixed.Builder().add(new LossMSE(), 1).build())
                .hasMessageStartingWith("LossMixed: part 0: it must be a likelihood of this package");
        assertThatThrownBy(() -> new LossMixed.Builder().add(LOSS, 10).build())
                .hasMessageStartingWith("LossMixed: part 0: it must be a likelihood of this package");
        assertThatThrownBy(() -> new LossMixed.Builder().poisson(0).build())
                .hasMessageContaining("columns must be at least 1, got 0");
        assertThatThrownBy(() -> new ActivationMixed(List.of(new ActivationIdentity()), 1, 2))
                .hasMessageContaining("1 activations and 2 numbers");
    }

    @Test
    void labelsOfAnotherKind_areRefusedWithTheirPart() {
        INDArray z = matrix(DataType.FLOAT, Z);
        INDArray x = matrix(DataType.FLOAT, X);
        IActivation activation = LOSS.activation();
        assertThatThrownBy(() -> LOSS.computeScore(x.dup().putScalar(0, 7, 2), z, activation, null, false))
                .hasMessageStartingWith("LossMixed: part 2, label columns 7: LossBernoulli: labels must be in [0, 1]");
        assertThatThrownBy(() -> LOSS.computeScore(x.dup().putScalar(1, 9, -1), z, activation, null, false))
                .hasMessageStartingWith("LossMixed: part 4, label columns 9: LossPoissonNll");
        INDArray wide = Nd4j.ones(DataType.FLOAT, 3, 11);
        assertThatThrownBy(() -> LOSS.computeScore(wide, z, activation, null, false))
                .hasMessageContaining(
                        "labels must have the shape [3, 10], got [3, 11]; the parts have the columns 0–1, 2–6, 7, 8,"
                                + " 9");
        assertThatThrownBy(() -> LOSS.computeScore(x, x, activation, null, false))
                .hasMessageContaining("the output layer must have 11 outputs, got [3, 10]");
        ILossFunction loss = LOSS;
        assertThatThrownBy(() -> loss.computeScore(x, z, new ActivationIdentity(), null, false))
                .hasMessageContaining("the output layer's activation must be that of the loss");
        assertThatThrownBy(() -> LOSS.computeScore(x, z, activation, wide, false))
                .hasMessageContaining("the mask must have a column, or the shape of the labels, [3, 10], got [3, 11]");
        INDArray split = Nd4j.ones(DataType.FLOAT, 3, 10).putScalar(1, 3, 0);
        assertThatThrownBy(() -> LOSS.computeScore(x, z, activation, split, false))
                .hasMessageStartingWith(
                        "LossMixed: part 1, label columns 2–6: LossCategorical: the mask must have equal"
                                + " values for all classes of a variable, got 1.0 and 0.0 in row 1");
    }
}
