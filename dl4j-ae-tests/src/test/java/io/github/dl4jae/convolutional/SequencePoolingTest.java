package io.github.dl4jae.convolutional;

import static io.github.dl4jae.convolutional.SequenceNetworks.CHANNELS;
import static io.github.dl4jae.convolutional.SequenceNetworks.EXAMPLES;
import static io.github.dl4jae.convolutional.SequenceNetworks.STEPS;
import static io.github.dl4jae.convolutional.SequenceNetworks.base;
import static io.github.dl4jae.convolutional.SequenceNetworks.configuration;
import static io.github.dl4jae.convolutional.SequenceNetworks.data;
import static io.github.dl4jae.convolutional.SequenceNetworks.gradient;
import static io.github.dl4jae.convolutional.SequenceNetworks.inFormat;
import static io.github.dl4jae.convolutional.SequenceNetworks.raggedMask;
import static io.github.dl4jae.convolutional.SequenceNetworks.sequences;
import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StoredOptions.assertSurviveJsonYamlAndClone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.dense.FastLayers;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.util.MaskLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** Pooling and upsampling of sequences without the stock layers: definitions, gradients, masks, options and errors. */
@Tag("slow")
class SequencePoolingTest {

    private static final LayerWorkspaceMgr NONE = LayerWorkspaceMgr.noWorkspaces();

    private static org.deeplearning4j.nn.api.Layer layer(Layer layer, DataType type) {
        NeuralNetConfiguration configuration =
                new NeuralNetConfiguration.Builder().layer(layer).build();
        return layer.instantiate(configuration, List.of(), 0, null, true, type);
    }

    private static FastSubsampling1DLayer.Builder pool(PoolingType type, int kernel) {
        return new FastSubsampling1DLayer.Builder(type, kernel).pnorm(3);
    }

    private static FastSubsampling1DLayer.Builder in(ConvolutionMode mode, FastSubsampling1DLayer.Builder layer) {
        return layer.convolutionMode(mode);
    }

    /** Returns layers that together have every option of pooling. */
    static Stream<FastSubsampling1DLayer> geometries() {
        return Stream.of(PoolingType.values()).flatMap(type -> Stream.of(
                        pool(type, 1).stride(3),
                        pool(type, 2),
                        pool(type, 3).stride(2),
                        pool(type, 3).padding(2),
                        pool(type, 4).stride(3).padding(1),
                        pool(type, 2).dilation(3),
                        pool(type, 3).dilation(2).padding(1).stride(2),
                        pool(type, 3).padding(1).avgPoolIncludePadInDivisor(true),
                        in(ConvolutionMode.Strict, pool(type, 3).stride(2)),
                        in(ConvolutionMode.Same, pool(type, 3)),
                        in(ConvolutionMode.Same, pool(type, 4).stride(2)),
                        in(ConvolutionMode.Same, pool(type, 2).dilation(4)),
                        in(ConvolutionMode.Same, pool(type, 1).stride(4)),
                        in(ConvolutionMode.Causal, pool(type, 3)),
                        in(ConvolutionMode.Causal, pool(type, 2).dilation(3)),
                        in(ConvolutionMode.Causal, pool(type, 3).stride(2)))
                .map(FastSubsampling1DLayer.Builder::build));
    }

    static Stream<Arguments> geometriesInBothTypes() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE).flatMap(type -> Stream.of(RNNFormat.values())
                .flatMap(format -> geometries().map(layer -> Arguments.of(type, format, layer))));
    }

    /** Returns the first step of the first window. */
    private static int start(FastSubsampling1DLayer layer, int out) {
        int reach = (layer.getKernelSize()[0] - 1) * layer.getDilation()[0];
        if (layer.getConvolutionMode() == ConvolutionMode.Causal) {
            return -reach;
        }
        return layer.getConvolutionMode() == ConvolutionMode.Same
                ? -(((out - 1) * layer.getStride()[0] + reach + 1 - STEPS) / 2)
                : -layer.getPadding()[0];
    }

    /** Computes a layer's output from its definition, window by window. */
    private static double pooled(FastSubsampling1DLayer layer, INDArray x, int n, int c, int t, int out) {
        int first = start(layer, out) + t * layer.getStride()[0];
        double[] window = IntStream.range(0, layer.getKernelSize()[0])
                .map(i -> first + i * layer.getDilation()[0])
                .filter(step -> step >= 0 && step < STEPS)
                .mapToDouble(step -> x.getDouble(n, c, step))
                .toArray();
        double divisor = layer.isAvgPoolIncludePadInDivisor() ? layer.getKernelSize()[0] : window.length;
        return switch (layer.getPoolingType()) {
            case MAX -> Arrays.stream(window).max().orElseThrow();
            case AVG -> DoubleStream.of(window).sum() / divisor;
            case SUM -> DoubleStream.of(window).sum();
            case PNORM ->
                Math.cbrt(DoubleStream.of(window)
                        .map(value -> Math.pow(Math.abs(value), 3))
                        .sum());
        };
    }

    private static int outputSteps(FastSubsampling1DLayer layer) {
        int stride = layer.getStride()[0];
        int reach = (layer.getKernelSize()[0] - 1) * layer.getDilation()[0];
        return layer.getConvolutionMode() == ConvolutionMode.Same
                        || layer.getConvolutionMode() == ConvolutionMode.Causal
                ? (STEPS + stride - 1) / stride
                : (STEPS + 2 * layer.getPadding()[0] - reach - 1) / stride + 1;
    }

    @ParameterizedTest
    @MethodSource("geometriesInBothTypes")
    void pooling_isItsDefinition(DataType type, RNNFormat format, FastSubsampling1DLayer pooling) {
        pooling.setNIn(sequences(CHANNELS, STEPS, format), true);
        INDArray x = Nd4j.randn(DataType.DOUBLE, EXAMPLES, CHANNELS, STEPS).castTo(type);
        int out = outputSteps(pooling);
        INDArray expected = Nd4j.create(type, EXAMPLES, CHANNELS, out);
        for (int n = 0; n < EXAMPLES; n++) {
            for (int c = 0; c < CHANNELS; c++) {
                for (int t = 0; t < out; t++) {
                    expected.putScalar(n, c, t, pooled(pooling, x, n, c, t, out));
                }
            }
        }
        org.deeplearning4j.nn.api.Layer layer = layer(pooling, type);
        layer.setInput(inFormat(x, format), NONE);

        assertThatArray(layer.activate(false, NONE)).isCloseTo(inFormat(expected, format), 1e-6);
        assertThat(pooling.getOutputType(0, sequences(CHANNELS, STEPS, format)))
                .isEqualTo(sequences(CHANNELS, out, format));
    }

    private static MultiLayerNetwork network(DataType type, RNNFormat format, Layer... layers) {
        return initialized(configuration(
                base().dataType(type).updater(new NoOp()), sequences(CHANNELS, STEPS, format), format, layers));
    }

    private static Layer convolution() {
        return new FastConvolution1DLayer.Builder(3)
                .nOut(CHANNELS)
                .activation(Activation.TANH)
                .convolutionMode(ConvolutionMode.Same)
                .build();
    }

    private static DataSet dataOf(MultiLayerNetwork network, RNNFormat format, DataType type) {
        DataSet data = data(network.getLayerWiseConfigurations(), EXAMPLES, CHANNELS, STEPS, format);
        return new DataSet(data.getFeatures().castTo(type), data.getLabels().castTo(type));
    }

    static Stream<Layer> upsamplings() {
        return Stream.of(new FastUpsampling1DLayer.Builder(1).build(), new FastUpsampling1DLayer.Builder(3).build());
    }

    static Stream<Arguments> layersInBothFormats() {
        return Stream.concat(
                geometries().flatMap(layer -> Stream.of(RNNFormat.values()).map(each -> Arguments.of(each, layer))),
                upsamplings().map(layer -> Arguments.of(RNNFormat.NCW, layer)));
    }

    @ParameterizedTest
    @MethodSource("layersInBothFormats")
    void gradient_isThatOfTheScore(RNNFormat format, Layer layer) {
        MultiLayerNetwork network = network(DataType.DOUBLE, format, convolution(), layer);

        requireGradient(network, dataOf(network, format, DataType.DOUBLE));
    }

    @ParameterizedTest
    @MethodSource("layersInBothFormats")
    void gradientInFloat32_isThatOfFloat64(RNNFormat format, Layer layer) {
        MultiLayerNetwork exact = network(DataType.DOUBLE, format, convolution(), layer);
        MultiLayerNetwork single = network(DataType.FLOAT, format, convolution(), layer);
        single.setParams(exact.params().castTo(DataType.FLOAT));
        DataSet data = dataOf(exact, format, DataType.FLOAT);

        ImageNetworks.requireClose(
                gradient(single, data).castTo(DataType.DOUBLE),
                gradient(
                        exact,
                        new DataSet(
                                data.getFeatures().castTo(DataType.DOUBLE),
                                data.getLabels().castTo(DataType.DOUBLE))),
                ImageNetworks.ROUNDING);
    }

    @ParameterizedTest
    @MethodSource("layersInBothFormats")
    void gradient_withMasks_isThatOfTheScore(RNNFormat format, Layer layer) {
        MultiLayerNetwork network = network(DataType.DOUBLE, format, convolution(), layer);
        DataSet data = dataOf(network, format, DataType.DOUBLE);
        data.setFeaturesMaskArray(raggedMask(DataType.DOUBLE));

        requireGradient(network, data);
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void maskOfPooling_hasTheStepsOfItsOutput(FastSubsampling1DLayer pooling) {
        INDArray mask = raggedMask(DataType.FLOAT);

        INDArray reduced = layer(pooling, DataType.FLOAT)
                .feedForwardMaskArray(mask, MaskState.Active, EXAMPLES)
                .getFirst();

        boolean negativePadding = pooling.getKernelSize()[0] == 1 && pooling.getStride()[0] == 4;
        assertThat(reduced.shape()).containsExactly(EXAMPLES, outputSteps(pooling));
        assertThat(negativePadding || reduced.slice(0).sumNumber().intValue() == outputSteps(pooling))
                .isTrue();
    }

    /** The stock layer throws where the mask has another type, or the channels come last. */
    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void maskOnPooling_setsStepsToZeroForwardAndBackward(RNNFormat format) {
        FastSubsampling1DLayer pooling =
                pool(PoolingType.SUM, 2).stride(2).rnnDataFormat(format).build();
        org.deeplearning4j.nn.api.Layer layer = layer(pooling, DataType.DOUBLE);
        layer.setInput(inFormat(Nd4j.ones(DataType.DOUBLE, 1, 2, 6), format), NONE);
        layer.setMaskArray(Nd4j.createFromArray(new float[][] {{1, 1, 1, 0, 0, 0}}));

        INDArray y = layer.activate(true, NONE);
        INDArray below = layer.backpropGradient(y.dup().assign(5), NONE).getSecond();

        assertThatArray(inFormat(Nd4j.createFromArray(new double[][][] {{{2, 2, 0}, {2, 2, 0}}}), format))
                .isEqualTo(y.dup('c'));
        assertThatArray(inFormat(
                        Nd4j.createFromArray(new double[][][] {{{5, 5, 5, 5, 0, 0}, {5, 5, 5, 5, 0, 0}}}), format))
                .isEqualTo(below.dup('c'));
    }

    /** The stock layer passes the mask on as it is. */
    @Test
    void maskOfUpsampling_isAsLongAsItsOutput() {
        INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1, 0}, {1, 0, 0}});
        org.deeplearning4j.nn.api.Layer layer = layer(new FastUpsampling1DLayer.Builder(2).build(), DataType.FLOAT);

        assertThatArray(layer.feedForwardMaskArray(mask, MaskState.Active, 2).getFirst())
                .isEqualTo(Nd4j.createFromArray(new float[][] {{1, 1, 1, 1, 0, 0}, {1, 1, 0, 0, 0, 0}}));
        assertThat(layer.feedForwardMaskArray(null, MaskState.Active, 2).getFirst())
                .isNull();
    }

    /** A layer above uses the mask: values at masked steps reach no gradient. */
    @ParameterizedTest
    @MethodSource("upsamplings")
    void upsampling_ofMaskedSteps_hasNoEffectBehindAMaskLayer(Layer upsampling) {
        MultiLayerNetwork network = network(DataType.DOUBLE, RNNFormat.NCW, upsampling, new MaskLayer());
        DataSet data = dataOf(network, RNNFormat.NCW, DataType.DOUBLE);
        data.setFeaturesMaskArray(raggedMask(DataType.DOUBLE));
        INDArray before = gradient(network, data);

        INDArray masked = raggedMask(DataType.DOUBLE).rsub(1).reshape(EXAMPLES, 1, STEPS);
        data.setFeatures(data.getFeatures().add(masked.mul(100)));

        assertThatArray(gradient(network, data)).isEqualTo(before);
    }

    static Stream<DataType> types() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE);
    }

    @ParameterizedTest
    @MethodSource("types")
    void upsampling_repeatsStepsAndAddsErrors(DataType type) {
        org.deeplearning4j.nn.api.Layer layer = layer(new FastUpsampling1DLayer.Builder(3).build(), type);
        layer.setInput(Nd4j.createFromArray(new double[][][] {{{1, 2}, {3, 4}}}).castTo(type), NONE);

        INDArray y = layer.activate(true, NONE);
        INDArray below = layer.backpropGradient(
                        Nd4j.createFromArray(new double[][][] {{{1, 2, 3, 4, 5, 6}, {7, 8, 9, 0, 0, 1}}})
                                .castTo(type),
                        NONE)
                .getSecond();

        assertThatArray(y.dup('c'))
                .isEqualTo(Nd4j.createFromArray(new double[][][] {{{1, 1, 1, 2, 2, 2}, {3, 3, 3, 4, 4, 4}}})
                        .castTo(type));
        assertThatArray(below.dup('c'))
                .isEqualTo(Nd4j.createFromArray(new double[][][] {{{6, 15}, {24, 1}}})
                        .castTo(type));
    }

    /** The stock layer leaves dropout out of this gradient. */
    @ParameterizedTest
    @MethodSource("types")
    void inputGradientOfUpsampling_behindDropout_isThatOfTheKeptSteps(DataType type) {
        org.deeplearning4j.nn.api.Layer layer = layer(
                new FastUpsampling1DLayer.Builder(2).dropOut(new Dropout(0.5)).build(), type);
        layer.setInput(Nd4j.ones(type, 4, CHANNELS, STEPS), NONE);

        INDArray y = layer.activate(true, NONE).dup('c');
        INDArray below = layer.backpropGradient(Nd4j.onesLike(y), NONE).getSecond();

        // a kept step is 2 in the output, twice; its derivative is 2 each time
        assertThatArray(below.dup('c'))
                .isEqualTo(y.reshape('c', 4, CHANNELS, STEPS, 2).sum(3).castTo(type));
        assertThat(y.meanNumber().doubleValue()).isStrictlyBetween(0.5, 1.5);
    }

    @ParameterizedTest
    @MethodSource("types")
    void maximum_ofAWindowWithNan_isNan(DataType type) {
        org.deeplearning4j.nn.api.Layer layer = layer(pool(PoolingType.MAX, 2).build(), type);
        layer.setInput(
                Nd4j.createFromArray(new double[][][] {{{1, Double.NaN, 2, 3}}}).castTo(type), NONE);

        INDArray y = layer.activate(true, NONE);

        assertThat(y.getDouble(0)).isNaN();
        assertThat(y.getDouble(1)).isNaN();
        assertThat(y.getDouble(2)).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("types")
    void gradientOfNorm_ofZeros_isZero(DataType type) {
        org.deeplearning4j.nn.api.Layer layer = layer(pool(PoolingType.PNORM, 2).build(), type);
        layer.setInput(Nd4j.zeros(type, 1, 1, 3), NONE);
        INDArray y = layer.activate(true, NONE);

        assertThatArray(layer.backpropGradient(Nd4j.onesLike(y), NONE).getSecond())
                .isEqualTo(Nd4j.zeros(type, 1, 1, 3));
    }

    /** The stock layer's mode Causal has windows of later steps. */
    @ParameterizedTest
    @MethodSource("types")
    void causalPooling_seesNoLaterStep(DataType type) {
        org.deeplearning4j.nn.api.Layer layer =
                layer(in(ConvolutionMode.Causal, pool(PoolingType.MAX, 3)).build(), type);
        INDArray x =
                Nd4j.createFromArray(new double[][][] {{{3, 1, 4, 1, 5, 9, 2}}}).castTo(type);
        layer.setInput(x, NONE);

        assertThatArray(layer.activate(false, NONE).dup('c'))
                .isEqualTo(Nd4j.createFromArray(new double[][][] {{{3, 3, 4, 4, 5, 9, 9}}})
                        .castTo(type));
    }

    /** The next fast layer reads the same memory. */
    @ParameterizedTest
    @MethodSource("layersInBothFormats")
    void passes_keepChannelsLastInMemory(RNNFormat format, Layer configuration) {
        configuration.setNIn(sequences(CHANNELS, STEPS, format), true);
        org.deeplearning4j.nn.api.Layer layer = layer(configuration, DataType.FLOAT);
        boolean first = format == RNNFormat.NCW;
        INDArray last = Nd4j.rand(DataType.FLOAT, EXAMPLES, STEPS, CHANNELS);
        layer.setInput(first ? last.permute(0, 2, 1) : last, NONE);

        INDArray y = layer.activate(true, NONE);
        INDArray below = layer.backpropGradient(y.dup(), NONE).getSecond();

        assertThat(Shape.hasDefaultStridesForShape(first ? y.permute(0, 2, 1) : y))
                .isTrue();
        assertThat(Shape.hasDefaultStridesForShape(first ? below.permute(0, 2, 1) : below))
                .isTrue();
    }

    static Stream<Arguments> fastAndStock() {
        Subsampling1DLayer dilated = new Subsampling1DLayer.Builder(3).build();
        dilated.setDilation(new int[] {2, 1});
        return Stream.of(
                Arguments.of(new FastSubsampling1DLayer.Builder().build(), new Subsampling1DLayer.Builder().build()),
                Arguments.of(
                        pool(PoolingType.PNORM, 3)
                                .stride(2)
                                .padding(1)
                                .eps(1e-3)
                                .avgPoolIncludePadInDivisor(true)
                                .rnnDataFormat(RNNFormat.NWC)
                                .name("pool")
                                .build(),
                        new Subsampling1DLayer.Builder(PoolingType.PNORM, 3, 2, 1)
                                .pnorm(3)
                                .eps(1e-3)
                                .avgPoolIncludePadInDivisor(true)
                                .dataFormat(org.deeplearning4j.nn.conf.CNN2DFormat.NHWC)
                                .name("pool")
                                .build()),
                Arguments.of(
                        in(ConvolutionMode.Causal, new FastSubsampling1DLayer.Builder().kernelSize(4))
                                .build(),
                        new Subsampling1DLayer.Builder(4)
                                .convolutionMode(ConvolutionMode.Causal)
                                .build()),
                Arguments.of(new FastSubsampling1DLayer.Builder(3).dilation(2).build(), dilated),
                Arguments.of(new FastUpsampling1DLayer.Builder(3).build(), new Upsampling1D.Builder(3).build()),
                Arguments.of(
                        new FastUpsampling1DLayer.Builder(2)
                                .dropOut(new Dropout(0.5))
                                .name("up")
                                .build(),
                        new Upsampling1D.Builder(2)
                                .dropOut(new Dropout(0.5))
                                .name("up")
                                .build()));
    }

    private static MultiLayerConfiguration networkOf(Layer layer) {
        return base().list().layer(layer).build();
    }

    @ParameterizedTest
    @MethodSource("fastAndStock")
    void options_areThoseOfTheConvertedStockLayer(Layer fast, Layer stock) {
        assertThat(networkOf(fast)).isEqualTo(FastLayers.convert(networkOf(stock)));
    }

    @ParameterizedTest
    @MethodSource("fastAndStock")
    void options_surviveJsonYamlAndClone(Layer layer, Layer stock) {
        Layer kept = assertSurviveJsonYamlAndClone(initialized(networkOf(layer)).getLayerWiseConfigurations());

        assertThat(kept).isNotEqualTo(stock);
        assertThat(stock).isNotEqualTo(kept);
    }

    private static MultiLayerConfiguration stock() {
        return configuration(
                new Subsampling1DLayer.Builder(PoolingType.AVG, 2, 2).build(), new Upsampling1D.Builder(2).build());
    }

    @Test
    void trainedNetwork_converted_continuesWithTheSameNumbers() {
        MultiLayerNetwork stock = initialized(stock());
        DataSet data = data(stock());
        ImageNetworks.fit(stock, data, 3);

        MultiLayerNetwork fast = FastLayers.convert(stock);

        assertThat(fast.getLayer(0)).isInstanceOf(FastSubsampling1DLayerImpl.class);
        assertThat(fast.getLayer(1)).isInstanceOf(FastUpsampling1DLayerImpl.class);
        assertThatArray(fast.params()).isEqualTo(stock.params());
        ImageNetworks.fit(stock, data, 3);
        ImageNetworks.fit(fast, data, 3);
        ImageNetworks.requireClose(fast.params(), stock.params(), ImageNetworks.ROUNDING);
        assertThat(FastLayers.convert(fast.getLayerWiseConfigurations())).isEqualTo(fast.getLayerWiseConfigurations());
    }

    @Test
    void graph_isConvertedAndKeepsItsNumbers() {
        ComputationGraph stock = initialized(stock()).toComputationGraph();
        INDArray x = data(stock()).getFeatures();

        ComputationGraph fast = FastLayers.convert(stock);

        assertThat(fast.getLayer(0)).isInstanceOf(FastSubsampling1DLayerImpl.class);
        ImageNetworks.requireClose(fast.outputSingle(x), stock.outputSingle(x), ImageNetworks.ROUNDING);
    }

    /** Sequences of any number and length follow one another. */
    @Test
    void sequences_ofChangingNumberAndLength_arePooled() {
        MultiLayerNetwork network = initialized(
                networkOf(new FastSubsampling1DLayer.Builder(2).stride(2).build()));

        assertThat(Stream.of(8, 5, 8).map(n -> network.output(Nd4j.ones(DataType.FLOAT, n, 3, n))))
                .allSatisfy(y -> assertThatArray(y).isEqualTo(Nd4j.onesLike(y)))
                .extracting(y -> y.size(2))
                .containsExactly(4L, 2L, 4L);
    }

    @Test
    void inputType_unknownLength_staysUnknown() {
        assertThat(new FastUpsampling1DLayer.Builder(2).build().getOutputType(0, InputType.recurrent(3)))
                .isEqualTo(InputType.recurrent(3));
        assertThat(new FastSubsampling1DLayer.Builder(2).build().getOutputType(0, InputType.recurrent(3)))
                .isEqualTo(InputType.recurrent(3));
    }

    static Stream<Layer> bothLayers() {
        return Stream.of(
                new FastSubsampling1DLayer.Builder(2).name("code").build(),
                new FastUpsampling1DLayer.Builder(2).name("code").build());
    }

    @ParameterizedTest
    @MethodSource("bothLayers")
    void input_ofAnotherRank_isRefused(Layer layer) {
        MultiLayerNetwork network = initialized(networkOf(layer));

        assertThat(Stream.of(new long[] {2, 3}, new long[] {2, 3, 4, 1}))
                .allSatisfy(shape -> assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, shape)))
                        .isInstanceOf(DL4JInvalidInputException.class)
                        .hasMessageContaining(layer.getClass().getSimpleName()
                                + " 'code': the input must have the shape [batch, channels, time], got "));
    }

    @ParameterizedTest
    @CsvSource({"2, 2, Truncate, 6", "4, 0, Strict, 3"})
    void windows_withoutASingleStep_areRefused(int kernel, int padding, ConvolutionMode mode, int steps) {
        MultiLayerNetwork network = initialized(networkOf(
                in(mode, pool(PoolingType.MAX, kernel).padding(padding)).build()));

        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, 2, CHANNELS, steps)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("there must be windows, and a step in each, got padding " + padding
                        + " with kernel " + kernel + " and dilation 1 over " + steps + " steps");
    }

    @Test
    void kernel_aboveTheSequence_isRefused() {
        MultiLayerNetwork network = initialized(networkOf(new FastSubsampling1DLayer.Builder(4).build()));

        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, 2, CHANNELS, 3)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("kernel");
    }

    @Test
    void optionsThatPoolingCannotUse_areRefused() {
        assertThatThrownBy(
                        () -> new FastSubsampling1DLayer.Builder(2).dropOut(0.5).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FastSubsampling1DLayer: dropOut must not be set");
        assertThatThrownBy(() -> pool(PoolingType.PNORM, 2).pnorm(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("FastSubsampling1DLayer: pnorm must be above 0 for p-norm pooling, got 0; 2 is usual");
        assertThatThrownBy(() -> new FastSubsampling1DLayer.Builder(null, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("poolingType must be given");
        assertThatThrownBy(() -> new FastSubsampling1DLayer.Builder(2).dilation(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FastSubsampling1DLayer: dilation must be at least 1, got 0");
        assertThatThrownBy(() -> {
                    FastSubsampling1DLayer.Builder builder = new FastSubsampling1DLayer.Builder(2);
                    builder.setStride(new int[] {1, 2});
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("FastSubsampling1DLayer: stride must be one number, got [1, 2]; sequences have one"
                        + " dimension");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void sizeOfUpsampling_belowOne_isRefused(int size) {
        assertThatThrownBy(() -> new FastUpsampling1DLayer.Builder(size))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FastUpsampling1DLayer: size must be at least 1, got " + size);
    }

    /** The stock layer repeats channels instead of steps. */
    @Test
    void upsampling_withChannelsLast_isRefused() {
        FastUpsampling1DLayer layer =
                new FastUpsampling1DLayer.Builder(2).name("code").build();

        assertThatThrownBy(() -> layer.getOutputType(0, sequences(CHANNELS, STEPS, RNNFormat.NWC)))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("FastUpsampling1DLayer 'code': the input must be sequences with the channels"
                        + " first (NCW), got ");
    }
}
