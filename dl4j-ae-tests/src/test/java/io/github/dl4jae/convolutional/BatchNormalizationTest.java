package io.github.dl4jae.convolutional;

import static io.github.dl4jae.convolutional.ImageNetworks.EXAMPLES;
import static io.github.dl4jae.convolutional.ImageNetworks.ROUNDING;
import static io.github.dl4jae.convolutional.ImageNetworks.base;
import static io.github.dl4jae.convolutional.ImageNetworks.configuration;
import static io.github.dl4jae.convolutional.ImageNetworks.data;
import static io.github.dl4jae.convolutional.ImageNetworks.features;
import static io.github.dl4jae.convolutional.ImageNetworks.images;
import static io.github.dl4jae.convolutional.ImageNetworks.requireClose;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.fit;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.dense.FastLayers;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Values of batch normalization by hand, and what the stock layer gets wrong. */
class BatchNormalizationTest {

    private static final int CHANNELS = 2;
    private static final InputType IMAGES = images(CHANNELS, CNN2DFormat.NCHW);

    private static MultiLayerNetwork network(InputType input, FastBatchNormalizationLayer.Builder layer) {
        return initialized(base().list().layer(layer.build()).setInputType(input));
    }

    private static INDArray train(MultiLayerNetwork network, INDArray x) {
        network.setInput(x);
        return network.feedForward(true, false).get(1);
    }

    private static INDArray backprop(MultiLayerNetwork network, INDArray epsilon) {
        return network.backpropGradient(epsilon, LayerWorkspaceMgr.noWorkspaces())
                .getSecond();
    }

    private static INDArray column(DataType type, double... values) {
        return Nd4j.createFromArray(values).castTo(type).reshape(values.length, 1);
    }

    static Stream<DataType> types() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE);
    }

    /**
     * x = 1, 3, 8: μ = 4, v = 26/3; with eps = 1/3, σ = 3 and x̂ = −1, −1/3, 4/3. With γ = 2 and ε = 3, 0, 0: ∂β = 3,
     * ∂γ = −3, and ∂x = 2/3 · (ε − 1 + x̂).
     */
    @ParameterizedTest
    @MethodSource("types")
    void passes_ofThreeNumbers_giveTheValuesByHand(DataType type) {
        MultiLayerNetwork network = initialized(base().dataType(type)
                .list()
                .layer(new FastBatchNormalizationLayer.Builder()
                        .eps(1 / 3.0)
                        .gamma(2)
                        .beta(1)
                        .useLogStd(false)
                        .build())
                .setInputType(InputType.feedForward(1)));

        INDArray y = train(network, column(type, 1, 3, 8));
        INDArray dx = backprop(network, column(type, 3, 0, 0));

        assertThatArray(y).isCloseTo(column(type, -1, 1 / 3.0, 11 / 3.0), 1e-6);
        assertThatArray(dx).isCloseTo(column(type, 2 / 3.0, -8 / 9.0, 2 / 9.0), 1e-6);
        INDArray gradient = network.getLayer(0).getGradientsViewArray().reshape(4);
        assertThatArray(gradient)
                .isCloseTo(
                        Nd4j.createFromArray(-3, 3, -0.4, (1 - 26 / 3.0) * 0.1).castTo(type), 1e-6);
    }

    /** The running values are 0 and 1: μ = 0, and σ = √(1 + 3). */
    @Test
    void inference_withoutTraining_usesTheFirstRunningValues() {
        MultiLayerNetwork network = network(InputType.feedForward(1), new FastBatchNormalizationLayer.Builder().eps(3));

        assertThatArray(network.output(column(DataType.FLOAT, 1, 3))).isCloseTo(column(DataType.FLOAT, 0.5, 1.5), 1e-6);
    }

    /** Float32 has 24 bits: the mean takes 17 of them here. */
    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void output_ofImagesFarFromZero_hasTheRightMoments(CNN2DFormat format) {
        InputType input = images(CHANNELS, format);
        MultiLayerNetwork network = network(input, new FastBatchNormalizationLayer.Builder());
        INDArray x = features(input, 300).addi(100_000);

        INDArray y = train(network, x).castTo(DataType.DOUBLE);

        INDArray exact = x.castTo(DataType.DOUBLE);
        int[] others = format == CNN2DFormat.NCHW ? new int[] {0, 2, 3} : new int[] {0, 1, 2};
        INDArray first = exact.tensorAlongDimension(0, others);
        double mean = first.meanNumber().doubleValue();
        double deviation = Math.sqrt(first.varNumber().doubleValue() + 1e-5);
        assertThatArray(y.tensorAlongDimension(0, others).dup('c'))
                .isCloseTo(first.sub(mean).divi(deviation).dup('c'), 0.005); // the mean of the formula is a float32
        assertThat(y.tensorAlongDimension(0, others).varNumber().doubleValue()).isCloseTo(1, within(1e-3));
    }

    static Stream<Arguments> locked() {
        return Stream.of(CNN2DFormat.values())
                .flatMap(format -> Stream.of(Arguments.of(format, 2, 0), Arguments.of(format, 1, 0.5)));
    }

    /** The stock layer returns x̂ here. */
    @ParameterizedTest
    @MethodSource("locked")
    void lockedGammaOrBeta_areUsed(CNN2DFormat format, double gamma, double beta) {
        InputType input = images(CHANNELS, format);
        INDArray x = features(input, EXAMPLES);
        INDArray normalized = train(network(input, new FastBatchNormalizationLayer.Builder()), x);

        MultiLayerNetwork network = network(
                input,
                new FastBatchNormalizationLayer.Builder()
                        .lockGammaBeta(true)
                        .gamma(gamma)
                        .beta(beta));

        assertThat(network.numParams()).isEqualTo(2 * CHANNELS);
        requireClose(train(network, x), normalized.mul(gamma).addi(beta), 1e-6);
    }

    /** The stock layer ignores the option. */
    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void runningValues_ofAllData_areThoseOfTheLastBatch(CNN2DFormat format) {
        InputType input = images(CHANNELS, format);
        MultiLayerNetwork network = initialized(configuration(
                input,
                new FastBatchNormalizationLayer.Builder().minibatch(false).build()));
        DataSet data = data(input, EXAMPLES);
        fit(network, data, 2);

        INDArray inTraining =
                network.feedForward(data.getFeatures(), true).get(1).dup();

        requireClose(network.feedForward(data.getFeatures(), false).get(1), inTraining, ROUNDING);
    }

    /** A channel without variance has no logarithm of it. */
    @Test
    void runningValues_ofAConstantChannel_stayFinite() {
        MultiLayerNetwork network = initialized(configuration(
                InputType.feedForward(3),
                new FastBatchNormalizationLayer.Builder().minibatch(false).build()));
        DataSet data = new DataSet(Nd4j.ones(DataType.FLOAT, 4, 3), Nd4j.rand(DataType.FLOAT, 4, ImageNetworks.LABELS));

        fit(network, data, 3);

        assertThat(network.params().sumNumber().doubleValue()).isFinite();
        assertThat(network.score(data)).isFinite();
    }

    /** The stock layer ignores both. */
    @Test
    void constraints_ofGammaOrBeta_areApplied() {
        MultiLayerNetwork network = initialized(configuration(
                IMAGES,
                new FastBatchNormalizationLayer.Builder()
                        .gamma(-1)
                        .beta(-1)
                        .constrainGamma(new NonNegativeConstraint())
                        .build(),
                new FastBatchNormalizationLayer.Builder()
                        .gamma(-1)
                        .beta(-1)
                        .constrainBeta(new NonNegativeConstraint())
                        .build()));

        fit(network, data(IMAGES, EXAMPLES), 1);

        assertThat(network.getParam("0_gamma").minNumber().doubleValue()).isZero();
        assertThat(network.getParam("0_beta").maxNumber().doubleValue()).isNegative();
        assertThat(network.getParam("1_gamma").maxNumber().doubleValue()).isNegative();
        assertThat(network.getParam("1_beta").minNumber().doubleValue()).isZero();
    }

    @Test
    void frozenLayer_keepsItsRunningValues() {
        MultiLayerNetwork network =
                initialized(configuration(IMAGES, new FrozenLayer(new FastBatchNormalizationLayer.Builder().build())));
        INDArray before = network.getLayer(0).params().dup();

        fit(network, data(IMAGES, EXAMPLES), 2);

        assertThatArray(network.getLayer(0).params()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void passes_keepChannelsLastInMemory(CNN2DFormat format) {
        InputType input = images(CHANNELS, format);
        Layer layer = network(input, new FastBatchNormalizationLayer.Builder()).getLayer(0);
        LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
        boolean first = format == CNN2DFormat.NCHW;

        layer.setBackpropGradientsViewArray(Nd4j.create(DataType.FLOAT, layer.numParams()));
        layer.setInput(features(input, EXAMPLES), none);
        INDArray y = layer.activate(true, none);
        INDArray dx = layer.backpropGradient(y.dup(), none).getSecond();

        assertThat(isInOrder(first ? y.permute(0, 2, 3, 1) : y)).isTrue();
        assertThat(isInOrder(first ? dx.permute(0, 2, 3, 1) : dx)).isTrue();
    }

    private static boolean isInOrder(INDArray array) {
        return array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array);
    }

    /** The stock layer throws on sequences. Values at masked steps have no effect. */
    @Test
    void sequences_areNormalizedOverUnmaskedSteps() {
        MultiLayerNetwork network = initialized(base().list()
                .layer(new LSTM.Builder().nOut(4).activation(Activation.TANH).build())
                .layer(new FastBatchNormalizationLayer.Builder().build())
                .layer(new RnnOutputLayer.Builder(new LossMSE())
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(3, 5)));
        MultiLayerNetwork same = network.clone();
        INDArray x = Nd4j.rand(DataType.FLOAT, 6, 3, 5);
        INDArray labels = Nd4j.rand(DataType.FLOAT, 6, 2, 5);
        INDArray mask = Nd4j.ones(DataType.FLOAT, 6, 5);
        mask.putScalar(2, 4, 0);
        mask.putScalar(3, 3, 0);
        mask.putScalar(3, 4, 0);
        INDArray other = x.dup();
        other.putScalar(new int[] {2, 0, 4}, 100);
        other.putScalar(new int[] {3, 1, 3}, -100);

        network.fit(new DataSet(x, labels, mask, mask));
        same.fit(new DataSet(other, labels, mask, mask));

        assertThatArray(same.params()).isEqualTo(network.params());
        assertThat(network.getParam("1_mean").normmaxNumber().doubleValue()).isPositive();
    }

    @Test
    void trainedNetwork_converted_continuesWithTheSameRunningValues() {
        MultiLayerNetwork stock = initialized(configuration(IMAGES, new BatchNormalization()));
        DataSet data = data(IMAGES, EXAMPLES);
        data.getFeatures().addi(1);
        fit(stock, data, 3);

        MultiLayerNetwork fast = FastLayers.convert(stock);

        assertThat(fast.getLayerWiseConfigurations().getConf(0).getLayer())
                .isExactlyInstanceOf(FastBatchNormalizationLayer.class);
        assertThat(fast.paramTable().keySet()).isEqualTo(stock.paramTable().keySet());
        requireClose(fast.output(data.getFeatures()), stock.output(data.getFeatures()), ROUNDING);
        fit(stock, data, 3);
        fit(fast, data, 3);
        assertThatArray(fast.getParam("0_mean")).isCloseTo(stock.getParam("0_mean"), 1e-6);
        assertThatArray(fast.getParam("0_log10stdev")).isCloseTo(stock.getParam("0_log10stdev"), 1e-6);
    }
}
