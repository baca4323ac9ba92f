package io.github.dl4jae.sparse;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.dense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.testing.ActivationContract;
import io.github.dl4jae.testing.Clause;
import io.github.dl4jae.testing.FloatTypes;
import io.github.dl4jae.testing.LayerContract;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.databind.ObjectMapper;

@Tag("slow")
class SparsityAxisTest {

    private static final INDArray SEQUENCES = Nd4j.createFromArray(new float[][][] {
        {{3, 9, 1}, {-7, -2, -5}}, // two units, three steps
        {{4, 4, 2}, {8, 6, 7}}
    });

    @Test
    void positions_ofHandMadeSequences_keepTheLargestStepOfEachUnit() {
        INDArray a = new ActivationTopK(1, 1, SparsityAxis.POSITIONS).getActivation(SEQUENCES.dup(), true);

        assertThatArray(a).isEqualTo(Nd4j.createFromArray(new float[][][] {
            {{0, 9, 0}, {0, -2, 0}},
            {{4, 0, 0}, {8, 0, 0}}
        }));
    }

    @Test
    void example_ofHandMadeSequences_keepsTheLargestOfAll() {
        INDArray a = new ActivationTopK(3, 1, SparsityAxis.EXAMPLE).getActivation(SEQUENCES.dup(), true);

        assertThatArray(a).isEqualTo(Nd4j.createFromArray(new float[][][] {
            {{3, 9, 1}, {0, 0, 0}},
            {{0, 0, 0}, {8, 6, 7}}
        }));
    }

    @Test
    void backprop_passesTheGradientOfKeptValuesOnly() {
        INDArray epsilon = Nd4j.createFromArray(new float[][][] {
            {{1, 2, 3}, {4, 5, 6}},
            {{7, 8, 9}, {10, 11, 12}}
        });

        INDArray gradient = new ActivationTopK(1, 1, SparsityAxis.POSITIONS)
                .backprop(SEQUENCES.dup(), epsilon)
                .getFirst();

        assertThatArray(gradient).isEqualTo(Nd4j.createFromArray(new float[][][] {
            {{0, 2, 0}, {0, 5, 0}},
            {{7, 0, 0}, {10, 0, 0}}
        }));
    }

    @ParameterizedTest
    @FloatTypes
    void ties_areBrokenByPosition_thenByUnit(DataType type) {
        INDArray equal = Nd4j.ones(type, 1, 2, 3);

        INDArray a = new ActivationTopK(3, 1, SparsityAxis.EXAMPLE).getActivation(equal, true);

        assertThatArray(a)
                .isEqualTo(Nd4j.createFromArray(new double[][][] {{{1, 1, 0}, {1, 0, 0}}})
                        .castTo(type));
    }

    static Stream<Arguments> cases() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE)
                .flatMap(type -> Stream.of(new long[] {3, 5, 7}, new long[] {2, 4, 6, 5}, new long[] {2, 3, 30, 30})
                        .flatMap(shape -> Arrays.stream(SparsityAxis.values())
                                .flatMap(axis -> Stream.of(1, 3).map(k -> Arguments.of(type, shape, axis, k)))));
    }

    /** The reference sorts the values of each group; they have many ties. */
    @ParameterizedTest
    @MethodSource("cases")
    void selection_isThatOfASort_inEveryMemoryOrder(DataType type, long[] shape, SparsityAxis axis, int k) {
        INDArray z = tied(type, shape);
        INDArray expected = bySorting(z, axis, k);
        ActivationTopK activation = new ActivationTopK(k, 1, axis);

        assertThatArray(activation.getActivation(z.dup('c'), true)).isEqualTo(expected);
        assertThatArray(activation.getActivation(unitsLastInMemory(z), true)).isEqualTo(expected);
        assertThatArray(activation.backprop(z, z).getFirst()).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void layer_selectsAsTheActivationDoes_inEveryFormat(DataType type, long[] shape, SparsityAxis axis, int k) {
        INDArray z = tied(type, shape);
        INDArray expected = bySorting(z, axis, k);

        assertThatArray(throughLayer(axis, k, z, false)).isEqualTo(expected);
        assertThatArray(throughLayer(axis, k, unitsLastInMemory(z), false)).isEqualTo(expected);
        assertThatArray(throughLayer(axis, k, unitsLast(z).dup('c'), true)).isEqualTo(unitsLast(expected));
    }

    private static INDArray throughLayer(SparsityAxis axis, int k, INDArray z, boolean unitsLast) {
        TopKLayer layer = new TopKLayer.Builder().k(k).axis(axis).build();
        InputType type = z.rank() == 3
                ? InputType.recurrent(z.size(unitsLast ? 2 : 1), unitsLast ? RNNFormat.NWC : RNNFormat.NCW)
                : unitsLast
                        ? InputType.convolutional(z.size(1), z.size(2), z.size(3), CNN2DFormat.NHWC)
                        : InputType.convolutional(z.size(2), z.size(3), z.size(1));
        layer.setNIn(type, true);
        NeuralNetConfiguration conf = new NeuralNetConfiguration();
        conf.setLayer(layer);
        return layer.instantiate(conf, null, 0, null, false, z.dataType())
                .activate(z, true, LayerWorkspaceMgr.noWorkspaces());
    }

    private static INDArray tied(DataType type, long[] shape) {
        Random random = new Random(5);
        INDArray z = Nd4j.create(type, shape);
        for (long i = 0; i < z.length(); i++) {
            z.putScalar(i, Math.round(random.nextGaussian() * 4) / 2.0);
        }
        return z;
    }

    private static INDArray unitsLast(INDArray array) {
        return array.rank() == 3 ? array.permute(0, 2, 1) : array.permute(0, 2, 3, 1);
    }

    /** Returns the same array in the memory order of fast convolutions. */
    private static INDArray unitsLastInMemory(INDArray array) {
        INDArray last = unitsLast(array).dup('c');
        return array.rank() == 3 ? last.permute(0, 2, 1) : last.permute(0, 3, 1, 2);
    }

    private static INDArray bySorting(INDArray z, SparsityAxis axis, int k) {
        int units = (int) z.size(1);
        double[] values = unitsLast(z).dup('c').data().asDouble();
        int size = values.length / (int) z.size(0);
        int[] group = IntStream.range(0, values.length)
                .map(i -> switch (axis) {
                    case UNITS -> i / units;
                    case POSITIONS -> i / size * units + i % units;
                    case EXAMPLE -> i / size;
                })
                .toArray();
        double[] kept = new double[values.length];
        int[] count = new int[values.length];
        IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> -values[i]).thenComparing(i -> i))
                .forEach(i -> {
                    if (count[group[i]]++ < k) {
                        kept[i] = values[i];
                    }
                });
        INDArray result = Nd4j.createFromArray(kept)
                .castTo(z.dataType())
                .reshape('c', unitsLast(z).shape());
        return z.rank() == 3 ? result.permute(0, 2, 1) : result.permute(0, 3, 1, 2);
    }

    static Stream<Arguments> axesAndInputs() {
        return Stream.of(SparsityAxis.POSITIONS, SparsityAxis.EXAMPLE)
                .flatMap(axis -> InputTypes.sequencesAndImages().map(input -> Arguments.of(axis, input)));
    }

    @ParameterizedTest
    @MethodSource("axesAndInputs")
    void contract_holds(SparsityAxis axis, InputType input) {
        LayerContract.of(new TopKLayer.Builder().k(2).axis(axis).build())
                .input(input)
                .verify();
    }

    @Test
    void contract_ofAnExampleWithoutPositions_holds() {
        LayerContract.of(new TopKLayer.Builder()
                        .k(2)
                        .alpha(2)
                        .axis(SparsityAxis.EXAMPLE)
                        .build())
                .differsAtTestTime()
                .verify();
    }

    @ParameterizedTest
    @EnumSource
    void derivative_ofTheActivation_isRight(SparsityAxis axis) {
        ActivationContract.verify(new ActivationTopK(2, 1, axis), 2, 3, 4);
        ActivationContract.verify(new ActivationTopK(2, 1, axis), 2, 3, 2, 4);
    }

    @ParameterizedTest
    @EnumSource
    void contract_inAConvolution_holds(SparsityAxis axis) {
        // stock layers do not tell activations in backprop that the forward pass was one at test time
        LayerContract.of(new ConvolutionLayer.Builder(2, 2)
                        .nOut(4)
                        .activation(new ActivationTopK(2, 1.5, axis))
                        .build())
                .input(InputType.convolutional(3, 3, 2))
                .differsAtTestTime()
                .without(Clause.FROZEN)
                .verify();
    }

    @ParameterizedTest
    @EnumSource
    void fastConvolution_computesWhatTheStockLayerDoes(SparsityAxis axis) {
        IActivation activation = new ActivationTopK(2, 1, axis);
        MultiLayerNetwork fast = images(new FastConvolutionLayer.Builder(2, 2)
                .nOut(4)
                .activation(activation)
                .build());
        MultiLayerNetwork stock = images(new ConvolutionLayer.Builder(2, 2)
                .nOut(4)
                .activation(activation)
                .build());
        fast.setParams(stock.params());
        INDArray x = Nd4j.rand(DataType.FLOAT, 3, 2, 5, 5);
        INDArray labels = Nd4j.rand(DataType.FLOAT, 3, 2);

        fast.fit(x, labels);
        stock.fit(x, labels);

        assertThatArray(fast.output(x)).isCloseTo(stock.output(x), 1e-5);
        assertThatArray(fast.params()).isCloseTo(stock.params(), 1e-5);
    }

    private static MultiLayerNetwork images(Layer convolution) {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(convolution)
                .layer(dense(64, 2, Activation.TANH))
                .layer(new LossLayer.Builder(new LossL2())
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.convolutional(5, 5, 2)));
    }

    @Test
    void maskedSteps_takeNoPart_evenIfNotANumber() {
        MultiLayerNetwork network = sequences(
                new TopKLayer.Builder().k(2).axis(SparsityAxis.POSITIONS).build());
        INDArray x = SEQUENCES.dup();
        x.putScalar(0, 0, 1, Float.NaN);
        network.setLayerMaskArrays(Nd4j.createFromArray(new float[][] {{1, 0, 1}, {1, 0, 0}}), null);

        INDArray a = network.feedForward(x, true).get(1);

        assertThatArray(a).isEqualTo(Nd4j.createFromArray(new float[][][] {
            {{3, 0, 1}, {-7, 0, -5}},
            {{4, 0, 0}, {8, 0, 0}}
        }));
    }

    @Test
    void sequencesShorterThanK_keepAll() {
        MultiLayerNetwork network = sequences(
                new TopKLayer.Builder().k(5).axis(SparsityAxis.POSITIONS).build());

        assertThatArray(network.feedForward(SEQUENCES, false).get(1)).isEqualTo(SEQUENCES);
    }

    private static MultiLayerNetwork sequences(TopKLayer layer) {
        return initialized(new NeuralNetConfiguration.Builder()
                .list()
                .layer(layer)
                .layer(new RnnLossLayer.Builder(new LossL2())
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(2)));
    }

    @ParameterizedTest
    @CsvSource({
        "POSITIONS, 10, 'k must be in [1, 9] (the layer has 9 positions), got 10 at the start'",
        "EXAMPLE, 37, 'k must be in [1, 36] (the layer has 36 values per example), got 37 at the start'"
    })
    void k_aboveTheNumberOfValues_isRefusedBeforeTraining(SparsityAxis axis, int k, String message) {
        Layer layer = new TopKLayer.Builder().k(k).axis(axis).build();

        assertThatThrownBy(() -> initialized(new NeuralNetConfiguration.Builder()
                        .list()
                        .layer(layer)
                        .layer(new LossLayer.Builder(new LossL2()).build())
                        .setInputType(InputType.convolutional(3, 3, 4))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void k_below1_isRefusedWhereTheNumberOfStepsIsUnknown() {
        TopKLayer layer = new TopKLayer.Builder()
                .k(new LinearSchedule(ScheduleType.ITERATION, 3, 0, 10))
                .axis(SparsityAxis.POSITIONS)
                .build();

        assertThatThrownBy(() -> sequences(layer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("k must be at least 1, got");
    }

    @Test
    void k_aboveTheNumberOfValues_isRefusedByTheActivation() {
        assertThatThrownBy(() -> new ActivationTopK(4, 1, SparsityAxis.POSITIONS).getActivation(SEQUENCES.dup(), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("k must be in [1, 3] (the input has 3 positions), got 4");
    }

    @Test
    void positions_ofFeatures_areRefused() {
        TopKLayer layer =
                new TopKLayer.Builder().k(1).axis(SparsityAxis.POSITIONS).build();

        assertThatThrownBy(() -> layer.setNIn(InputType.feedForward(8), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the input must be sequences or images with axis POSITIONS, got");
    }

    @Test
    void axis_isReadFromJson_andIsUnitsWhereAFileHasNone() throws Exception {
        ObjectMapper json = new ObjectMapper();
        ActivationTopK activation = new ActivationTopK(2, 1.5, SparsityAxis.EXAMPLE);

        assertThat(json.readValue(json.writeValueAsString(activation), ActivationTopK.class))
                .isEqualTo(activation);
        assertThat(json.readValue(
                        "{\"@class\":\"io.github.dl4jae.sparse.ActivationTopK\",\"k\":2,\"alpha\":1.5}",
                        ActivationTopK.class))
                .isEqualTo(new ActivationTopK(2, 1.5));
    }

    @Test
    void equality_looksAtTheAxis() {
        assertThat(new TopKLayer.Builder().k(2).axis(SparsityAxis.EXAMPLE).build())
                .isEqualTo(
                        new TopKLayer.Builder().k(2).axis(SparsityAxis.EXAMPLE).build())
                .isNotEqualTo(new TopKLayer.Builder().k(2).build());
    }
}
