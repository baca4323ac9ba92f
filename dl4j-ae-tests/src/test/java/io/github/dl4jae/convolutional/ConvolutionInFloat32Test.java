package io.github.dl4jae.convolutional;

import static io.github.dl4jae.convolutional.ImageNetworks.EXAMPLES;
import static io.github.dl4jae.convolutional.ImageNetworks.LABELS;
import static io.github.dl4jae.convolutional.ImageNetworks.ROUNDING;
import static io.github.dl4jae.convolutional.ImageNetworks.base;
import static io.github.dl4jae.convolutional.ImageNetworks.configuration;
import static io.github.dl4jae.convolutional.ImageNetworks.data;
import static io.github.dl4jae.convolutional.ImageNetworks.features;
import static io.github.dl4jae.convolutional.ImageNetworks.gradients;
import static io.github.dl4jae.convolutional.ImageNetworks.images;
import static io.github.dl4jae.convolutional.ImageNetworks.output;
import static io.github.dl4jae.convolutional.ImageNetworks.requireClose;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.fit;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.dl4jae.convolutional.ImageNetworks.Kind;
import io.github.dl4jae.dense.FastLayers;
import io.github.dl4jae.sparse.ActivationTopK;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** What {@link ConvolutionalContractTest} checks in float64, in the type that takes our kernels. */
@Tag("slow")
class ConvolutionInFloat32Test {

    private static final int CHANNELS = 2;
    private static final InputType IMAGES = images(CHANNELS, CNN2DFormat.NCHW);

    /** Each takes another way through backprop: none, a kept derivative, kept pre-activations, rows of channels. */
    private static Stream<IActivation> activations() {
        return Stream.of(
                Activation.IDENTITY.getActivationFunction(),
                Activation.RELU.getActivationFunction(),
                Activation.SOFTPLUS.getActivationFunction(),
                new ActivationTopK(2));
    }

    static Stream<Arguments> cases() {
        return Stream.of(Kind.values()).flatMap(kind -> Stream.of(CNN2DFormat.values())
                .flatMap(format -> activations().map(activation -> arguments(kind, format, activation))));
    }

    private static MultiLayerConfiguration stack(
            NeuralNetConfiguration.Builder base, Kind kind, CNN2DFormat format, IActivation activation) {
        return configuration(
                base.activation(activation),
                images(CHANNELS, format),
                kind.fast(3, 2).nOut(4).build(),
                kind.fast(2, 2).nOut(5).stride(2, 2).build());
    }

    private static MultiLayerNetwork network(Kind kind, CNN2DFormat format, IActivation activation) {
        return initialized(stack(base(), kind, format, activation));
    }

    private static NeuralNetConfiguration.Builder withAdam(WorkspaceMode workspaces) {
        return base().trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces)
                .updater(new Adam(0.01));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void training_withoutWorkspaces_givesTheNumbersWithThem(Kind kind, CNN2DFormat format, IActivation activation) {
        MultiLayerNetwork with = initialized(stack(withAdam(WorkspaceMode.ENABLED), kind, format, activation));
        MultiLayerNetwork without = initialized(stack(withAdam(WorkspaceMode.NONE), kind, format, activation));
        DataSet data = data(images(CHANNELS, format), EXAMPLES);

        fit(with, data, 4);
        fit(without, data, 4);

        assertThatArray(without.params()).isEqualTo(with.params());
        assertThatArray(without.output(data.getFeatures())).isEqualTo(with.output(data.getFeatures()));
    }

    /** Returns the layers without the output layer, which refuses a gradient from outside. */
    private static MultiLayerNetwork headless(Kind kind, CNN2DFormat format, IActivation activation) {
        return initialized(base().list()
                .layer(kind.fast(3, 2).nOut(4).activation(activation).build())
                .layer(kind.fast(2, 2).nOut(5).activation(activation).build())
                .setInputType(images(CHANNELS, format)));
    }

    private static INDArray epsilon(INDArray output) {
        Nd4j.getRandom().setSeed(13);
        return Nd4j.randn(DataType.FLOAT, output.shape());
    }

    private static Pair<Gradient, INDArray> backprop(MultiLayerNetwork network, INDArray epsilon) {
        return network.backpropGradient(epsilon, LayerWorkspaceMgr.noWorkspaces());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void passes_leaveInputAndEpsilonAsTheyAre(Kind kind, CNN2DFormat format, IActivation activation) {
        MultiLayerNetwork network = headless(kind, format, activation);
        INDArray x = features(images(CHANNELS, format), EXAMPLES);
        INDArray xBefore = x.dup();

        network.setInput(x);
        INDArray output = network.feedForward(true, false).get(2);
        INDArray epsilon = epsilon(output);
        INDArray epsilonBefore = epsilon.dup();
        backprop(network, epsilon);

        assertThatArray(x).isEqualTo(xBefore);
        assertThatArray(epsilon).isEqualTo(epsilonBefore);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void output_writtenOver_leavesTheGradientAsItIs(Kind kind, CNN2DFormat format, IActivation activation) {
        MultiLayerNetwork network = headless(kind, format, activation);
        network.setInput(features(images(CHANNELS, format), EXAMPLES));
        INDArray epsilon = epsilon(network.feedForward(true, false).get(2));
        INDArray expected = backprop(network, epsilon).getFirst().gradient().dup();

        network.feedForward(true, false).get(2).assign(Float.NaN);

        assertThatArray(backprop(network, epsilon).getFirst().gradient()).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void backprop_afterATestPassAndRepeated_givesTheSameGradient(
            Kind kind, CNN2DFormat format, IActivation activation) {
        MultiLayerNetwork network = headless(kind, format, activation);
        network.setInput(features(images(CHANNELS, format), EXAMPLES));
        INDArray epsilon = epsilon(network.feedForward(true, false).get(2));
        Pair<Gradient, INDArray> first = backprop(network, epsilon);
        INDArray expected = first.getFirst().gradient().dup();
        INDArray expectedBelow = first.getSecond().dup();

        network.feedForward(false, false);
        backprop(network, epsilon);
        Pair<Gradient, INDArray> repeated = backprop(network, epsilon);

        assertThatArray(repeated.getFirst().gradient()).isEqualTo(expected);
        assertThatArray(repeated.getSecond()).isEqualTo(expectedBelow);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void epsilon_inAnotherOrder_givesTheSameGradient(Kind kind, CNN2DFormat format, IActivation activation) {
        MultiLayerNetwork network = headless(kind, format, activation);
        network.setInput(features(images(CHANNELS, format), EXAMPLES));
        INDArray epsilon = epsilon(network.feedForward(true, false).get(2));
        INDArray expected = backprop(network, epsilon).getFirst().gradient().dup();

        INDArray inAnotherOrder = epsilon.dup('f');

        assertThatArray(backprop(network, inAnotherOrder).getFirst().gradient()).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void features_inAnotherOrder_giveTheSameNumbers(Kind kind, CNN2DFormat format, IActivation activation) {
        MultiLayerNetwork network = network(kind, format, activation);
        MultiLayerNetwork same = network.clone();
        DataSet data = data(images(CHANNELS, format), EXAMPLES);
        INDArray permuted = data.getFeatures().permute(2, 3, 0, 1).dup('c').permute(2, 3, 0, 1);

        fit(network, data, 2);
        fit(same, new DataSet(permuted, data.getLabels()), 2);

        assertThatArray(same.params()).isEqualTo(network.params());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void output_afterTraining_isThatOfFeedForward(Kind kind, CNN2DFormat format, IActivation activation) {
        MultiLayerNetwork network = network(kind, format, activation);
        DataSet data = data(images(CHANNELS, format), EXAMPLES);
        fit(network, data, 2);

        assertThatArray(network.output(data.getFeatures()))
                .isEqualTo(network.feedForward(data.getFeatures()).get(3));
        assertThatArray(network.output(data.getFeatures())).isEqualTo(network.output(data.getFeatures(), true));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void graph_ofTheSameLayers_givesTheSameGradient(Kind kind, CNN2DFormat format, IActivation activation) {
        MultiLayerNetwork network = network(kind, format, activation);
        ComputationGraph graph = network.toComputationGraph();
        DataSet data = data(images(CHANNELS, format), EXAMPLES);
        assertThatArray(graph.params()).isEqualTo(network.params());

        network.setInput(data.getFeatures());
        network.setLabels(data.getLabels());
        network.computeGradientAndScore();
        graph.setInputs(data.getFeatures());
        graph.setLabels(data.getLabels());
        graph.computeGradientAndScore();

        assertThatArray(graph.gradient().gradient())
                .isEqualTo(network.gradient().gradient());
        assertThat(graph.score()).isEqualTo(network.score());
    }

    /** In the NHWC format the stock layers cannot activate channels together. */
    static Stream<Arguments> casesOfStockLayers() {
        return cases().filter(each -> each.get()[1] == CNN2DFormat.NCHW || !(each.get()[2] instanceof ActivationTopK));
    }

    /** Two layers read the output of the first; their gradients meet there. */
    @ParameterizedTest
    @MethodSource("casesOfStockLayers")
    void output_withTwoReaders_trainsAsInTheStockGraph(Kind kind, CNN2DFormat format, IActivation activation) {
        ComputationGraph stock = initialized(base().activation(activation)
                .graphBuilder()
                .addInputs("in")
                .addLayer("first", kind.stock(3, 3).nOut(4).build(), "in")
                .addLayer("a", kind.stock(1, 1).nOut(3).build(), "first")
                .addLayer("b", new ConvolutionLayer.Builder(1, 1).nOut(3).build(), "first")
                .addVertex("both", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                .addLayer("out", output(), "both")
                .setOutputs("out")
                .setInputTypes(images(CHANNELS, format)));
        ComputationGraph fast = FastLayers.convert(stock);
        DataSet data = data(images(CHANNELS, format), EXAMPLES);

        fit(stock, data, 3);
        fit(fast, data, 3);

        requireClose(fast.params(), stock.params(), ROUNDING);
    }

    private static Layer same(Kind kind, int filters) {
        return kind.stock(3, 3)
                .nOut(filters)
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.RELU)
                .build();
    }

    /** Returns a stock network that takes images of any size. */
    private static MultiLayerNetwork fullyConvolutional(Kind kind) {
        return initialized(base().list()
                .layer(same(kind, 6))
                .layer(same(kind, CHANNELS))
                .layer(new CnnLossLayer.Builder(new LossMSE())
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(IMAGES));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void training_onImagesOfChangingNumberAndSize_givesTheStockNumbers(Kind kind) {
        MultiLayerNetwork stock = fullyConvolutional(kind);
        MultiLayerNetwork fast = FastLayers.convert(stock);
        Stream.of(new int[] {5, 9, 7}, new int[] {1, 9, 7}, new int[] {3, 12, 5}, new int[] {1, 1, 1}, new int[] {
                    40, 9, 7
                })
                .map(sizes -> features(InputType.convolutional(sizes[1], sizes[2], CHANNELS), sizes[0]))
                .forEach(x -> {
                    stock.fit(x, x);
                    fast.fit(x, x);
                    requireClose(fast.params(), stock.params(), ROUNDING);
                    requireClose(fast.output(x), stock.output(x), ROUNDING);
                });
    }

    static Stream<Arguments> frozenLayers() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(
                        arguments(kind, Named.of("first", new Layer[] {new FrozenLayer(same(kind, 4)), same(kind, 3)})),
                        arguments(kind, Named.of("above a layer that learns", new Layer[] {
                            same(kind, 4), new FrozenLayerWithBackprop(same(kind, 3))
                        }))));
    }

    @ParameterizedTest
    @MethodSource("frozenLayers")
    void training_aroundAFrozenLayer_givesTheStockNumbers(Kind kind, Layer[] layers) {
        MultiLayerConfiguration configuration = configuration(IMAGES, layers);
        MultiLayerNetwork stock = initialized(configuration);
        MultiLayerNetwork fast = initialized(FastLayers.convert(configuration));
        DataSet data = data(IMAGES, EXAMPLES);
        int frozen = layers[0] instanceof FrozenLayer ? 0 : 1;
        INDArray before = fast.getLayer(frozen).params().dup();

        fit(stock, data, 3);
        fit(fast, data, 3);

        assertThatArray(fast.getLayer(frozen).params()).isEqualTo(before);
        requireClose(fast.params(), stock.params(), ROUNDING);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void clone_andRestoredNetwork_continueWithTheSameNumbers(Kind kind, CNN2DFormat format, IActivation activation)
            throws IOException {
        MultiLayerNetwork network = initialized(stack(withAdam(WorkspaceMode.ENABLED), kind, format, activation));
        DataSet data = data(images(CHANNELS, format), EXAMPLES);
        fit(network, data, 2);

        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, file, true);
        MultiLayerNetwork restored =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true);
        MultiLayerNetwork clone = network.clone();
        fit(network, data, 2);
        fit(restored, data, 2);
        fit(clone, data, 2);

        assertThatArray(restored.params()).isEqualTo(network.params());
        assertThatArray(clone.params()).isEqualTo(network.params());
    }

    /** Integer features are images as bytes. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void features_ofAnotherType_giveTheNumbersOfFloat32(Kind kind) {
        MultiLayerNetwork network = network(kind, CNN2DFormat.NCHW, Activation.RELU.getActivationFunction());
        INDArray bytes = features(IMAGES, EXAMPLES).muli(4).castTo(DataType.INT8);
        INDArray labels = Nd4j.ones(DataType.FLOAT, EXAMPLES, LABELS);

        INDArray gradient = gradients(network, new DataSet(bytes, labels))
                .getFirst()
                .gradient()
                .dup();

        assertThatArray(gradient)
                .isEqualTo(gradients(network, new DataSet(bytes.castTo(DataType.FLOAT), labels))
                        .getFirst()
                        .gradient());
    }

    /** Buffers belong to threads, and the number of BLAS threads to the process. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void networks_trainedAtTheSameTime_giveTheNumbersOfOneAlone(Kind kind) {
        InputType input = InputType.convolutional(20, 18, CHANNELS);
        MultiLayerNetwork network = initialized(configuration(
                input,
                kind.fast(3, 3).nOut(8).activation(Activation.RELU).build(),
                kind.fast(2, 2).nOut(4).build()));
        DataSet data = data(input, 32);
        List<MultiLayerNetwork> clones =
                Stream.generate(network::clone).limit(4).toList();
        fit(network, data, 3);

        clones.parallelStream().forEach(clone -> fit(clone, data, 3));

        assertThat(clones).allSatisfy(clone -> requireClose(clone.params(), network.params(), 1e-6));
    }
}
