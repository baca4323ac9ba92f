package io.github.dl4jae.recurrent;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.testing.LayerContract;
import io.github.dl4jae.testing.Networks;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

/** The kernels in float32 against ND4J's operations in float64, and both against PyTorch. */
class FastGruLayerTest {

    private static final int IN = 4;
    private static final int UNITS = 6;
    private static final int OUT = 3;
    private static final int STEPS = 7;
    /** Four tasks, the last one smaller. */
    private static final int EXAMPLES = 37;

    private static final double FLOAT_TOLERANCE = 2e-6;

    private static FastGruLayer.Builder gru() {
        return new FastGruLayer.Builder().nOut(UNITS);
    }

    private static MultiLayerConfiguration stack(DataType type, RNNFormat format, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .updater(new Sgd(0.1))
                .list();
        Stream.of(layers).map(Layer::clone).forEach(list::layer);
        return list.layer(new FastRnnOutputLayer.Builder(new LossGaussian(1))
                        .nOut(OUT)
                        .activation(Activation.IDENTITY)
                        .dataFormat(format)
                        .build())
                .setInputType(InputType.recurrent(IN, STEPS, format))
                .build();
    }

    private static DataSet data(DataType type, RNNFormat format, boolean padded) {
        Nd4j.getRandom().setSeed(5);
        INDArray features = Nd4j.randn(DataType.FLOAT, EXAMPLES, IN, STEPS).castTo(type);
        INDArray labels = Nd4j.randn(DataType.FLOAT, EXAMPLES, OUT, STEPS).castTo(type);
        DataSet data = format == RNNFormat.NCW
                ? new DataSet(features, labels)
                : new DataSet(
                        features.permute(0, 2, 1).dup('c'),
                        labels.permute(0, 2, 1).dup('c'));
        if (padded) {
            INDArray mask = Nd4j.ones(type, EXAMPLES, STEPS);
            IntStream.range(0, EXAMPLES)
                    .forEach(i -> mask.get(NDArrayIndex.point(i), NDArrayIndex.interval(3 + i % 5, STEPS))
                            .assign(0));
            mask.get(NDArrayIndex.interval(0, 3, EXAMPLES), NDArrayIndex.point(1))
                    .assign(0); // a gap
            data.setFeaturesMaskArray(mask);
            data.setLabelsMaskArray(mask);
        }
        return data;
    }

    private static INDArray output(MultiLayerNetwork network, DataSet data) {
        return network.output(data.getFeatures(), false, data.getFeaturesMaskArray(), data.getFeaturesMaskArray())
                .castTo(DataType.DOUBLE);
    }

    /** Compares networks of both types: outputs, and parameters after training. */
    private static void requireEqualTypes(BackpropType backprop, RNNFormat format, boolean padded, Layer... layers) {
        MultiLayerConfiguration exactly = stack(DataType.DOUBLE, format, layers);
        MultiLayerConfiguration quickly = stack(DataType.FLOAT, format, layers);
        Stream.of(exactly, quickly).forEach(configuration -> {
            configuration.setBackpropType(backprop);
            configuration.setTbpttFwdLength(3);
            configuration.setTbpttBackLength(2);
        });
        MultiLayerNetwork exact = Networks.initialized(exactly);
        MultiLayerNetwork fast = Networks.initialized(quickly);
        exact.setParams(fast.params().castTo(DataType.DOUBLE));
        DataSet data = data(DataType.FLOAT, format, padded);
        DataSet doubles = data(DataType.DOUBLE, format, padded);

        assertThatArray(output(fast, data)).isCloseTo(output(exact, doubles), FLOAT_TOLERANCE);
        Networks.fit(exact, doubles, 4);
        Networks.fit(fast, data, 4);
        assertThatArray(fast.params().castTo(DataType.DOUBLE)).isCloseTo(exact.params(), FLOAT_TOLERANCE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"TANH", "RELU", "SIGMOID", "IDENTITY", "SOFTSIGN"})
    void kernels_withAnyActivation_giveTheNumbersInFloat64(Activation activation) {
        requireEqualTypes(
                BackpropType.Standard,
                RNNFormat.NCW,
                false,
                gru().activation(activation).build(),
                gru().build());
    }

    @Test
    void kernels_withAnotherGate_giveTheNumbersInFloat64() {
        requireEqualTypes(
                BackpropType.Standard,
                RNNFormat.NCW,
                false,
                gru().gateActivationFunction(Activation.HARDSIGMOID).build());
    }

    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void kernels_onPaddedSequences_giveTheNumbersInFloat64(RNNFormat format) {
        requireEqualTypes(
                BackpropType.Standard,
                format,
                true,
                gru().dataFormat(format).build(),
                new Bidirectional(
                        Bidirectional.Mode.CONCAT, gru().dataFormat(format).build()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void truncatedBackprop_givesTheNumbersInFloat64(boolean padded) {
        requireEqualTypes(BackpropType.TruncatedBPTT, RNNFormat.NCW, padded, gru().build(), gru().build());
    }

    @Test
    void encoderAndDecoder_giveTheNumbersInFloat64() {
        requireEqualTypes(
                BackpropType.Standard,
                RNNFormat.NCW,
                false,
                new LastTimeStep(gru().build()),
                new FastRepeatVectorLayer.Builder(STEPS).build(),
                gru().build());
    }

    private static INDArray values(DataType type, char order, IntToDoubleFunction f, long... shape) {
        int n = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
        return Nd4j.create(IntStream.range(0, n).mapToDouble(f).toArray(), new long[] {n}, DataType.DOUBLE)
                .reshape(order, shape)
                .castTo(type);
    }

    private static INDArray expected(double... values) {
        return Nd4j.createFromArray(values);
    }

    /** The output and the gradients of {@code torch.nn.GRU(2, 3)} with weights sin(1 + i), sin(2 + i), … */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void layer_givesTheNumbersOfPyTorch(DataType type) {
        MultiLayerNetwork network = Networks.initialized(new NeuralNetConfiguration.Builder()
                .dataType(type)
                .list()
                .layer(new FastGruLayer.Builder().nIn(2).nOut(3).build())
                .build());
        org.deeplearning4j.nn.api.Layer layer = network.getLayer(0);
        INDArray parameters = Nd4j.concat(
                0,
                values(DataType.DOUBLE, 'c', i -> Math.sin(1 + i), 18),
                values(DataType.DOUBLE, 'c', i -> Math.sin(2 + i), 27),
                values(DataType.DOUBLE, 'c', i -> Math.sin(3 + i) + Math.sin(4 + i), 6),
                values(DataType.DOUBLE, 'c', i -> Math.sin(9 + i), 3),
                values(DataType.DOUBLE, 'c', i -> Math.sin(10 + i), 3));
        network.setParams(parameters.castTo(type).reshape(1, 57));
        network.initGradientsView();
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspacesImmutable();
        INDArray x = values(type, 'c', Math::cos, 2, 3, 2).permute(0, 2, 1);
        INDArray epsilon = values(type, 'c', i -> Math.sin(2 * i), 2, 3, 3).permute(0, 2, 1);

        INDArray y = layer.activate(x, true, workspaces);
        Pair<Gradient, INDArray> gradients = layer.backpropGradient(epsilon, workspaces);

        double tolerance = type == DataType.FLOAT ? FLOAT_TOLERANCE : 1e-12;
        assertThatArray(timeMajor(y))
                .isCloseTo(
                        expected(
                                0.13139656248318132,
                                -0.024654374651826766,
                                -0.4646377377666686,
                                -0.49119198969622824,
                                -0.08083417724230613,
                                -0.42946641279618,
                                -0.2644013770976996,
                                -0.3044454188133209,
                                -0.45340345531397036,
                                0.12196817827821194,
                                -0.038665294387640436,
                                -0.48467641677499607,
                                -0.3828016577384226,
                                -0.08101750895278381,
                                -0.47192341931788967,
                                -0.263478741718363,
                                -0.28063296435707974,
                                -0.4746938725482038),
                        tolerance);
        assertThatArray(timeMajor(gradients.getSecond()))
                .isCloseTo(
                        expected(
                                0.662802484061978,
                                0.13324403846262833,
                                0.003980380589604912,
                                -0.3108685610763292,
                                0.1519397913212146,
                                -0.17240256000934953,
                                0.14863848279518066,
                                -0.10592426722959868,
                                -0.3611802838696931,
                                -0.9026558987175054,
                                -0.05246294763283042,
                                -0.41226370806206997),
                        tolerance);
        assertThatArray(gradient(gradients, "W"))
                .isCloseTo(
                        expected(
                                -0.0978075063991948,
                                -0.05361029498836802,
                                -0.04919135043482174,
                                -0.017182931335436868,
                                0.0009162791582004327,
                                -0.000699973646883884,
                                0.06439288851264355,
                                0.36849988031144865,
                                -0.09774972257464125,
                                -0.004974475723449949,
                                -0.2928950569899184,
                                -0.14830483706849534,
                                0.664649203699449,
                                0.7482044188598008,
                                0.4740868741549432,
                                0.2805840492596502,
                                -0.009127185193695354,
                                0.0001426634443871195),
                        tolerance);
        assertThatArray(gradient(gradients, "RW"))
                .isCloseTo(
                        expected(
                                -0.03832266474920554,
                                -0.011817073547295975,
                                -0.08750453181040584,
                                0.0007100794060484871,
                                0.0015534003274079553,
                                0.016702414617100397,
                                0.0013719265178125156,
                                0.0004450739683282986,
                                0.0016987895027464487,
                                -0.09714659051288516,
                                -0.0013415031140605709,
                                0.07445079856508195,
                                -0.08954645965020147,
                                -0.022680858390711538,
                                -0.16446665424333906,
                                0.005164949499430076,
                                3.724590377053138e-05,
                                -0.0066782249408521835,
                                0.03558319295702636,
                                0.01964589019161435,
                                0.17074712980238627,
                                -0.005941210128581973,
                                -0.00277538734146941,
                                -0.025100806620817883,
                                -0.00343344616400473,
                                -0.0007415847224922696,
                                8.988401898841255e-05),
                        tolerance);
        assertThatArray(gradient(gradients, "b"))
                .isCloseTo(
                        expected(
                                0.19307676497184134,
                                -0.10080123728843467,
                                -0.0020617556275424297,
                                -0.039616873704926336,
                                0.47685813182222136,
                                -0.26689952881281304,
                                -1.609614145410222,
                                0.9740441034070376,
                                -0.009365506530480558,
                                -0.3967686144851164,
                                0.12774289081407936,
                                -0.0035395234396701026),
                        tolerance);
    }

    private static INDArray timeMajor(INDArray sequences) {
        return flat(sequences.permute(0, 2, 1), 'c');
    }

    private static INDArray gradient(Pair<Gradient, INDArray> gradients, String key) {
        return flat(gradients.getFirst().getGradientFor(key), 'f');
    }

    private static INDArray flat(INDArray array, char order) {
        return array.castTo(DataType.DOUBLE).dup(order).reshape(order, new long[] {array.length()});
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void timeSteps_oneByOne_giveTheOutputOfTheSequence(DataType type) {
        MultiLayerNetwork network = Networks.initialized(stack(type, RNNFormat.NCW, gru().build()));
        INDArray features = data(type, RNNFormat.NCW, false).getFeatures();
        INDArray expected = network.output(features);

        for (int t = 0; t < STEPS; t++) { // the state goes from step to step
            INDArray step = features.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(t, t + 1));
            assertThatArray(network.rnnTimeStep(step))
                    .isCloseTo(
                            expected.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(t, t + 1)),
                            FLOAT_TOLERANCE);
        }
        network.rnnClearPreviousState();
        assertThatArray(network.rnnTimeStep(features)).isCloseTo(expected, FLOAT_TOLERANCE);
    }

    @Test
    void dropout_isTheSameForwardAndBackward() {
        MultiLayerNetwork network = Networks.initialized(
                stack(DataType.FLOAT, RNNFormat.NWC, gru().dropOut(0.9).build()));
        DataSet data = data(DataType.FLOAT, RNNFormat.NWC, false);
        double before = network.score(data);

        Networks.fit(network, data, 30);

        assertThat(network.score(data)).isLessThan(before);
    }

    @Test
    void constraints_reachTheWeightsThatTheyName() {
        MultiLayerNetwork network = Networks.initialized(stack(
                DataType.FLOAT,
                RNNFormat.NCW,
                gru().constrainRecurrent(new MaxNormConstraint(0.1, 0)).build()));

        Networks.fit(network, data(DataType.FLOAT, RNNFormat.NCW, false), 1);

        assertThat(network.getParam("0_RW").norm2(0).maxNumber().doubleValue()).isLessThan(0.1001);
        assertThat(network.getParam("0_W").norm2(0).maxNumber().doubleValue()).isGreaterThan(0.2);
    }

    @Tag("slow")
    @Test
    void layer_keepsTheContract() {
        LayerContract.of(new FastGruLayer.Builder().nOut(3).build())
                .input(InputType.recurrent(4, 3))
                .verify();
    }

    @Test
    void configuration_survivesJson() {
        MultiLayerConfiguration configuration = stack(
                DataType.FLOAT,
                RNNFormat.NWC,
                gru().dataFormat(RNNFormat.NWC)
                        .gateActivationFunction(Activation.HARDSIGMOID)
                        .build());

        assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        assertThat(configuration.getConf(0).getLayer())
                .isNotEqualTo(gru().build())
                .hasToString(configuration.getConf(0).getLayer().clone().toString());
    }

    @Test
    void unitsAndInput_thatDoNotFit_areRefused() {
        MultiLayerConfiguration withoutUnits = stack(DataType.FLOAT, RNNFormat.NCW, new FastGruLayer.Builder().build());
        assertThatThrownBy(() -> Networks.initialized(withoutUnits))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("nIn and nOut must be above 0");
        MultiLayerNetwork network = Networks.initialized(stack(DataType.FLOAT, RNNFormat.NCW, gru().build()));
        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, 2, IN + 1, STEPS)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("FastGruLayer")
                .hasMessageContaining("[batch, 4, time], got [2, 5, 7]");
        assertThatThrownBy(() -> new FastGruLayer.Builder().gateActivationFunction((Activation) null))
                .isInstanceOf(RuntimeException.class);
    }
}
