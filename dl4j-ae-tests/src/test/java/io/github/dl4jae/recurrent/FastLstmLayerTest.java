package io.github.dl4jae.recurrent;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.dense.FastLayers;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.testing.LayerContract;
import io.github.dl4jae.testing.Networks;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The numbers of the stock layer, which Deeplearning4j's gradient check has proven in float64. */
class FastLstmLayerTest {

    private static final int IN = 4;
    private static final int UNITS = 6;
    private static final int OUT = 3;
    private static final int STEPS = 7;
    /** Two tasks of 16 examples, and a rest. */
    private static final int EXAMPLES = 37;

    private static final double FLOAT_TOLERANCE = 2e-6;

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Sgd(0.1));
    }

    private static LSTM.Builder stock() {
        return new LSTM.Builder().nOut(UNITS).activation(Activation.TANH);
    }

    private static MultiLayerConfiguration stack(
            NeuralNetConfiguration.Builder base, RNNFormat format, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = base.list();
        Stream.of(layers).forEach(list::layer);
        return list.layer(new RnnOutputLayer.Builder(new LossMSE())
                        .nOut(OUT)
                        .activation(Activation.IDENTITY)
                        .dataFormat(format)
                        .build())
                .setInputType(InputType.recurrent(IN, STEPS, format))
                .build();
    }

    private static DataSet data(RNNFormat format, int examples) {
        Nd4j.getRandom().setSeed(5);
        INDArray features = Nd4j.randn(DataType.FLOAT, examples, IN, STEPS);
        INDArray labels = Nd4j.randn(DataType.FLOAT, examples, OUT, STEPS);
        return format == RNNFormat.NCW
                ? new DataSet(features, labels)
                : new DataSet(
                        features.permute(0, 2, 1).dup('c'),
                        labels.permute(0, 2, 1).dup('c'));
    }

    /** Steps at the end are padding, of another number in each example. Every third example also lacks its second. */
    private static DataSet padded(RNNFormat format, int examples) {
        DataSet data = data(format, examples);
        INDArray mask = Nd4j.ones(DataType.FLOAT, examples, STEPS);
        IntStream.range(0, examples)
                .forEach(i -> mask.get(NDArrayIndex.point(i), NDArrayIndex.interval(3 + i % 5, STEPS))
                        .assign(0));
        mask.get(NDArrayIndex.interval(0, 3, examples), NDArrayIndex.point(1)).assign(0);
        data.setFeaturesMaskArray(mask);
        data.setLabelsMaskArray(mask);
        return data;
    }

    private static INDArray gradient(MultiLayerNetwork network, DataSet data) {
        network.setInput(data.getFeatures());
        network.setLabels(data.getLabels());
        network.setLayerMaskArrays(data.getFeaturesMaskArray(), data.getLabelsMaskArray());
        network.computeGradientAndScore();
        network.clearLayerMaskArrays();
        return network.gradient().gradient().dup();
    }

    /** Compares a network of stock layers with its conversion: outputs, gradient, parameters after training. */
    private static void requireStockNumbers(MultiLayerConfiguration configuration, DataSet data) {
        MultiLayerNetwork stock = Networks.initialized(configuration);
        MultiLayerNetwork fast = FastLayers.convert(stock);
        assertThat(fast.getLayerWiseConfigurations().toJson()).contains("FastLstmLayer");
        INDArray mask = data.getFeaturesMaskArray();

        assertThatArray(fast.output(data.getFeatures(), false, mask, mask))
                .isCloseTo(stock.output(data.getFeatures(), false, mask, mask), FLOAT_TOLERANCE);
        if (configuration.getBackpropType() == BackpropType.Standard) {
            INDArray expected = gradient(stock, data);
            assertThatArray(gradient(fast, data))
                    .isCloseTo(expected, FLOAT_TOLERANCE * expected.amaxNumber().doubleValue());
        }
        Networks.fit(stock, data, 4);
        Networks.fit(fast, data, 4);
        assertThatArray(fast.params()).isCloseTo(stock.params(), FLOAT_TOLERANCE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"TANH", "RELU", "SIGMOID", "IDENTITY", "SOFTSIGN"})
    void network_withAnyActivation_givesTheStockNumbers(Activation activation) {
        requireStockNumbers(
                stack(base(), RNNFormat.NCW, stock().activation(activation).build(), stock().build()),
                data(RNNFormat.NCW, EXAMPLES));
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"SIGMOID", "HARDSIGMOID"})
    void network_withAnyGate_givesTheStockNumbers(Activation gate) {
        requireStockNumbers(
                stack(
                        base(),
                        RNNFormat.NCW,
                        stock().gateActivationFunction(gate).build()),
                data(RNNFormat.NCW, EXAMPLES));
    }

    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void network_onPaddedSequences_givesTheStockNumbers(RNNFormat format) {
        requireStockNumbers(
                stack(
                        base(),
                        format,
                        stock().dataFormat(format).build(),
                        stock().dataFormat(format).build()),
                padded(format, EXAMPLES));
    }

    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void bidirectionalLayer_onPaddedSequences_givesTheStockNumbers(RNNFormat format) {
        requireStockNumbers(
                stack(
                        base(),
                        format,
                        new Bidirectional(
                                Bidirectional.Mode.CONCAT,
                                stock().dataFormat(format).build())),
                padded(format, EXAMPLES));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 17})
    void network_ofAnyNumberOfExamples_givesTheStockNumbers(int examples) {
        requireStockNumbers(stack(base(), RNNFormat.NCW, stock().build()), data(RNNFormat.NCW, examples));
    }

    @Test
    void truncatedBackprop_givesTheStockNumbers() {
        MultiLayerConfiguration configuration = stack(base(), RNNFormat.NCW, stock().build(), stock().build());
        configuration.setBackpropType(BackpropType.TruncatedBPTT);
        configuration.setTbpttFwdLength(3);
        configuration.setTbpttBackLength(2);

        requireStockNumbers(configuration, data(RNNFormat.NCW, EXAMPLES));
        requireStockNumbers(configuration, padded(RNNFormat.NCW, EXAMPLES));
    }

    @Test
    void regularization_givesTheStockNumbers() {
        requireStockNumbers(
                stack(base().l1(0.01).l2(0.02), RNNFormat.NCW, stock().build()), data(RNNFormat.NCW, EXAMPLES));
    }

    @ParameterizedTest
    @EnumSource(WorkspaceMode.class)
    void encoderAndDecoder_inAnyWorkspaceMode_giveTheStockNumbers(WorkspaceMode mode) {
        requireStockNumbers(
                stack(
                        base().trainingWorkspaceMode(mode).inferenceWorkspaceMode(mode),
                        RNNFormat.NCW,
                        new LastTimeStep(stock().build()),
                        new RepeatVector.Builder<>(STEPS).build(),
                        stock().build()),
                data(RNNFormat.NCW, EXAMPLES));
    }

    @Test
    void timeSteps_oneByOne_giveTheOutputOfTheSequence() {
        MultiLayerNetwork network =
                FastLayers.convert(Networks.initialized(stack(base(), RNNFormat.NCW, stock().build())));
        INDArray features = data(RNNFormat.NCW, EXAMPLES).getFeatures();
        INDArray expected = network.output(features);

        for (int t = 0; t < STEPS; t++) { // the state goes from step to step
            INDArray step = features.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(t));
            assertThatArray(network.rnnTimeStep(step))
                    .isCloseTo(
                            expected.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(t)),
                            FLOAT_TOLERANCE);
        }
    }

    @Test
    void output_thatIsOverwritten_leavesTheStateAlone() {
        MultiLayerNetwork network =
                FastLayers.convert(Networks.initialized(stack(base(), RNNFormat.NCW, stock().build())));
        INDArray features = data(RNNFormat.NCW, EXAMPLES).getFeatures();
        INDArray expected = network.output(features).dup();
        INDArray first = features.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, 4));
        INDArray second = features.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(4, STEPS));

        network.rnnTimeStep(first).assign(9);

        assertThatArray(network.rnnTimeStep(second))
                .isCloseTo(
                        expected.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(4, STEPS)),
                        FLOAT_TOLERANCE);
    }

    @Test
    void graph_withTwoReadersOfTheOutput_givesTheStockGradient() {
        ComputationGraph stock = Networks.initialized(base().graphBuilder()
                .addInputs("in")
                .addLayer("lstm", stock().nIn(IN).build(), "in")
                .addLayer("second", stock().nIn(UNITS).build(), "lstm")
                .addLayer(
                        "out",
                        new RnnOutputLayer.Builder(new LossMSE())
                                .nIn(2 * UNITS)
                                .nOut(OUT)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "lstm",
                        "second")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(IN, STEPS)));
        ComputationGraph fast = FastLayers.convert(stock);
        DataSet data = data(RNNFormat.NCW, EXAMPLES);

        Networks.fit(stock, data, 4);
        Networks.fit(fast, data, 4);

        assertThatArray(fast.params()).isCloseTo(stock.params(), FLOAT_TOLERANCE);
    }

    @Test
    void weightNoise_isTheSameForwardAndBackward() {
        MultiLayerNetwork network = Networks.initialized(base().updater(new Sgd(0.05))
                .list()
                .layer(new FastLstmLayer.Builder()
                        .nOut(UNITS)
                        .activation(Activation.TANH)
                        .weightNoise(new DropConnect(0.8))
                        .build())
                .layer(new FastRnnOutputLayer.Builder(new LossGaussian(1))
                        .nOut(OUT)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(IN, STEPS)));
        DataSet data = data(RNNFormat.NCW, EXAMPLES);
        double before = network.score(data);

        Networks.fit(network, data, 30);

        assertThat(network.score(data)).isLessThan(before);
    }

    @Tag("slow")
    @Test
    void layer_keepsTheContract() {
        LayerContract.of(new FastLstmLayer.Builder()
                        .nOut(3)
                        .activation(Activation.TANH)
                        .build())
                .input(InputType.recurrent(4, 3))
                .verify();
    }

    @Test
    void configuration_survivesJson() {
        MultiLayerConfiguration configuration = FastLayers.convert(stack(
                base(),
                RNNFormat.NWC,
                stock().dataFormat(RNNFormat.NWC).forgetGateBiasInit(0.5).build()));

        assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        assertThat(configuration.getConf(0).getLayer())
                .isInstanceOf(FastLstmLayer.class)
                .isNotEqualTo(stock().build())
                .hasToString(configuration.getConf(0).getLayer().clone().toString());
    }

    @Test
    void unitsAndInput_thatDoNotFit_areRefused() {
        assertThatThrownBy(() -> Networks.initialized(base().list()
                        .layer(new FastLstmLayer.Builder().nIn(IN).build())
                        .layer(new RnnOutputLayer.Builder(new LossMSE())
                                .nIn(1)
                                .nOut(2)
                                .build())))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("nIn and nOut must be above 0");
        MultiLayerNetwork network =
                FastLayers.convert(Networks.initialized(stack(base(), RNNFormat.NCW, stock().build())));
        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, 2, IN + 1, STEPS)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("nIn");
    }
}
