package io.github.dl4jae.dense;

import static io.github.dl4jae.dense.SmallNetworks.IN;
import static io.github.dl4jae.dense.SmallNetworks.requireClose;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.fit;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;

import io.github.dl4jae.convolutional.FastActivationLayer;
import io.github.dl4jae.convolutional.FastBatchNormalizationLayer;
import io.github.dl4jae.convolutional.FastCnnLossLayer;
import io.github.dl4jae.convolutional.FastConvolution1DLayer;
import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.convolutional.FastDeconvolution1DLayer;
import io.github.dl4jae.convolutional.FastDeconvolutionLayer;
import io.github.dl4jae.convolutional.FastSubsampling1DLayer;
import io.github.dl4jae.convolutional.FastSubsamplingLayer;
import io.github.dl4jae.convolutional.FastUpsamplingLayer;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.recurrent.FastGruLayer;
import io.github.dl4jae.recurrent.FastLstmLayer;
import io.github.dl4jae.recurrent.FastRepeatVectorLayer;
import io.github.dl4jae.recurrent.FastRnnOutputLayer;
import io.github.dl4jae.sparse.TopKLayer;
import io.github.dl4jae.updater.AdamMini;
import io.github.dl4jae.updater.FastAdam;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** {@code FastLayers.toStock}. */
class StockLayersTest {

    private static final int EXAMPLES = 6;
    private static final int CHANNELS = 2;
    private static final int TIME = 6;
    private static final double ROUNDING = 1e-5;

    private static NeuralNetConfiguration.Builder base(IUpdater updater) {
        return new NeuralNetConfiguration.Builder().seed(5).updater(updater);
    }

    private static MultiLayerConfiguration network(IUpdater updater, InputType input, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = base(updater).list();
        Stream.of(layers).forEach(list::layer);
        return list.setInputType(input).build();
    }

    private static InputType images(CNN2DFormat format) {
        return InputType.convolutional(8, 6, CHANNELS, format);
    }

    private static InputType sequences(RNNFormat format) {
        return InputType.recurrent(CHANNELS, TIME, format);
    }

    // networks of stock layers

    private static MultiLayerConfiguration stockDense() {
        return network(
                new Adam(0.01),
                InputType.feedForward(IN),
                new DenseLayer.Builder()
                        .nOut(9)
                        .activation(Activation.RELU)
                        .hasLayerNorm(true)
                        .l2(0.01)
                        .biasUpdater(new Nesterovs(0.01, 0.8))
                        .name("hidden")
                        .build(),
                new FrozenLayerWithBackprop(new DenseLayer.Builder()
                        .nIn(9)
                        .nOut(8)
                        .activation(Activation.TANH)
                        .build()),
                new DenseLayer.Builder()
                        .nOut(7)
                        .hasBias(false)
                        .constrainWeights(new MaxNormConstraint(1, 1))
                        .activation(Activation.SIGMOID)
                        .build(),
                new OutputLayer.Builder(new LossMSE())
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build());
    }

    private static MultiLayerConfiguration stockFrozen() {
        return network(
                new Adam(0.01),
                InputType.feedForward(IN),
                new FrozenLayer(new DenseLayer.Builder()
                        .nIn(IN)
                        .nOut(8)
                        .activation(Activation.TANH)
                        .build()),
                new OutputLayer.Builder(new LossMSE())
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build());
    }

    private static MultiLayerConfiguration stockImages() {
        return network(
                new Adam(0.01),
                images(CNN2DFormat.NCHW),
                new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .convolutionMode(ConvolutionMode.Same)
                        .activation(Activation.IDENTITY)
                        .build(),
                new BatchNormalization.Builder().decay(0.8).eps(1e-3).build(),
                new ActivationLayer.Builder().activation(Activation.LEAKYRELU).build(),
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build(),
                new Upsampling2D.Builder(2).build(),
                new Deconvolution2D.Builder(2, 2)
                        .nOut(CHANNELS)
                        .stride(2, 2)
                        .activation(Activation.IDENTITY)
                        .build(),
                new CnnLossLayer.Builder(new LossMSE())
                        .activation(Activation.SIGMOID)
                        .build());
    }

    private static MultiLayerConfiguration stockSequences() {
        return network(
                new Adam(0.01),
                sequences(RNNFormat.NCW),
                new Convolution1DLayer.Builder(3)
                        .nOut(5)
                        .convolutionMode(ConvolutionMode.Causal)
                        .activation(Activation.TANH)
                        .build(),
                new Bidirectional(
                        Bidirectional.Mode.CONCAT,
                        new LSTM.Builder()
                                .nOut(4)
                                .activation(Activation.TANH)
                                .forgetGateBiasInit(2)
                                .build()),
                new LastTimeStep(
                        new LSTM.Builder().nOut(4).activation(Activation.TANH).build()),
                new RepeatVector.Builder<>(3).build(),
                new LSTM.Builder().nOut(4).activation(Activation.TANH).build(),
                new RnnOutputLayer.Builder(new LossMSE())
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build());
    }

    static List<Named<Case>> stockNetworks() {
        return List.of(
                named("dense", Case.of(stockDense(), EXAMPLES, IN)),
                named("frozen", Case.of(stockFrozen(), EXAMPLES, IN)),
                named("images", Case.of(stockImages(), EXAMPLES, CHANNELS, 8, 6)),
                named("sequences", Case.of(stockSequences(), EXAMPLES, CHANNELS, TIME)));
    }

    // networks of fast layers

    /** A large ε: the gradient of a bias below a batch normalization is nothing but rounding. */
    private static FastAdam fastAdam() {
        return new FastAdam(0.01, 0.8, 0.99, 1e-3);
    }

    private static MultiLayerConfiguration fastDense() {
        return network(
                fastAdam(),
                InputType.feedForward(IN),
                new FastDenseLayer.Builder()
                        .nOut(9)
                        .activation(Activation.RELU)
                        .inputGradient(false)
                        .biasUpdater(new FastAdam(0.02))
                        .build(),
                new FastDenseLayer.Builder()
                        .nOut(7)
                        .hasLayerNorm(true)
                        .sparseInput(true) // ReLU ignores the gradient where it is 0
                        .activation(Activation.TANH)
                        .build(),
                new FastOutputLayer.Builder(new LossMCXENT())
                        .nOut(3)
                        .hasBias(false)
                        .build());
    }

    private static MultiLayerConfiguration fastImages(CNN2DFormat format) {
        return network(
                fastAdam(),
                images(format),
                new FastConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .convolutionMode(ConvolutionMode.Same)
                        .dataFormat(format)
                        .activation(Activation.IDENTITY)
                        .inputGradient(false)
                        .build(),
                new FastBatchNormalizationLayer.Builder().dataFormat(format).build(),
                new FastActivationLayer.Builder().activation(Activation.ELU).build(),
                new FastSubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX, 3, 3)
                        .stride(2, 2)
                        .build(),
                new FastUpsamplingLayer.Builder(3, 2).dataFormat(format).build(),
                new FastDeconvolutionLayer.Builder(2, 2)
                        .nOut(3)
                        .dataFormat(format)
                        .activation(Activation.IDENTITY)
                        .build(),
                new FastCnnLossLayer.Builder(new LossMCXENT())
                        .format(format)
                        .activation(Activation.SOFTMAX)
                        .build());
    }

    private static MultiLayerConfiguration fastSequences(RNNFormat format) {
        return network(
                fastAdam(),
                sequences(format),
                new FastConvolution1DLayer.Builder(3)
                        .nOut(5)
                        .dilation(2)
                        .convolutionMode(ConvolutionMode.Same)
                        .rnnDataFormat(format)
                        .activation(Activation.TANH)
                        .build(),
                new FastSubsampling1DLayer.Builder(SubsamplingLayer.PoolingType.MAX, 2)
                        .rnnDataFormat(format)
                        .build(),
                new Bidirectional(
                        Bidirectional.Mode.ADD,
                        new FastLstmLayer.Builder()
                                .dataFormat(format)
                                .nOut(4)
                                .activation(Activation.TANH)
                                .build()),
                new LastTimeStep(new FastLstmLayer.Builder()
                        .dataFormat(format)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build()),
                new FastRepeatVectorLayer.Builder(3).dataFormat(format).build(),
                new FastLstmLayer.Builder()
                        .dataFormat(format)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .gateActivationFunction(Activation.HARDSIGMOID)
                        .build(),
                new FastRnnOutputLayer.Builder(new LossMSE())
                        .nOut(2)
                        .dataFormat(format)
                        .activation(Activation.IDENTITY)
                        .build());
    }

    static List<Named<Case>> fastNetworks() {
        return List.of(
                named("dense", Case.of(fastDense(), EXAMPLES, IN)),
                named("images NCHW", Case.of(fastImages(CNN2DFormat.NCHW), EXAMPLES, CHANNELS, 8, 6)),
                named("images NHWC", Case.of(fastImages(CNN2DFormat.NHWC), EXAMPLES, 8, 6, CHANNELS)),
                named("sequences NCW", Case.of(fastSequences(RNNFormat.NCW), EXAMPLES, CHANNELS, TIME)),
                named("sequences NWC", Case.of(fastSequences(RNNFormat.NWC), EXAMPLES, TIME, CHANNELS)));
    }

    /** A network and data for it. */
    private record Case(MultiLayerConfiguration configuration, DataSet data) {

        /** Returns the network with normal features of a shape, and labels of its output's shape. */
        static Case of(MultiLayerConfiguration configuration, long... features) {
            Nd4j.getRandom().setSeed(9);
            INDArray x = Nd4j.randn(DataType.FLOAT, features);
            INDArray output = initialized(configuration.clone()).output(x);
            return new Case(configuration, new DataSet(x, Nd4j.randn(DataType.FLOAT, output.shape())));
        }
    }

    @ParameterizedTest
    @MethodSource("stockNetworks")
    void stockNetwork_thereAndBack_isTheSame(Case network) {
        MultiLayerNetwork stock = initialized(network.configuration());
        DataSet data = network.data();
        fit(stock, data, 3);

        MultiLayerNetwork back = FastLayers.toStock(FastLayers.convert(stock));

        assertThat(back.getLayerWiseConfigurations().toJson())
                .isEqualTo(stock.getLayerWiseConfigurations().toJson());
        assertSameNumbers(back, stock, data.getFeatures());
        fit(stock, data, 3);
        fit(back, data, 3);
        assertSameNumbers(back, stock, data.getFeatures());
    }

    private static void assertSameNumbers(MultiLayerNetwork found, MultiLayerNetwork expected, INDArray features) {
        assertThatArray(found.params()).isEqualTo(expected.params());
        assertThatArray(found.getUpdater().getStateViewArray())
                .isEqualTo(expected.getUpdater().getStateViewArray());
        assertThatArray(found.output(features)).isEqualTo(expected.output(features));
    }

    @ParameterizedTest
    @MethodSource("fastNetworks")
    void fastNetwork_converted_hasItsOutputsAndNothingOfThisLibrary(Case network, @TempDir Path folder)
            throws IOException {
        MultiLayerConfiguration configuration = network.configuration();
        MultiLayerNetwork fast = initialized(configuration);
        DataSet data = network.data();
        fit(fast, data, 3);
        String before = fast.getLayerWiseConfigurations().toJson();

        MultiLayerNetwork stock = FastLayers.toStock(fast);

        assertThatArray(stock.params()).isEqualTo(fast.params()).isNotSameAs(fast.params());
        assertThatArray(stock.getUpdater().getStateViewArray())
                .isEqualTo(fast.getUpdater().getStateViewArray());
        assertThat(stock.getIterationCount()).isEqualTo(3);
        assertThat(fast.getLayerWiseConfigurations().toJson()).isEqualTo(before);
        assertThatArray(stock.output(data.getFeatures())).isCloseTo(fast.output(data.getFeatures()), ROUNDING);
        Path file = folder.resolve("model.zip");
        ModelSerializer.writeModel(stock, file.toFile(), true);
        assertThat(configurationIn(file)).doesNotContain("io.github.dl4jae").contains("org.deeplearning4j");
        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
        assertThatArray(restored.output(data.getFeatures())).isCloseTo(fast.output(data.getFeatures()), ROUNDING);
        // and forth again: all but the options that stock layers lack
        assertThat(FastLayers.toStock(FastLayers.convert(stock)).getLayerWiseConfigurations())
                .isEqualTo(stock.getLayerWiseConfigurations());
    }

    static List<Named<Case>> fastNetworksThatStockLayersTrain() {
        return List.of(
                named("dense", Case.of(fastDense(), EXAMPLES, IN)),
                named("images", Case.of(fastImages(CNN2DFormat.NCHW), EXAMPLES, CHANNELS, 8, 6)),
                named("sequences", Case.of(fastSequences(RNNFormat.NCW), EXAMPLES, CHANNELS, TIME)));
    }

    @ParameterizedTest
    @MethodSource("fastNetworksThatStockLayersTrain")
    void fastNetwork_converted_takesItsNextSteps(Case network) {
        MultiLayerNetwork fast = initialized(network.configuration());
        DataSet data = network.data();
        fit(fast, data, 3);
        MultiLayerNetwork stock = FastLayers.toStock(fast);
        fit(fast, data, 3);
        fit(stock, data, 3);
        assertThatArray(stock.params()).isCloseTo(fast.params(), ROUNDING);
        // squares of gradients reach 100 and more
        requireClose(stock.getUpdater().getStateViewArray(), fast.getUpdater().getStateViewArray(), ROUNDING);
    }

    @Test
    void graph_converted_hasItsOutputsAndTakesItsNextSteps(@TempDir Path folder) throws IOException {
        ComputationGraphConfiguration configuration = base(fastAdam())
                .graphBuilder()
                .addInputs("in")
                .addLayer("a", new FastDenseLayer.Builder().nOut(5).build(), "in")
                .addLayer("b", new FastDenseLayer.Builder().nOut(4).build(), "in")
                .addVertex("ab", new MergeVertex(), "a", "b")
                .addLayer(
                        "out",
                        new FastOutputLayer.Builder(new LossMSE()).nOut(3).build(),
                        "ab")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(IN))
                .build();
        ComputationGraph fast = initialized(configuration);
        DataSet data = new DataSet(Nd4j.rand(DataType.FLOAT, EXAMPLES, IN), Nd4j.rand(DataType.FLOAT, EXAMPLES, 3));
        fit(fast, data, 3);

        ComputationGraph stock = FastLayers.toStock(fast);

        assertThat(stock.getIterationCount()).isEqualTo(3);
        assertThatArray(stock.params()).isEqualTo(fast.params());
        assertThat(stock.getLayer("a").conf().getLayer()).isExactlyInstanceOf(DenseLayer.class);
        assertThatArray(stock.outputSingle(data.getFeatures()))
                .isCloseTo(fast.outputSingle(data.getFeatures()), ROUNDING);
        Path file = folder.resolve("model.zip");
        ModelSerializer.writeModel(stock, file.toFile(), true);
        assertThat(configurationIn(file)).doesNotContain("io.github.dl4jae");
        ComputationGraph back = FastLayers.toStock(FastLayers.convert(stock));
        assertThat(back.getConfiguration().toJson())
                .isEqualTo(stock.getConfiguration().toJson());
        fit(fast, data, 3);
        fit(stock, data, 3);
        fit(back, data, 3);
        assertThatArray(stock.params()).isCloseTo(fast.params(), ROUNDING);
        assertThatArray(back.params()).isEqualTo(stock.params());
    }

    /** Adam and FastAdam with equal settings keep separate states; two Adams share one. */
    @Test
    void stateOfUpdatersThatBecomeEqual_isJoined() {
        MultiLayerNetwork fast = initialized(network(
                fastAdam(),
                InputType.feedForward(IN),
                new FastDenseLayer.Builder().nOut(9).build(),
                new FastDenseLayer.Builder()
                        .nOut(7)
                        .updater(fastAdam().toAdam())
                        .build(),
                new FastDenseLayer.Builder()
                        .nOut(5)
                        .updater(new AdamMini(0.01, 7))
                        .biasUpdater(fastAdam())
                        .build(),
                new FastOutputLayer.Builder(new LossMSE()).nOut(3).build()));
        DataSet data = new DataSet(Nd4j.rand(DataType.FLOAT, EXAMPLES, IN), Nd4j.rand(DataType.FLOAT, EXAMPLES, 3));
        fit(fast, data, 3);

        MultiLayerNetwork stock = FastLayers.toStock(fast);

        fit(fast, data, 1);
        fit(stock, data, 1);
        assertThatArray(stock.params()).isCloseTo(fast.params(), ROUNDING);
        assertThat(((BaseLayer) stock.getLayer(2).conf().getLayer()).getIUpdater())
                .isEqualTo(new AdamMini(0.01, 7));
    }

    @Test
    void networkWithoutStateOfItsUpdater_isConverted() {
        MultiLayerNetwork fast = initialized(network(
                new Sgd(0.1),
                InputType.feedForward(IN),
                new FastOutputLayer.Builder(new LossMSE()).nOut(3).build()));

        assertThatArray(FastLayers.toStock(fast).params()).isEqualTo(fast.params());
    }

    @Test
    void layersWithoutStockEquivalent_stayAndGetAdam() {
        FastAdam scheduled = new FastAdam(new StepSchedule(ScheduleType.EPOCH, 0.1, 0.5, 2));
        MultiLayerConfiguration stock = FastLayers.toStock(network(
                scheduled,
                sequences(RNNFormat.NCW),
                new FastDeconvolution1DLayer.Builder(3).nOut(4).build(),
                new FastGruLayer.Builder().nOut(4).build(),
                new TopKLayer.Builder().k(2).build(),
                new LocallyConnected1D.Builder().kernelSize(2).nOut(4).build(),
                new FastRnnOutputLayer.Builder(new LossGaussian(1)).nOut(2).build()));

        assertThat(stock.getConfs().stream().map(each -> each.getLayer().getClass()))
                .isEqualTo(List.of(
                        FastDeconvolution1DLayer.class,
                        FastGruLayer.class,
                        TopKLayer.class,
                        LocallyConnected1D.class,
                        RnnOutputLayer.class));
        assertThat(((RnnOutputLayer) stock.getConf(4).getLayer()).getLossFn()).isEqualTo(new LossGaussian(1));
        assertThat(stock.toJson()).doesNotContain("FastAdam");
        assertThat(((BaseLayer) stock.getConf(1).getLayer()).getIUpdater()).isEqualTo(scheduled.toAdam());
    }

    @Test
    void sharedWeights_keepTheirLayer() {
        MultiLayerNetwork fast = initialized(network(
                fastAdam(),
                InputType.feedForward(IN),
                new FastDenseLayer.Builder().nOut(6).name("outer").build(),
                new FastDenseLayer.Builder().nOut(4).name("inner").build(),
                new TransposedDenseLayer.Builder("inner").nOut(6).build(),
                new FastOutputLayer.Builder(new LossMSE()).nOut(3).build()));

        MultiLayerNetwork stock = FastLayers.toStock(fast);

        assertThat(stock.getLayer(0).conf().getLayer()).isExactlyInstanceOf(DenseLayer.class);
        assertThat(stock.getLayer(1).conf().getLayer()).isInstanceOf(FastDenseLayer.class);
        INDArray x = Nd4j.rand(DataType.FLOAT, EXAMPLES, IN);
        assertThatArray(stock.output(x)).isCloseTo(fast.output(x), ROUNDING);
    }

    @Test
    void convolution1D_comesBackAsItsEquivalent() {
        MultiLayerConfiguration stock = network(
                new Adam(0.01),
                sequences(RNNFormat.NCW),
                new Convolution1DLayer.Builder(3).nOut(4).build(),
                new RnnOutputLayer.Builder(new LossMSE()).nOut(2).build());
        Convolution1D alias = new Convolution1D();
        alias.setKernelSize(new int[] {3});
        stock.getConf(0).setLayer(alias);

        MultiLayerConfiguration fast = FastLayers.convert(stock);

        assertThat(fast.getConf(0).getLayer()).isInstanceOf(FastConvolution1DLayer.class);
        Layer back = FastLayers.toStock(fast).getConf(0).getLayer();
        assertThat(back).isExactlyInstanceOf(Convolution1DLayer.class);
        assertThat(((Convolution1DLayer) back).getKernelSize()).containsExactly(3);
    }

    private static MultiLayerConfiguration imagesThrough(Layer layer) {
        return network(
                new Adam(0.01), images(CNN2DFormat.NCHW), layer, new CnnLossLayer.Builder(new LossMSE()).build());
    }

    @Test
    void sumPooling_isRefused() {
        assertThatThrownBy(() -> FastLayers.toStock(
                        imagesThrough(new FastSubsamplingLayer.Builder(SubsamplingLayer.PoolingType.SUM, 2, 2)
                                .name("pool")
                                .build())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "FastSubsamplingLayer 'pool': poolingType must be one that the stock layer computes, got SUM;"
                                + " pool averages and multiply the weights that follow by the size of the kernel");
    }

    @ParameterizedTest
    @CsvSource({"2, 0", "1, 3"})
    void lockedGammaAndBetaThatTheStockLayerIgnores_areRefused(double gamma, double beta) {
        assertThatThrownBy(() -> FastLayers.toStock(imagesThrough(locked(gamma, beta))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "FastBatchNormalizationLayer 'norm': the stock layer ignores locked gamma and beta unless gamma"
                                + " differs from 1 and beta from 0, got " + gamma + " and " + beta
                                + "; keep the fast layer");
    }

    @ParameterizedTest
    @CsvSource({"2, 3", "1, 0"})
    void lockedGammaAndBetaThatTheStockLayerKnows_areConverted(double gamma, double beta) {
        MultiLayerNetwork fast = initialized(imagesThrough(locked(gamma, beta)));
        INDArray x = Nd4j.randn(DataType.FLOAT, EXAMPLES, CHANNELS, 8, 6);

        assertThatArray(FastLayers.toStock(fast).output(x)).isCloseTo(fast.output(x), ROUNDING);
    }

    private static Layer locked(double gamma, double beta) {
        return new FastBatchNormalizationLayer.Builder()
                .lockGammaBeta(true)
                .gamma(gamma)
                .beta(beta)
                .name("norm")
                .build();
    }

    @Test
    void uninitializedNetwork_isRefused() {
        assertThatThrownBy(() -> FastLayers.toStock(new MultiLayerNetwork(fastDense())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the network must be initialized");
        assertThatThrownBy(() -> FastLayers.toStock(new ComputationGraph(SmallNetworks.graph())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the network must be initialized");
    }

    private static String configurationIn(Path model) throws IOException {
        try (ZipFile zip = new ZipFile(model.toFile())) {
            return new String(
                    zip.getInputStream(zip.getEntry("configuration.json")).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
