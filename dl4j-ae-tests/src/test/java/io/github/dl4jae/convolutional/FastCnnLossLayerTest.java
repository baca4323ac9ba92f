package io.github.dl4jae.convolutional;

import static io.github.dl4jae.convolutional.ImageNetworks.EXAMPLES;
import static io.github.dl4jae.convolutional.ImageNetworks.HEIGHT;
import static io.github.dl4jae.convolutional.ImageNetworks.ROUNDING;
import static io.github.dl4jae.convolutional.ImageNetworks.WIDTH;
import static io.github.dl4jae.convolutional.ImageNetworks.base;
import static io.github.dl4jae.convolutional.ImageNetworks.features;
import static io.github.dl4jae.convolutional.ImageNetworks.images;
import static io.github.dl4jae.convolutional.ImageNetworks.labels;
import static io.github.dl4jae.convolutional.ImageNetworks.requireClose;
import static io.github.dl4jae.convolutional.ImageNetworks.withLoss;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.fit;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.dl4jae.likelihood.LossBernoulli;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL1;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The loss of images beside the stock layer that it replaces, and errors. */
@Tag("slow")
class FastCnnLossLayerTest {

    private static final int CHANNELS = 3;

    private static FastCnnLossLayer fast(ILossFunction loss, Activation activation) {
        return new FastCnnLossLayer.Builder(loss).activation(activation).build();
    }

    private static MultiLayerNetwork fastNetwork(int channels, CNN2DFormat format, FastCnnLossLayer loss) {
        return withLoss(base(), images(2, format), channels, loss);
    }

    private static MultiLayerNetwork stockNetwork(
            int channels, CNN2DFormat format, ILossFunction loss, Activation activation) {
        return withLoss(
                base(),
                images(2, format),
                channels,
                new CnnLossLayer.Builder(loss).activation(activation).build());
    }

    private static DataSet data(int channels, CNN2DFormat format, INDArray mask) {
        return new DataSet(features(images(2, format), EXAMPLES), labels(channels, format), null, mask);
    }

    static Stream<Arguments> losses() {
        return Stream.of(
                        arguments(new LossMSE(), Activation.SIGMOID),
                        arguments(new LossL2(), Activation.IDENTITY),
                        arguments(new LossL1(), Activation.TANH),
                        arguments(new LossBinaryXENT(), Activation.SIGMOID),
                        arguments(new LossMCXENT(), Activation.SOFTMAX),
                        arguments(new LossMSE(), Activation.SOFTMAX))
                .flatMap(loss -> masks().filter(
                                mask -> !(loss.get()[0] instanceof LossMCXENT) // which refuses a mask per value
                                        || mask.getPayload() == null
                                        || mask.getPayload().size(1) == 1)
                        .map(mask -> arguments(loss.get()[0], loss.get()[1], mask)));
    }

    private static Stream<Named<INDArray>> masks() {
        INDArray perExample = Nd4j.ones(DataType.FLOAT, EXAMPLES, 1).putScalar(1, 0, 0);
        INDArray perPixel = Nd4j.ones(DataType.FLOAT, EXAMPLES, 1, HEIGHT, WIDTH)
                .putScalar(new int[] {2, 0, 3, 1}, 0)
                .putScalar(new int[] {4, 0, 8, 6}, 0);
        INDArray perValue = labels(CHANNELS, CNN2DFormat.NCHW).gt(0.3).castTo(DataType.FLOAT);
        return Stream.of(
                named("no mask", null),
                named("a mask per example", perExample),
                named("a mask per pixel", perPixel),
                named("a mask per value", perValue));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void training_withAStockLoss_givesTheStockNumbers(ILossFunction loss, Activation activation, INDArray mask) {
        MultiLayerNetwork stock = stockNetwork(CHANNELS, CNN2DFormat.NCHW, loss, activation);
        MultiLayerNetwork fast = fastNetwork(CHANNELS, CNN2DFormat.NCHW, fast(loss, activation));
        DataSet data = data(CHANNELS, CNN2DFormat.NCHW, mask);

        for (MultiLayerNetwork each : List.of(stock, fast)) {
            fit(each, data, 3);
        }

        assertThat(fast.score()).isCloseTo(stock.score(), within(ROUNDING * stock.score()));
        requireClose(fast.params(), stock.params(), ROUNDING);
        requireClose(fast.gradient().gradient(), stock.gradient().gradient(), ROUNDING);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void scoresAndOutput_withAStockLoss_areTheStockNumbers(ILossFunction loss, Activation activation, INDArray mask) {
        MultiLayerNetwork stock = stockNetwork(CHANNELS, CNN2DFormat.NCHW, loss, activation);
        MultiLayerNetwork fast = fastNetwork(CHANNELS, CNN2DFormat.NCHW, fast(loss, activation));
        DataSet data = data(CHANNELS, CNN2DFormat.NCHW, mask);

        assertThat(fast.score(data)).isCloseTo(stock.score(data), within(ROUNDING * stock.score(data)));
        requireClose(fast.scoreExamples(data, true), stock.scoreExamples(data, true), ROUNDING);
        requireClose(
                fast.output(data.getFeatures(), false, null, mask),
                stock.output(data.getFeatures(), false, null, mask),
                ROUNDING);
    }

    /** The stock layer takes the height of NHWC images for their channels, so its rows are not pixels. */
    @ParameterizedTest
    @MethodSource("losses")
    void numbers_withChannelsLast_areThoseWithChannelsFirst(ILossFunction loss, Activation activation, INDArray mask) {
        MultiLayerNetwork first = fastNetwork(CHANNELS, CNN2DFormat.NCHW, fast(loss, activation));
        MultiLayerNetwork last = fastNetwork(CHANNELS, CNN2DFormat.NHWC, fast(loss, activation));
        DataSet data = data(CHANNELS, CNN2DFormat.NCHW, mask);
        DataSet permuted =
                new DataSet(channelsLast(data.getFeatures()), channelsLast(data.getLabels()), null, channelsLast(mask));

        assertThat(last.score(permuted)).isCloseTo(first.score(data), within(ROUNDING * first.score(data)));
        requireClose(last.scoreExamples(permuted, true), first.scoreExamples(data, true), ROUNDING);
        requireClose(
                last.output(permuted.getFeatures(), false, null, permuted.getLabelsMaskArray()),
                channelsLast(first.output(data.getFeatures(), false, null, mask)),
                ROUNDING);
        fit(first, data, 3);
        fit(last, permuted, 3);
        requireClose(last.params(), first.params(), ROUNDING);
        assertThat(last.score()).isCloseTo(first.score(), within(ROUNDING * first.score()));
    }

    private static INDArray channelsLast(INDArray array) {
        return array == null || array.rank() != 4
                ? array
                : array.permute(0, 2, 3, 1).dup('c');
    }

    /** The stock layer gives the gradient of the sum, but the mean as the score. */
    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void score_withoutMiniBatchAverage_isTheSum(CNN2DFormat format) {
        MultiLayerNetwork sum =
                withLoss(base().miniBatch(false), images(2, format), CHANNELS, fast(new LossMSE(), Activation.TANH));
        MultiLayerNetwork mean = withLoss(base(), images(2, format), CHANNELS, fast(new LossMSE(), Activation.TANH));
        DataSet data = data(CHANNELS, format, null);
        double expected = EXAMPLES * mean.score(data);

        assertThat(sum.score(data)).isCloseTo(expected, within(ROUNDING * expected));
        INDArray before = sum.params().dup();
        fit(sum, data, 1);
        fit(mean, data, 1);
        assertThat(sum.score()).isCloseTo(expected, within(ROUNDING * expected));
        requireClose(sum.params().sub(before), mean.params().sub(before).muli(EXAMPLES), 1e-4); // of differences
    }

    static Stream<Arguments> lossesInBothFormats() {
        return Stream.of(new LossMSE(), new LossBernoulli()).flatMap(loss -> Stream.of(CNN2DFormat.values())
                .flatMap(format -> Stream.of(1, CHANNELS).map(channels -> arguments(loss, format, channels))));
    }

    /** With channels last in memory, or one channel, the rows are a view of the input. */
    @ParameterizedTest
    @MethodSource("lossesInBothFormats")
    void backprop_leavesInputAndLabelsAsTheyAre(ILossFunction loss, CNN2DFormat format, int channels) {
        MultiLayerNetwork network =
                initialized(base().list().layer(fast(loss, Activation.SIGMOID)).setInputType(images(channels, format)));
        INDArray x = features(images(channels, format), EXAMPLES);
        INDArray y = labels(channels, format);
        INDArray xBefore = x.dup();
        INDArray yBefore = y.dup();

        network.calculateGradients(x, y, null, null);
        double score = network.score(new DataSet(x, y));

        assertThatArray(x).isEqualTo(xBefore);
        assertThatArray(y).isEqualTo(yBefore);
        assertThat(network.score(new DataSet(xBefore, yBefore))).isEqualTo(score);
    }

    @ParameterizedTest
    @MethodSource("lossesInBothFormats")
    void output_writtenOver_leavesTheGradientAsItIs(ILossFunction loss, CNN2DFormat format, int channels) {
        MultiLayerNetwork network = fastNetwork(channels, format, fast(loss, Activation.SIGMOID));
        DataSet data = data(channels, format, null);
        ((FastCnnLossLayerImpl) network.getOutputLayer()).setLabels(data.getLabels());
        network.setInput(data.getFeatures());
        network.feedForward(true, false);
        INDArray expected = epsilon(network);

        network.feedForward(true, false).get(2).assign(Float.NaN);

        assertThatArray(epsilon(network)).isEqualTo(expected);
    }

    private static INDArray epsilon(MultiLayerNetwork network) {
        return network.getOutputLayer()
                .backpropGradient(null, LayerWorkspaceMgr.noWorkspaces())
                .getSecond()
                .dup();
    }

    @ParameterizedTest
    @MethodSource("lossesInBothFormats")
    void labelsInFloat64_giveTheNumbersOfFloat32(ILossFunction loss, CNN2DFormat format, int channels) {
        MultiLayerNetwork network = fastNetwork(channels, format, fast(loss, Activation.SIGMOID));
        MultiLayerNetwork same = network.clone();
        DataSet data = data(channels, format, null);

        fit(network, new DataSet(data.getFeatures(), data.getLabels().castTo(DataType.DOUBLE)), 2);
        fit(same, data, 2);

        requireClose(network.params(), same.params(), ROUNDING);
    }

    @ParameterizedTest
    @MethodSource("lossesInBothFormats")
    void score_afterTraining_isThatOfTheNewData(ILossFunction loss, CNN2DFormat format, int channels) {
        MultiLayerNetwork network = fastNetwork(channels, format, fast(loss, Activation.SIGMOID));
        DataSet data = data(channels, format, null);
        DataSet other = new DataSet(data.getFeatures(), data.getLabels().rsub(1));
        DataSet masked =
                data(channels, format, Nd4j.ones(DataType.FLOAT, EXAMPLES, 1).putScalar(0, 0, 0));
        double ofOther = network.score(other);
        double ofMasked = network.score(masked);

        network.setInput(data.getFeatures());
        network.setLabels(data.getLabels());
        network.computeGradientAndScore();

        assertThat(network.score(other, true)).isEqualTo(ofOther);
        assertThat(network.score(masked, true)).isCloseTo(ofMasked, within(1e-6 * ofMasked));
        network.setInput(data.getFeatures());
        network.setLabels(data.getLabels());
        network.computeGradientAndScore();
        double before = network.score();
        network.params().muli(3);
        assertThat(network.score(data, true)).isNotCloseTo(before, within(1e-3));
    }

    static Stream<Arguments> labelsThatDoNotFit() {
        return Stream.of(
                arguments(CNN2DFormat.NCHW, new long[] {EXAMPLES, 2, HEIGHT, WIDTH - 1}),
                arguments(CNN2DFormat.NCHW, new long[] {EXAMPLES, 2, HEIGHT + 1, WIDTH}),
                arguments(CNN2DFormat.NCHW, new long[] {EXAMPLES - 1, 2, HEIGHT, WIDTH}),
                arguments(CNN2DFormat.NCHW, new long[] {EXAMPLES, 2 * HEIGHT * WIDTH}),
                arguments(CNN2DFormat.NCHW, new long[] {EXAMPLES, HEIGHT, WIDTH, 2}),
                arguments(CNN2DFormat.NHWC, new long[] {EXAMPLES, 2, HEIGHT, WIDTH}),
                arguments(CNN2DFormat.NHWC, new long[] {EXAMPLES, HEIGHT - 1, WIDTH, 2}));
    }

    @ParameterizedTest
    @MethodSource("labelsThatDoNotFit")
    void labels_ofAnotherSize_areRefused(CNN2DFormat format, long[] shape) {
        MultiLayerNetwork network = fastNetwork(2, format, fast(new LossMSE(), Activation.TANH));
        DataSet data = new DataSet(features(images(2, format), EXAMPLES), Nd4j.zeros(DataType.FLOAT, shape));

        assertThatThrownBy(() -> network.score(data))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("FastCnnLossLayer 'layer1': input and labels must be images of one size")
                .hasMessageContaining("an autoencoder's labels are its features");
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void labels_withOtherChannels_areRefused(CNN2DFormat format) {
        MultiLayerNetwork network = fastNetwork(2, format, fast(new LossBernoulli(), Activation.SIGMOID));
        DataSet data = new DataSet(features(images(2, format), EXAMPLES), labels(CHANNELS, format));

        assertThatThrownBy(() -> network.score(data)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void labels_notSet_areRefused(CNN2DFormat format) {
        MultiLayerNetwork network = fastNetwork(2, format, fast(new LossMSE(), Activation.TANH));
        network.setInput(features(images(2, format), EXAMPLES));
        network.feedForward(true, false);

        assertThatThrownBy(() -> ((FastCnnLossLayerImpl) network.getOutputLayer())
                        .computeScore(0, true, LayerWorkspaceMgr.noWorkspaces()))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessage("FastCnnLossLayer 'layer1': labels must be set, got none; an autoencoder's labels are"
                        + " its features");
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void input_ofAnotherRank_isRefused(CNN2DFormat format) {
        MultiLayerNetwork network = initialized(base().list()
                .layer(new FastCnnLossLayer.Builder(new LossMSE())
                        .name("out")
                        .format(format)
                        .build()));

        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, 3, 4)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("FastCnnLossLayer 'out': the input must be images, " + format.dimensionNames()
                        + ", got [3, 4]");
    }
}
