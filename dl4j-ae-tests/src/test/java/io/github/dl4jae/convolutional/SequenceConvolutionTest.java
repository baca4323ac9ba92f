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
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.denoising.MaskingNoise;
import io.github.dl4jae.dense.FastLayers;
import io.github.dl4jae.sparse.ActivationTopK;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BaseConvBuilder;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;

/** Convolutions of sequences without the stock layer: definitions, gradients, masks, options and errors. */
@Tag("slow")
class SequenceConvolutionTest {

    private static final double ROUNDING = 2e-6;
    /** The layers whose gradients the quick tests check: a convolution, and a transposed one with all options. */
    private static final Set<String> FEW = Set.of("convolution, same", "dilation 3, padding 2, stride 2");

    private static Stream<Named<Supplier<FastConvolution1DBuilder<?>>>> named(
            Map<String, Supplier<FastConvolution1DBuilder<?>>> layers) {
        return layers.entrySet().stream().map(layer -> Named.of(layer.getKey(), layer.getValue()));
    }

    private static FastConvolution1DLayer.Builder convolution(int kernel) {
        return new FastConvolution1DLayer.Builder(kernel);
    }

    private static FastDeconvolution1DLayer.Builder deconvolution(int kernel) {
        return new FastDeconvolution1DLayer.Builder(kernel);
    }

    static Stream<Named<Supplier<FastConvolution1DBuilder<?>>>> deconvolutions() {
        Map<String, Supplier<FastConvolution1DBuilder<?>>> layers = new TreeMap<>();
        layers.put("3", () -> deconvolution(3));
        layers.put("1", () -> deconvolution(1));
        layers.put("4, stride 2, padding 1", () -> deconvolution(4).stride(2).padding(1));
        layers.put("stride above the kernel", () -> deconvolution(2).stride(3));
        layers.put("dilation 2", () -> deconvolution(3).dilation(2));
        layers.put(
                "dilation 3, padding 2, stride 2",
                () -> deconvolution(2).dilation(3).padding(2).stride(2));
        layers.put("same", () -> deconvolution(3).convolutionMode(ConvolutionMode.Same));
        layers.put("same, stride 2", () -> deconvolution(4).stride(2).convolutionMode(ConvolutionMode.Same));
        layers.put("same, dilation 2", () -> deconvolution(3).dilation(2).convolutionMode(ConvolutionMode.Same));
        layers.put("same, stride above", () -> deconvolution(1).stride(4).convolutionMode(ConvolutionMode.Same));
        layers.put("one filter", () -> deconvolution(3).nOut(1));
        layers.put("many filters", () -> deconvolution(3).nOut(37));
        return named(layers);
    }

    static Stream<Named<Supplier<FastConvolution1DBuilder<?>>>> layers() {
        Map<String, Supplier<FastConvolution1DBuilder<?>>> layers = new TreeMap<>();
        layers.put("convolution", () -> convolution(3).stride(2).padding(1));
        layers.put("convolution, same", () -> convolution(2).dilation(2).convolutionMode(ConvolutionMode.Same));
        layers.put("convolution, causal", () -> convolution(2).dilation(2).convolutionMode(ConvolutionMode.Causal));
        layers.put("convolution, stride above", () -> convolution(1).stride(4).convolutionMode(ConvolutionMode.Same));
        layers.put("deconvolution, causal", () -> deconvolution(3).stride(2).convolutionMode(ConvolutionMode.Causal));
        return Stream.concat(named(layers), deconvolutions());
    }

    static Stream<Named<Supplier<FastConvolution1DBuilder<?>>>> fewLayers() {
        return layers().filter(layer -> FEW.contains(layer.getName()));
    }

    static Stream<Named<Supplier<FastConvolution1DBuilder<?>>>> otherLayers() {
        return layers().filter(layer -> !FEW.contains(layer.getName()));
    }

    private static FastConvolution1DBuilder<?> small(Supplier<FastConvolution1DBuilder<?>> layer) {
        FastConvolution1DBuilder<?> builder = layer.get().activation(Activation.TANH);
        return builder.getNOut() == 0 ? builder.nOut(4) : builder;
    }

    private static MultiLayerNetwork network(DataType type, RNNFormat format, Layer... layers) {
        return initialized(configuration(
                base().dataType(type).updater(new NoOp()), sequences(CHANNELS, STEPS, format), format, layers));
    }

    /** Returns the same numbers in any type. */
    private static DataSet inType(DataSet data, DataType type) {
        return new DataSet(
                data.getFeatures().castTo(type),
                data.getLabels().castTo(type),
                data.getFeaturesMaskArray(),
                data.getLabelsMaskArray());
    }

    private static DataSet dataOf(MultiLayerNetwork network, RNNFormat format) {
        return data(network.getLayerWiseConfigurations(), EXAMPLES, CHANNELS, STEPS, format);
    }

    /** Deeplearning4j has no transposed convolution of sequences. Images of width 1 are the same. */
    @ParameterizedTest
    @MethodSource("deconvolutions")
    void deconvolution_isThatOfImagesOfWidthOne(Supplier<FastConvolution1DBuilder<?>> layer) {
        FastConvolution1DBuilder<?> given = small(layer);
        MultiLayerNetwork ours = network(DataType.FLOAT, RNNFormat.NCW, given.build());
        Deconvolution2D.Builder wide = new Deconvolution2D.Builder(given.getKernelSize()[0], 1)
                .nIn(CHANNELS)
                .nOut(given.getNOut())
                .activation(Activation.TANH);
        wide.stride(given.getStride()[0], 1).padding(given.getPadding()[0], 0).dilation(given.getDilation()[0], 1);
        wide.convolutionMode(
                given.getConvolutionMode() == null ? ConvolutionMode.Truncate : given.getConvolutionMode());
        MultiLayerNetwork images = initialized(base().list().layer(wide.build()));
        images.setParams(ours.getLayer(0).params());
        INDArray x = dataOf(ours, RNNFormat.NCW).getFeatures();

        INDArray expected = images.output(x.reshape(EXAMPLES, CHANNELS, STEPS, 1));

        INDArray found = ours.feedForward(x).get(1);
        assertThatArray(found.dup('c').reshape(expected.shape())).isCloseTo(expected, ROUNDING);
    }

    /** Returns z_{o,u} = b_o + Σ_{c,t,i : t·s + i·d = u} x_{c,t} · W_{c,o,i}. */
    @Test
    void deconvolution_isItsDefinition() {
        MultiLayerNetwork network = network(
                DataType.DOUBLE,
                RNNFormat.NCW,
                deconvolution(2)
                        .stride(3)
                        .dilation(2)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .biasInit(0.5)
                        .build());
        INDArray W = network.getLayer(0).getParam("W");
        INDArray x = Nd4j.randn(DataType.DOUBLE, 1, CHANNELS, STEPS);
        assertThat(W.shape()).containsExactly(CHANNELS, 2, 2, 1);
        INDArray expected = Nd4j.valueArrayOf(new long[] {1, 2, 3 * (STEPS - 1) + 3}, 0.5, DataType.DOUBLE);
        for (int t = 0; t < STEPS; t++) {
            for (int i = 0; i < 2; i++) {
                INDArray at = expected.slice(0).getColumn(3L * t + 2L * i);
                for (int c = 0; c < CHANNELS; c++) {
                    for (int o = 0; o < 2; o++) {
                        at.putScalar(o, at.getDouble(o) + x.getDouble(0, c, t) * W.getDouble(c, o, i, 0));
                    }
                }
            }
        }

        assertThatArray(network.feedForward(x).get(1)).isCloseTo(expected, 1e-12);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void numbers_inFloat32_areThoseOfFloat64(Supplier<FastConvolution1DBuilder<?>> layer) {
        for (RNNFormat format : RNNFormat.values()) {
            MultiLayerNetwork single =
                    network(DataType.FLOAT, format, small(layer).build());
            MultiLayerNetwork exact =
                    network(DataType.DOUBLE, format, small(layer).build());
            exact.setParams(single.params().castTo(DataType.DOUBLE));
            DataSet data = dataOf(single, format);

            assertThatArray(single.output(data.getFeatures()).castTo(DataType.DOUBLE))
                    .isCloseTo(exact.output(data.getFeatures().castTo(DataType.DOUBLE)), 2e-6);
            ImageNetworks.requireClose(
                    gradient(single, data).castTo(DataType.DOUBLE),
                    gradient(exact, inType(data, DataType.DOUBLE)),
                    ImageNetworks.ROUNDING);
        }
    }

    static Stream<Named<Supplier<FastConvolution1DBuilder<?>>>> layersWithOptions() {
        Map<String, Supplier<FastConvolution1DBuilder<?>>> layers = new TreeMap<>();
        layers.put("no bias, penalty", () -> convolution(2).hasBias(false).l2(0.1));
        layers.put("softmax", () -> convolution(2).activation(Activation.SOFTMAX));
        return named(layers);
    }

    @ParameterizedTest
    @MethodSource({"fewLayers", "layersWithOptions"})
    void gradient_isThatOfTheScore(Supplier<FastConvolution1DBuilder<?>> layer) {
        requireGradientOf(layer);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("otherLayers")
    void gradient_ofOtherLayers_isThatOfTheScore(Supplier<FastConvolution1DBuilder<?>> layer) {
        requireGradientOf(layer);
    }

    private static void requireGradientOf(Supplier<FastConvolution1DBuilder<?>> layer) {
        for (RNNFormat format : RNNFormat.values()) {
            FastConvolution1DBuilder<?> builder = small(layer);
            MultiLayerNetwork network = network(
                    DataType.DOUBLE,
                    format,
                    convolution(2).nOut(CHANNELS).activation(Activation.TANH).build(),
                    builder.build());
            requireGradient(network, inType(dataOf(network, format), DataType.DOUBLE));
        }
    }

    static Stream<Arguments> dropouts() {
        return bothLayers().flatMap(layer -> Stream.of(RNNFormat.values())
                .flatMap(format -> Stream.<IDropout>of(new Dropout(0.6), new MaskingNoise(0.4, 5))
                        .map(dropout -> Arguments.of(layer, format, dropout))));
    }

    /** The stock layer leaves dropout out of this gradient. */
    @ParameterizedTest
    @MethodSource("dropouts")
    void inputGradient_behindDropout_isThatOfTheScore(
            Supplier<FastConvolution1DBuilder<?>> layer, RNNFormat format, IDropout dropout) {
        MultiLayerNetwork network =
                network(DataType.DOUBLE, format, small(layer).dropOut(dropout).build());
        DataSet data = inType(dataOf(network, format), DataType.DOUBLE);
        INDArray x = data.getFeatures();
        INDArray step = Nd4j.randn(DataType.DOUBLE, x.shape()).mul(1e-5);

        INDArray gradient = ImageNetworks.seeded(
                () -> ImageNetworks.gradients(network, data).getSecond());

        double above = ImageNetworks.seeded(() -> network.score(new DataSet(x.add(step), data.getLabels()), true));
        double below = ImageNetworks.seeded(() -> network.score(new DataSet(x.sub(step), data.getLabels()), true));
        assertThat(gradient.mul(step).sumNumber().doubleValue())
                .isCloseTo(
                        EXAMPLES * (above - below) / 2,
                        within(1e-8 * gradient.norm2Number().doubleValue()));
    }

    @ParameterizedTest
    @MethodSource("fewLayers")
    void gradient_withMasks_isThatOfTheScore(Supplier<FastConvolution1DBuilder<?>> layer) {
        requireGradientWithMasks(layer);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("otherLayers")
    void gradient_ofOtherLayers_withMasks_isThatOfTheScore(Supplier<FastConvolution1DBuilder<?>> layer) {
        requireGradientWithMasks(layer);
    }

    private static void requireGradientWithMasks(Supplier<FastConvolution1DBuilder<?>> layer) {
        MultiLayerNetwork network = network(
                DataType.DOUBLE,
                RNNFormat.NCW,
                convolution(3)
                        .convolutionMode(ConvolutionMode.Same)
                        .nOut(CHANNELS)
                        .activation(Activation.TANH)
                        .build(),
                small(layer).build());
        DataSet data = inType(dataOf(network, RNNFormat.NCW), DataType.DOUBLE);
        data.setFeaturesMaskArray(raggedMask(DataType.DOUBLE));
        requireGradient(network, data);
    }

    /** The stock layer zeroes the steps of a mask that is set on it directly. */
    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void maskOfTheLayer_setsStepsToZeroForwardAndBackward(RNNFormat format) {
        MultiLayerNetwork network = network(
                DataType.FLOAT,
                format,
                deconvolution(2)
                        .stride(2)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .biasInit(1)
                        .build());
        network.initGradientsView();
        org.deeplearning4j.nn.api.Layer layer = network.getLayer(0);
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
        layer.setInput(dataOf(network, format).getFeatures(), workspaces);
        layer.setMaskArray(raggedMask(DataType.FLOAT));

        INDArray a = layer.activate(true, workspaces);
        INDArray steps = a.norm1(format == RNNFormat.NCW ? 1 : 2);
        INDArray below =
                layer.backpropGradient(Nd4j.onesLike(a), workspaces).getSecond().norm1(format == RNNFormat.NCW ? 1 : 2);

        INDArray active =
                raggedMask(DataType.FLOAT).reshape(EXAMPLES * STEPS, 1).repeat(1, 2);
        assertThatArray(steps.gt(0).castTo(DataType.FLOAT)).isEqualTo(active.reshape(EXAMPLES, 2 * STEPS));
        assertThatArray(below.gt(0).castTo(DataType.FLOAT)).isEqualTo(raggedMask(DataType.FLOAT));
    }

    @ParameterizedTest
    @CsvSource({
        // kernel, stride, padding, dilation, mode, mask of 4 of 5 steps
        "2, 2, 0, 1, Truncate, 1111111100",
        "3, 1, 0, 1, Truncate, 1111110",
        "4, 2, 1, 1, Truncate, 1111111110",
        "1, 3, 0, 1, Truncate, 1111111111110",
        "2, 1, 0, 3, Truncate, 11111110",
        "4, 2, 0, 1, Same, 1111111110",
        "1, 4, 0, 1, Same, 11111111111111111000",
        "3, 2, 0, 1, Causal, 1111111110"
    })
    void maskOfADeconvolution_coversWhatActiveStepsReach(
            int kernel, int stride, int padding, int dilation, ConvolutionMode mode, String expected) {
        FastDeconvolution1DLayer layer = deconvolution(kernel)
                .stride(stride)
                .padding(padding)
                .dilation(dilation)
                .convolutionMode(mode)
                .nIn(1)
                .nOut(1)
                .build();
        INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1, 1, 1, 0}});

        INDArray found = layer.reduce(mask);

        StringBuilder digits = new StringBuilder();
        for (int t = 0; t < found.size(1); t++) {
            digits.append(found.getInt(0, t));
        }
        assertThat(digits).hasToString(expected);
        assertThat(layer.getOutputType(0, InputType.recurrent(1, 5)).getShape()[1])
                .isEqualTo(expected.length());
    }

    @Test
    void fullMask_staysFull() {
        INDArray mask = Nd4j.ones(DataType.FLOAT, 2, 5);

        INDArray found = deconvolution(2)
                .stride(5)
                .convolutionMode(ConvolutionMode.Truncate)
                .nIn(1)
                .nOut(1)
                .build()
                .reduce(mask);

        assertThat(found).isEqualTo(Nd4j.ones(DataType.FLOAT, 2, 22));
    }

    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void causalLayers_doNotLookAhead(RNNFormat format) {
        MultiLayerNetwork network = network(
                DataType.FLOAT,
                format,
                convolution(3)
                        .convolutionMode(ConvolutionMode.Causal)
                        .dilation(2)
                        .nOut(4)
                        .build(),
                deconvolution(3).convolutionMode(ConvolutionMode.Causal).nOut(4).build());
        INDArray x = Nd4j.randn(DataType.FLOAT, 1, CHANNELS, STEPS);
        INDArray changed = x.dup();
        changed.putScalar(0, 1, 6, 9);

        INDArray before = network.output(inFormat(x, format)).dup('c');
        INDArray after = network.output(inFormat(changed, format)).dup('c');

        INDArray differs = before.neq(after).castTo(DataType.FLOAT).max(format == RNNFormat.NCW ? 1 : 2);
        assertThatArray(differs.castTo(DataType.FLOAT))
                .isEqualTo(Nd4j.createFromArray(new float[][] {{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1}}));
    }

    @Test
    void weightNoise_hasAnEffectInTraining() {
        MultiLayerNetwork network = network(
                DataType.FLOAT,
                RNNFormat.NCW,
                convolution(3).nOut(4).weightNoise(new DropConnect(0.5)).build());
        INDArray x = dataOf(network, RNNFormat.NCW).getFeatures();

        assertThat(network.feedForward(x, true).get(1).dup())
                .isNotEqualTo(network.feedForward(x, false).get(1).dup());
    }

    static Stream<Named<Supplier<FastConvolution1DBuilder<?>>>> bothLayers() {
        Map<String, Supplier<FastConvolution1DBuilder<?>>> layers = new TreeMap<>();
        layers.put("convolution", () -> convolution(3));
        layers.put("deconvolution", () -> deconvolution(3));
        return named(layers);
    }

    private static Stream<Layer> options(Supplier<FastConvolution1DBuilder<?>> layer) {
        return Stream.of(
                        layer.get().stride(2).padding(1),
                        layer.get().dilation(2).hasBias(false),
                        layer.get().convolutionMode(ConvolutionMode.Causal).rnnDataFormat(RNNFormat.NWC),
                        layer.get().inputGradient(false).name("code"),
                        layer.get()
                                .dropOut(0.6)
                                .weightNoise(new DropConnect(0.7))
                                .l1(0.1)
                                .updater(new Adam(0.2)))
                .map(each -> each.nIn(CHANNELS).nOut(4).build());
    }

    @ParameterizedTest
    @MethodSource("bothLayers")
    void options_surviveJsonYamlAndClone(Supplier<FastConvolution1DBuilder<?>> layer) {
        assertThat(options(layer)).allSatisfy(each -> {
            Layer kept = assertSurviveJsonYamlAndClone(base().list().layer(each).build());

            assertThat(options(layer).filter(kept::equals)).hasSizeLessThanOrEqualTo(1);
        });
    }

    static Stream<Named<UnaryOperator<BaseConvBuilder<?>>>> sharedOptions() {
        Map<String, UnaryOperator<BaseConvBuilder<?>>> options = new TreeMap<>();
        options.put("none", layer -> layer);
        options.put(
                "stride, padding, dilation", layer -> layer.stride(2).padding(1).dilation(3));
        options.put("mode", layer -> layer.convolutionMode(ConvolutionMode.Causal));
        options.put("no bias", layer -> layer.hasBias(false));
        options.put("name and activation", layer -> layer.name("code").activation(Activation.TANH));
        options.put("penalties", layer -> layer.l1(0.1).l2(0.2).l2Bias(0.3));
        options.put("noise", layer -> layer.dropOut(new Dropout(0.6)).weightNoise(new DropConnect(0.7)));
        options.put("constraints", layer -> layer.constrainAllParameters(new NonNegativeConstraint()));
        options.put("updater", layer -> layer.updater(new Adam(0.3)).biasUpdater(new Adam(0.4)));
        return options.entrySet().stream().map(option -> Named.of(option.getKey(), option.getValue()));
    }

    @ParameterizedTest
    @MethodSource("sharedOptions")
    void options_areThoseOfTheConvertedStockLayer(UnaryOperator<BaseConvBuilder<?>> option) {
        Layer fast = option.apply(convolution(3).nIn(CHANNELS).nOut(4)).build();
        Layer stock = option.apply(
                        new Convolution1DLayer.Builder(3).nIn(CHANNELS).nOut(4))
                .build();

        assertThat(base().list().layer(fast).build())
                .isEqualTo(FastLayers.convert(base().list().layer(stock).build()));
    }

    @Test
    void subclassConvolution1D_isConverted() {
        Convolution1D alias = new Convolution1D();
        alias.setKernelSize(new int[] {3, 3});
        alias.setStride(new int[] {1, 1});
        alias.setPadding(new int[] {0, 0});
        alias.setNIn(CHANNELS);
        alias.setNOut(4);

        Layer fast = FastLayers.convert(base().list().layer(alias).build())
                .getConf(0)
                .getLayer();

        assertThat(fast).isExactlyInstanceOf(FastConvolution1DLayer.class);
    }

    @Test
    void trainedNetwork_converted_continuesWithTheSameNumbers() {
        MultiLayerConfiguration configuration = configuration(
                base().updater(new Adam(0.01)),
                sequences(CHANNELS, STEPS, RNNFormat.NCW),
                RNNFormat.NCW,
                new Convolution1DLayer.Builder(3)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build());
        MultiLayerNetwork stock = initialized(configuration);
        DataSet data = data(configuration);
        ImageNetworks.fit(stock, data, 3);

        MultiLayerNetwork fast = FastLayers.convert(stock);

        assertThatArray(fast.params()).isEqualTo(stock.params());
        ImageNetworks.fit(stock, data, 3);
        ImageNetworks.fit(fast, data, 3);
        ImageNetworks.requireClose(fast.params(), stock.params(), 1e-4); // Adam divides by the size of a gradient
    }

    @ParameterizedTest
    @MethodSource("bothLayers")
    void inputGradient_turnedOff_leavesTheTrainingAsItIs(Supplier<FastConvolution1DBuilder<?>> layer) {
        MultiLayerConfiguration with = configuration(small(layer).build());
        MultiLayerNetwork expected = initialized(with);
        MultiLayerNetwork found =
                initialized(configuration(small(layer).inputGradient(false).build()));
        DataSet data = data(with);

        ImageNetworks.fit(expected, data, 3);
        ImageNetworks.fit(found, data, 3);

        assertThatArray(found.params()).isEqualTo(expected.params());
        assertThatArray(ImageNetworks.gradients(found, data).getSecond())
                .isEqualTo(Nd4j.zeros(DataType.FLOAT, data.getFeatures().shape()));
    }

    @ParameterizedTest
    @MethodSource("bothLayers")
    void input_ofAnotherShape_isRefused(Supplier<FastConvolution1DBuilder<?>> layer) {
        MultiLayerNetwork network = initialized(base().list()
                .layer(layer.get().nIn(CHANNELS).nOut(4).name("code").build()));

        assertThat(Stream.of(new long[] {2, 4, 5}, new long[] {2, CHANNELS}, new long[] {2, CHANNELS, 5, 1}))
                .allSatisfy(shape -> assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, shape)))
                        .isInstanceOf(DL4JInvalidInputException.class)
                        .hasMessageContaining(" 'code': the input must have the shape [batch, 3, time], got "));
    }

    @Test
    void kernel_aboveTheSequence_isRefused() {
        MultiLayerNetwork network = initialized(
                base().list().layer(convolution(4).nIn(CHANNELS).nOut(4).build()));

        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, 2, CHANNELS, 3)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("kernel");
    }

    @Test
    void padding_thatLeavesNoStep_isRefused() {
        MultiLayerNetwork network = initialized(base().list()
                .layer(deconvolution(3).padding(2).nIn(CHANNELS).nOut(4).build()));

        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, 2, CHANNELS, 2)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessage("FastDeconvolution1DLayer 'layer0': the output must have at least one step, got 0 for an"
                        + " input of 2 steps; choose a smaller padding");
    }

    @Test
    void sizes_thatAreMissing_areRefused() {
        MultiLayerNetwork network = new MultiLayerNetwork(
                base().list().layer(convolution(3).nIn(CHANNELS).build()).build());

        assertThatThrownBy(network::init)
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining(
                        "FastConvolution1DLayer 'layer0': nIn and nOut must be above 0, got nIn = 3, nOut = 0");
    }

    @Test
    void twoNumbers_forOneDimension_areRefused() {
        assertThatThrownBy(() -> convolution(3).stride(2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "FastConvolution1DLayer: stride must be one number, got [2, 1]; sequences have one dimension");
    }

    @Test
    void images_beforeADeconvolution_areRefused() {
        FastDeconvolution1DLayer layer = deconvolution(3).nOut(4).build();

        assertThatThrownBy(() -> layer.getOutputType(0, InputType.convolutional(3, 3, 1)))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("FastDeconvolution1DLayer (unnamed): the input must be sequences, got ");
    }

    @Test
    void topK_overChannels_keepsKPerStep() {
        MultiLayerNetwork network = network(
                DataType.DOUBLE,
                RNNFormat.NWC,
                convolution(3).nOut(6).activation(new ActivationTopK(2)).build());

        INDArray a = network.feedForward(Nd4j.randn(DataType.DOUBLE, 2, STEPS, CHANNELS))
                .get(1);

        assertThat(a.neq(0).castTo(DataType.DOUBLE).sum(2).maxNumber().doubleValue())
                .isCloseTo(2, within(0.0));
    }
}
