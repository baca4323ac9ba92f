package io.github.dl4jae.convolutional;

import static io.github.dl4jae.convolutional.ImageNetworks.EXAMPLES;
import static io.github.dl4jae.convolutional.ImageNetworks.HEIGHT;
import static io.github.dl4jae.convolutional.ImageNetworks.ROUNDING;
import static io.github.dl4jae.convolutional.ImageNetworks.WIDTH;
import static io.github.dl4jae.convolutional.ImageNetworks.base;
import static io.github.dl4jae.convolutional.ImageNetworks.features;
import static io.github.dl4jae.convolutional.ImageNetworks.gradients;
import static io.github.dl4jae.convolutional.ImageNetworks.images;
import static io.github.dl4jae.convolutional.ImageNetworks.labels;
import static io.github.dl4jae.convolutional.ImageNetworks.requireClose;
import static io.github.dl4jae.convolutional.ImageNetworks.slope;
import static io.github.dl4jae.convolutional.ImageNetworks.withLoss;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.dl4jae.likelihood.ActivationStableSoftplus;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossCategorical;
import io.github.dl4jae.likelihood.LossContinuousBernoulli;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.likelihood.LossGaussianLearnedVariance;
import io.github.dl4jae.likelihood.LossPoissonNll;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** The likelihoods of this library as losses of images. */
class FastCnnLossLayerLikelihoodsTest {

    /** The error of a central difference with the curvature of e^z, relative to the norm of the gradient. */
    private static final double SLOPE = 5e-4;

    private static MultiLayerNetwork network(
            int channels, CNN2DFormat format, ILossFunction loss, IActivation activation) {
        return withLoss(
                base(),
                images(2, format),
                channels,
                new FastCnnLossLayer.Builder(loss).activation(activation).build());
    }

    private static DataSet data(int channels, CNN2DFormat format) {
        return new DataSet(features(images(2, format), EXAMPLES), labels(channels, format));
    }

    static Stream<Arguments> elementwise() {
        IActivation sigmoid = Activation.SIGMOID.getActivationFunction();
        IActivation identity = Activation.IDENTITY.getActivationFunction();
        return Stream.of(
                        arguments(new LossBernoulli(), sigmoid),
                        arguments(new LossContinuousBernoulli(), sigmoid),
                        arguments(new LossGaussian(0.5), identity),
                        arguments(new LossGaussian(0.5), sigmoid),
                        arguments(new LossGaussian(0.5), Activation.ELU.getActivationFunction()),
                        arguments(new LossPoissonNll(), identity),
                        arguments(new LossPoissonNll(), new ActivationStableSoftplus()))
                .flatMap(loss -> Stream.of(1, 3).map(channels -> arguments(loss.get()[0], loss.get()[1], channels)));
    }

    /** A stock loss layer sees an image as one example with a feature per value. */
    @ParameterizedTest
    @MethodSource("elementwise")
    void numbers_areThoseOfFlattenedImages(ILossFunction loss, IActivation activation, int channels) {
        MultiLayerNetwork ofImages = network(channels, CNN2DFormat.NCHW, loss, activation);
        MultiLayerNetwork flattened = withLoss(
                base(),
                images(2, CNN2DFormat.NCHW),
                channels,
                new LossLayer.Builder(loss).activation(activation).build());
        DataSet data = data(channels, CNN2DFormat.NCHW);
        DataSet flat = new DataSet(
                data.getFeatures(), data.getLabels().reshape('c', EXAMPLES, (long) channels * HEIGHT * WIDTH));

        double score = flattened.score(flat);
        assertThat(ofImages.score(data)).isCloseTo(score, within(ROUNDING * Math.abs(score)));
        requireClose(ofImages.scoreExamples(data, false), flattened.scoreExamples(flat, false), ROUNDING);
        requireClose(
                gradients(ofImages, data).getFirst().gradient(),
                gradients(flattened, flat).getFirst().gradient(),
                ROUNDING);
        requireClose(
                ofImages.output(data.getFeatures())
                        .reshape('c', flat.getLabels().shape()),
                flattened.output(data.getFeatures()),
                ROUNDING);
    }

    /** A mask takes a row per pixel instead of one per image. */
    @ParameterizedTest
    @MethodSource("elementwise")
    void numbers_underAMaskOfOnes_areThoseWithoutAMask(ILossFunction loss, IActivation activation, int channels) {
        MultiLayerNetwork network = network(channels, CNN2DFormat.NHWC, loss, activation);
        DataSet data = data(channels, CNN2DFormat.NHWC);
        DataSet masked = new DataSet(
                data.getFeatures(), data.getLabels(), null, Nd4j.ones(DataType.FLOAT, EXAMPLES, HEIGHT, WIDTH, 1));

        double score = network.score(data);
        assertThat(network.score(masked)).isCloseTo(score, within(ROUNDING * Math.abs(score)));
        requireClose(network.scoreExamples(masked, false), network.scoreExamples(data, false), ROUNDING);
        MultiLayerNetwork same = network.clone();
        network.fit(data);
        same.fit(masked);
        requireClose(same.params(), network.params(), ROUNDING);
    }

    /** The loss of a value x with the output y. */
    @FunctionalInterface
    private interface Term {
        double of(double x, double y);
    }

    static Stream<Arguments> formulas() {
        Term bernoulli = (x, y) -> -x * Math.log(y) - (1 - x) * Math.log1p(-y);
        Term gaussian = (x, y) -> 2 * (x - y) * (x - y) + Math.log(0.5) + 0.5 * Math.log(2 * Math.PI);
        Term poisson = (x, y) -> y - x * Math.log(y);
        return Stream.of(CNN2DFormat.values())
                .flatMap(format -> Stream.of(
                        arguments(new LossBernoulli(), Activation.SIGMOID.getActivationFunction(), format, bernoulli),
                        arguments(new LossGaussian(0.5), Activation.TANH.getActivationFunction(), format, gaussian),
                        arguments(new LossPoissonNll(), new ActivationStableSoftplus(), format, poisson)));
    }

    @ParameterizedTest
    @MethodSource("formulas")
    void score_isTheSumOfTheFormula(ILossFunction loss, IActivation activation, CNN2DFormat format, Term term) {
        MultiLayerNetwork network = network(3, format, loss, activation);
        INDArray binary = labels(3, format).gt(0.5); // so that ln x! is 0
        DataSet data = new DataSet(features(images(2, format), EXAMPLES), binary.castTo(DataType.FLOAT));

        double[] x = data.getLabels().dup('c').data().asDouble();
        double[] y = network.output(data.getFeatures()).dup('c').data().asDouble();
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += term.of(x[i], y[i]);
        }

        double expected = sum / EXAMPLES;
        assertThat(network.score(data)).isCloseTo(expected, within(ROUNDING * Math.abs(expected)));
    }

    @ParameterizedTest
    @MethodSource("elementwise")
    void gradient_isThatOfTheScore(ILossFunction loss, IActivation activation, int channels) {
        requireSlope(network(channels, CNN2DFormat.NHWC, loss, activation), data(channels, CNN2DFormat.NHWC));
    }

    private static void requireSlope(MultiLayerNetwork network, DataSet data) {
        Nd4j.getRandom().setSeed(21);
        INDArray direction = Nd4j.randn(DataType.FLOAT, network.params().shape());
        direction.divi(direction.norm2Number());
        INDArray gradient = gradients(network, data).getFirst().gradient();
        assertThat(gradient.mul(direction).sumNumber().doubleValue())
                .isCloseTo(
                        slope(network, data, network.params(), direction),
                        within(SLOPE * gradient.norm2Number().doubleValue()));
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void learnedVariance_takesLabelsWithHalfTheChannels(CNN2DFormat format) {
        MultiLayerNetwork network =
                network(4, format, new LossGaussianLearnedVariance(-3), Activation.IDENTITY.getActivationFunction());
        DataSet data = data(2, format);

        double expected = learnedVariance(
                channelsLast(data.getLabels(), format), channelsLast(network.output(data.getFeatures()), format));

        assertThat(network.score(data)).isCloseTo(expected, within(ROUNDING * expected));
        assertThat(network.scoreExamples(data, false).meanNumber().doubleValue())
                .isCloseTo(expected, within(ROUNDING * expected));
        requireSlope(network, data);
        network.fit(data);
        assertThat(network.score()).isCloseTo(expected, within(ROUNDING * expected));
        assertThat(network.score(data)).isLessThan(expected);
    }

    private static INDArray channelsLast(INDArray images, CNN2DFormat format) {
        return format == CNN2DFormat.NCHW ? images.permute(0, 2, 3, 1) : images;
    }

    /** Two labels per pixel, and their means before the arguments of their variances. */
    private static double learnedVariance(INDArray labels, INDArray outputs) {
        double[] x = labels.dup('c').data().asDouble();
        double[] z = outputs.dup('c').data().asDouble();
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            int pixel = i / 2;
            double y = z[4 * pixel + i % 2];
            double v = -3 + Math.log1p(Math.exp(z[4 * pixel + 2 + i % 2] + 3));
            sum += 0.5 * ((x[i] - y) * (x[i] - y) * Math.exp(-v) + v + Math.log(2 * Math.PI));
        }
        return sum / EXAMPLES;
    }

    /** Each pixel is a variable. */
    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void categorical_perPixel_isTheCrossEntropyOfThePixels(CNN2DFormat format) {
        MultiLayerNetwork network =
                network(3, format, new LossCategorical(3), Activation.IDENTITY.getActivationFunction());
        MultiLayerNetwork crossEntropy =
                network(3, format, new LossMCXENT(), Activation.SOFTMAX.getActivationFunction());
        DataSet data = data(3, format);
        INDArray shares = data.getLabels();
        shares.divi(shares.sum(true, format == CNN2DFormat.NCHW ? 1 : 3));

        double expected = crossEntropy.score(data);
        assertThat(network.score(data)).isCloseTo(expected, within(ROUNDING * expected));
        requireClose(network.scoreExamples(data, false), crossEntropy.scoreExamples(data, false), ROUNDING);
        requireClose(
                gradients(network, data).getFirst().gradient(),
                gradients(crossEntropy, data).getFirst().gradient(),
                ROUNDING);
    }
}
