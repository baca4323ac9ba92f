package io.github.dl4jae.timeseries;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.convolutional.FastConvolution1DLayer;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.testing.GradientCheck;
import io.github.dl4jae.testing.Networks;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.MultivariateNormalDistribution;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

class LossSeriesTest {

    private static final IActivation IDENTITY = Activation.IDENTITY.getActivationFunction();
    private static final double[] X = {0.3, -0.2, 0.9, 0.1};
    private static final double[] Y = {0.1, 0.4, 0.5, -0.3};

    /** The covariance of a step: the inverse of 2w (I + ρ/F² 11ᵀ), by Gaussian elimination. */
    private static RealMatrix covariance(double w, double rho) {
        int n = X.length;
        RealMatrix precision = MatrixUtils.createRealMatrix(n, n);
        IntStream.range(0, n * n)
                .forEach(
                        at -> precision.setEntry(at / n, at % n, 2 * w * ((at / n == at % n ? 1 : 0) + rho / (n * n))));
        return new LUDecomposition(precision).getSolver().getInverse();
    }

    private static double[] of(double[] values, int[] present) {
        return Arrays.stream(present).mapToDouble(i -> values[i]).toArray();
    }

    private static INDArray row(double... values) {
        return Nd4j.createFromArray(new double[][] {values});
    }

    static Stream<int[]> presentFeatures() {
        return Stream.of(new int[] {0, 1, 2, 3}, new int[] {0, 2, 3}, new int[] {1, 3}, new int[] {2});
    }

    /** The density of Commons Math, for the part of the covariance that belongs to the features that are present. */
    @ParameterizedTest
    @MethodSource("presentFeatures")
    void loss_isTheNegativeLogDensityOfTheFeaturesThatArePresent(int[] present) {
        double[] mask = new double[X.length];
        double[] labels = X.clone();
        Arrays.fill(labels, Double.NaN);
        Arrays.stream(present).forEach(i -> {
            mask[i] = 1;
            labels[i] = X[i];
        });
        RealMatrix part = covariance(3, 1.5).getSubMatrix(present, present);
        double density = new MultivariateNormalDistribution(of(Y, present), part.getData()).density(of(X, present));

        double loss = new LossSeries(3, 1.5).computeScore(row(labels), row(Y), IDENTITY, row(mask), false);

        assertThat(loss).isCloseTo(-Math.log(density), within(1e-9));
    }

    /** e = (0.2, −0.6, 0.4, 0.4), Σ e² = 0.72, mean e = 0.1: 3·(0.72 + 0.01) by the program of the authors. */
    @Test
    void lossWithoutConstant_isThatOfTheAuthors() {
        double constant = 2 * Math.log(Math.PI / 3) - 0.5 * Math.log(1.25);

        double loss = new LossSeries(3, 1).computeScore(row(X), row(Y), IDENTITY, null, false);

        assertThat(loss - constant).isCloseTo(3 * 0.73, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 3})
    void lossWithoutWeightOfTheMean_isThatOfIndependentGaussians(double w) {
        double expected = new LossGaussian(Math.sqrt(1 / (2 * w))).computeScore(row(X), row(Y), IDENTITY, null, false);

        assertThat(new LossSeries(w, 0).computeScore(row(X), row(Y), IDENTITY, null, false))
                .isCloseTo(expected, within(1e-9));
    }

    private static MultiLayerNetwork trainable() {
        return Networks.initialized(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list()
                .layer(new FastConvolution1DLayer.Builder(1)
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new RnnLossLayer.Builder(new LossSeries(2, 4))
                        .activation(Activation.TANH)
                        .build())
                .setInputType(InputType.recurrent(3, 5)));
    }

    @Test
    void gradient_agreesWithCentralDifferences() {
        Nd4j.getRandom().setSeed(1);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 4, 3, 5);
        INDArray mask = Nd4j.rand(DataType.DOUBLE, 4, 3, 5).gt(0.3).castTo(DataType.DOUBLE);

        GradientCheck.requireGradient(trainable(), new DataSet(x, x));
        GradientCheck.requireGradient(trainable(), new DataSet(x, x, null, mask));
    }

    /** The stock output layer hands the values of one step to the loss in one row, and sums the steps of a series. */
    @Test
    void losses_ofSeries_areSumsOverSteps() {
        MultiLayerNetwork network = trainable();
        Nd4j.getRandom().setSeed(2);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 3, 5);
        INDArray y = network.output(x);
        double[] expected = new double[2];
        IntStream.range(0, 10)
                .forEach(at -> expected[at / 5] += new LossSeries(2, 4)
                        .computeScore(
                                row(x.slice(at / 5).getColumn(at % 5).toDoubleVector()),
                                row(y.slice(at / 5).getColumn(at % 5).toDoubleVector()),
                                IDENTITY,
                                null,
                                false));

        assertThat(network.scoreExamples(new DataSet(x, x), false).toDoubleVector())
                .containsExactly(expected, within(1e-9));
        assertThat(network.score(new DataSet(x, x))).isCloseTo((expected[0] + expected[1]) / 2, within(1e-9));
    }

    @Test
    void samples_haveTheCovariance() {
        int count = 40_000;
        INDArray output = Nd4j.createFromArray(Y).reshape(1, 4, 1).broadcast(count, 4, 1);

        INDArray samples = new LossSeries(3, 8).sample(output, IDENTITY, 5);

        RealMatrix found = new Covariance(samples.reshape(count, 4).toDoubleMatrix()).getCovarianceMatrix();
        assertThatArray(samples.mean(0).reshape(1, 4)).isCloseTo(row(Y), 0.01);
        assertThat(found.subtract(covariance(3, 8)).getNorm()).isLessThan(0.01);
    }

    @Test
    void samples_dependOnTheSeedAlone() {
        INDArray output = Nd4j.zeros(DataType.FLOAT, 2, 4, 3);
        LossSeries loss = new LossSeries(3, 1);

        assertThatArray(loss.sample(output, IDENTITY, 5)).isEqualTo(loss.sample(output.dup('f'), IDENTITY, 5));
        assertThat(loss.sample(output, IDENTITY, 6)).isNotEqualTo(loss.sample(output, IDENTITY, 5));
    }

    @Test
    void loss_survivesJson() {
        MultiLayerConfiguration configuration = trainable().getLayerWiseConfigurations();

        assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        assertThat(new LossSeries(2, 4)).isNotEqualTo(new LossSeries(2, 3)).isNotEqualTo(new LossSeries(3, 4));
    }

    @ParameterizedTest
    @CsvSource({"0, 1, weight", "NaN, 1, weight", "3, -1, meanWeight"})
    void weightOutOfRange_isRefused(double weight, double meanWeight, String name) {
        assertThatThrownBy(() -> new LossSeries(weight, meanWeight))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LossSeries: " + name);
    }

    @Test
    void labelsAndMasksOfAnotherShape_areRefused() {
        LossSeries loss = new LossSeries(3, 1);

        assertThatThrownBy(() -> loss.computeScore(row(1, 2), row(Y), IDENTITY, null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels must have the shape");
        assertThatThrownBy(() -> loss.computeScore(row(X), row(Y), IDENTITY, row(1, 0), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[1, 1] or [1, 4], got [1, 2]");
        assertThatThrownBy(() -> loss.computeScore(row(X), row(Y), IDENTITY, row(1, 0, 0.5, 1), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 and 1 only");
    }
}
