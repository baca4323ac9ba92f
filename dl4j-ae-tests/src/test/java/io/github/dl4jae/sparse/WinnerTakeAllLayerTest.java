package io.github.dl4jae.sparse;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.dense;
import static io.github.dl4jae.testing.StockLayers.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.RealImages;
import io.github.dl4jae.testing.FloatTypes;
import io.github.dl4jae.testing.LayerContract;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

@Tag("slow")
class WinnerTakeAllLayerTest {

    private static final LayerWorkspaceMgr WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    /** Two examples of two units and three steps. */
    private static final float[][][] SEQUENCES = {
        {{3, 9, 1}, {-7, -2, -5}},
        {{4, 4, 2}, {8, 6, 7}}
    };

    private static WinnerTakeAllLayer.Builder layer() {
        return new WinnerTakeAllLayer.Builder();
    }

    private static Layer implementation(WinnerTakeAllLayer layer, InputType type, DataType dataType) {
        layer.setNIn(type, true);
        NeuralNetConfiguration conf = new NeuralNetConfiguration();
        conf.setLayer(layer);
        return layer.instantiate(conf, null, 0, null, false, dataType);
    }

    @ParameterizedTest
    @FloatTypes
    void lifetimeSparsity_ofFeatures_keepsTheLargestOfEachUnitInTheMinibatch(DataType type) {
        INDArray x = Nd4j.createFromArray(new double[][] {{1, -4}, {5, -1}, {2, -3}, {5, -2}})
                .castTo(type);
        Layer layer = implementation(layer().lifetimeSparsity(0.5).build(), InputType.feedForward(2), type);

        INDArray a = layer.activate(x, true, WORKSPACES);
        INDArray gradient =
                layer.backpropGradient(Nd4j.ones(type, 4, 2), WORKSPACES).getSecond();

        assertThatArray(a)
                .isEqualTo(Nd4j.createFromArray(new double[][] {{0, 0}, {5, -1}, {0, 0}, {5, -2}})
                        .castTo(type));
        assertThatArray(gradient)
                .isEqualTo(Nd4j.createFromArray(new double[][] {{0, 0}, {1, 1}, {0, 0}, {1, 1}})
                        .castTo(type));
    }

    @Test
    void spatialSparsity_keepsTheLargestPositionOfEachMap() {
        Layer layer = implementation(layer().build(), InputType.recurrent(2), DataType.FLOAT);

        INDArray a = layer.activate(Nd4j.createFromArray(SEQUENCES), true, WORKSPACES);

        assertThatArray(a).isEqualTo(Nd4j.createFromArray(new float[][][] {
            {{0, 9, 0}, {0, -2, 0}},
            {{4, 0, 0}, {8, 0, 0}}
        }));
    }

    @Test
    void lifetimeSparsity_comparesTheWinnersOfMaps() {
        Layer layer = implementation(layer().lifetimeSparsity(0.5).build(), InputType.recurrent(2), DataType.FLOAT);

        INDArray a = layer.activate(Nd4j.createFromArray(SEQUENCES), true, WORKSPACES);

        assertThatArray(a).isEqualTo(Nd4j.createFromArray(new float[][][] {
            {{0, 9, 0}, {0, 0, 0}},
            {{0, 0, 0}, {8, 0, 0}}
        }));
    }

    @Test
    void lifetimeSparsity_withoutSpatialSparsity_comparesAllPositions() {
        Layer layer = implementation(
                layer().lifetimeSparsity(0.5).spatialSparsity(false).build(), InputType.recurrent(2), DataType.FLOAT);

        INDArray a = layer.activate(Nd4j.createFromArray(SEQUENCES), true, WORKSPACES);

        assertThatArray(a).isEqualTo(Nd4j.createFromArray(new float[][][] {
            {{0, 9, 0}, {0, 0, 0}},
            {{4, 4, 0}, {8, 6, 7}}
        }));
    }

    @Test
    void smallMinibatch_keepsOneWinnerOfEachUnit() {
        Layer layer = implementation(layer().lifetimeSparsity(0.01).build(), InputType.feedForward(2), DataType.FLOAT);

        INDArray a = layer.activate(Nd4j.createFromArray(new float[][] {{1, 2}, {3, 1}}), true, WORKSPACES);

        assertThatArray(a).isEqualTo(Nd4j.createFromArray(new float[][] {{0, 2}, {3, 0}}));
    }

    @ParameterizedTest
    @CsvSource({
        "0.05, 100, 5",
        "0.2, 100, 20",
        "0.2, 55, 11",
        "0.25, 10, 3",
        "0.24, 10, 2",
        "0.001, 100, 1",
        "0.999, 100, 100"
    })
    void lifetimeSparsity_roundsTheNumberOfExamples_andKeepsThePositionOfEachWinner(
            double fraction, int examples, int winners) {
        INDArray x = Nd4j.arange(examples * 6.0)
                .reshape(examples, 2, 3)
                .castTo(DataType.FLOAT); // the last step and the last examples win
        Layer layer =
                implementation(layer().lifetimeSparsity(fraction).build(), InputType.recurrent(2), DataType.FLOAT);

        INDArray a = layer.activate(x, true, WORKSPACES);

        INDArray expected = Nd4j.zeros(DataType.FLOAT, examples, 2, 3);
        for (int b = examples - winners; b < examples; b++) {
            expected.putScalar(b, 0, 2, x.getDouble(b, 0, 2));
            expected.putScalar(b, 1, 2, x.getDouble(b, 1, 2));
        }
        assertThatArray(a).isEqualTo(expected);
    }

    @Test
    void lifetimeSparsity_doesNotCountMaskedExamples() {
        Layer layer = implementation(layer().lifetimeSparsity(0.5).build(), InputType.recurrent(1), DataType.FLOAT);
        layer.setMaskArray(Nd4j.createFromArray(new float[][] {{1}, {1}, {0}, {0}}));

        INDArray a =
                layer.activate(Nd4j.createFromArray(new float[][][] {{{2}}, {{1}}, {{3}}, {{4}}}), true, WORKSPACES);

        assertThatArray(a).isEqualTo(Nd4j.createFromArray(new float[][][] {{{2}}, {{0}}, {{0}}, {{0}}}));
    }

    @Test
    void mapsOfZeros_haveOneWinner_whichGetsTheGradient() {
        Layer layer = implementation(layer().lifetimeSparsity(0.5).build(), InputType.recurrent(1), DataType.FLOAT);

        layer.activate(Nd4j.zeros(DataType.FLOAT, 2, 1, 3), true, WORKSPACES);
        INDArray gradient = layer.backpropGradient(Nd4j.ones(DataType.FLOAT, 2, 1, 3), WORKSPACES)
                .getSecond();

        assertThatArray(gradient).isEqualTo(Nd4j.createFromArray(new float[][][] {{{1, 0, 0}}, {{0, 0, 0}}}));
    }

    @Test
    void testTime_ofFeatures_doesNotDependOnTheMinibatch() {
        Layer layer = implementation(layer().lifetimeSparsity(0.5).build(), InputType.feedForward(2), DataType.FLOAT);
        INDArray x = Nd4j.createFromArray(new float[][] {{1, -4}, {5, -1}, {2, -3}});

        assertThatArray(layer.activate(x, false, WORKSPACES)).isEqualTo(x);
    }

    @Test
    void testTime_passesAllOn_orTheWinnersOfMaps() {
        INDArray x = Nd4j.createFromArray(SEQUENCES);
        InputType type = InputType.recurrent(2);
        Layer free = implementation(layer().lifetimeSparsity(0.5).build(), type, DataType.FLOAT);
        Layer spatial = implementation(
                layer().lifetimeSparsity(0.5).spatialSparsityAtTestTime(true).build(), type, DataType.FLOAT);

        assertThatArray(free.activate(x, false, WORKSPACES)).isEqualTo(x);
        assertThatArray(spatial.activate(x, false, WORKSPACES)).isEqualTo(Nd4j.createFromArray(new float[][][] {
            {{0, 9, 0}, {0, -2, 0}},
            {{4, 0, 0}, {8, 0, 0}}
        }));
    }

    @Test
    void maskedSteps_takeNoPart_evenIfNotANumber() {
        Layer layer = implementation(layer().lifetimeSparsity(0.5).build(), InputType.recurrent(2), DataType.FLOAT);
        INDArray x = Nd4j.createFromArray(SEQUENCES);
        x.putScalar(0, 0, 1, Float.NaN);
        layer.setMaskArray(Nd4j.createFromArray(new float[][] {{1, 0, 1}, {0, 0, 0}}));

        INDArray a = layer.activate(x, true, WORKSPACES);

        assertThatArray(a).isEqualTo(Nd4j.createFromArray(new float[][][] {
            {{3, 0, 0}, {0, 0, -5}},
            {{0, 0, 0}, {0, 0, 0}}
        }));
    }

    static Stream<Arguments> images() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE)
                .flatMap(type -> Stream.of(new long[] {10, 3, 4, 5}, new long[] {20, 4, 28, 28})
                        .map(shape -> Arguments.of(type, shape)));
    }

    /** The reference follows the definition, value by value. */
    @ParameterizedTest
    @MethodSource("images")
    void winnersOfImages_areThoseOfTheDefinition_inEveryFormat(DataType type, long[] shape) {
        double fraction = 0.3;
        Random random = new Random(3);
        INDArray x = Nd4j.create(type, shape);
        for (long i = 0; i < x.length(); i++) {
            x.putScalar(i, Math.round(random.nextGaussian() * 100) / 10.0); // with ties
        }
        INDArray expected = byDefinition(x, fraction);
        INDArray last = x.permute(0, 2, 3, 1).dup('c');
        InputType first = InputType.convolutional(shape[2], shape[3], shape[1]);
        InputType nhwc = InputType.convolutional(shape[2], shape[3], shape[1], CNN2DFormat.NHWC);

        assertThatArray(trained(first, x, fraction)).isEqualTo(expected);
        assertThatArray(trained(first, last.permute(0, 3, 1, 2), fraction)).isEqualTo(expected);
        assertThatArray(trained(nhwc, last, fraction)).isEqualTo(expected.permute(0, 2, 3, 1));
    }

    private static INDArray trained(InputType input, INDArray x, double fraction) {
        return implementation(layer().lifetimeSparsity(fraction).build(), input, x.dataType())
                .activate(x, true, WORKSPACES);
    }

    private static INDArray byDefinition(INDArray x, double fraction) {
        INDArray kept = Nd4j.zeros(x.dataType(), x.shape());
        int examples = (int) x.size(0);
        int winners = (int) Math.round(fraction * examples);
        for (long unit = 0; unit < x.size(1); unit++) {
            long[][] position = new long[examples][];
            for (int b = 0; b < examples; b++) {
                for (long i = 0; i < x.size(2); i++) {
                    for (long j = 0; j < x.size(3); j++) {
                        boolean larger = position[b] == null
                                || x.getDouble(b, unit, i, j) > x.getDouble(b, unit, position[b][0], position[b][1]);
                        position[b] = larger ? new long[] {i, j} : position[b];
                    }
                }
            }
            boolean[] taken = new boolean[examples];
            for (int place = 0; place < winners; place++) {
                int best = -1;
                for (int b = 0; b < examples; b++) {
                    if (!taken[b] && (best < 0 || at(x, b, unit, position) > at(x, best, unit, position))) {
                        best = b;
                    }
                }
                taken[best] = true;
                kept.putScalar(
                        new long[] {best, unit, position[best][0], position[best][1]}, at(x, best, unit, position));
            }
        }
        return kept;
    }

    private static double at(INDArray x, int b, long unit, long[][] position) {
        return x.getDouble(b, unit, position[b][0], position[b][1]);
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jae.sparse.InputTypes#all")
    void contract_holds(InputType input) {
        LayerContract.of(layer().lifetimeSparsity(0.5).build())
                .input(input)
                .differsAtTestTime()
                .verify();
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jae.sparse.InputTypes#sequencesAndImages")
    void contract_withSpatialSparsityAlone_holds(InputType input) {
        LayerContract.of(layer().spatialSparsityAtTestTime(true).build())
                .input(input)
                .verify();
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jae.sparse.InputTypes#sequencesAndImages")
    void contract_withLifetimeSparsityAlone_holds(InputType input) {
        LayerContract.of(layer().lifetimeSparsity(0.4).spatialSparsity(false).build())
                .input(input)
                .differsAtTestTime()
                .verify();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.5, Double.NaN})
    void fraction_outsideOfItsRange_isRefused(double fraction) {
        WinnerTakeAllLayer.Builder builder = layer().lifetimeSparsity(fraction);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("WinnerTakeAllLayer: lifetimeSparsity must be in (0, 1], got " + fraction
                        + "; 0.05 keeps 5 % of the mini-batch for each unit, 1 keeps all");
    }

    @ParameterizedTest
    @CsvSource({
        "1, false, false, lifetimeSparsity must be set without spatial sparsity",
        "0.5, false, true, spatialSparsityAtTestTime requires spatial sparsity"
    })
    void optionsThatContradict_areRefused(double fraction, boolean spatial, boolean atTestTime, String message) {
        WinnerTakeAllLayer.Builder builder =
                layer().lifetimeSparsity(fraction).spatialSparsity(spatial).spatialSparsityAtTestTime(atTestTime);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void featuresWithoutLifetimeSparsity_areRefused() {
        WinnerTakeAllLayer layer = layer().build();

        assertThatThrownBy(() -> layer.setNIn(InputType.feedForward(8), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lifetimeSparsity must be set for features, which have one position, got 1.0");
    }

    @Test
    void rowsThatAreTimeSteps_becomeSequencesAgain() {
        MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                .list()
                .layer(dense(2, 2, Activation.IDENTITY))
                .layer(layer().build())
                .layer(new RnnLossLayer.Builder(new LossL2())
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(2, 3)));
        network.setParam("0_W", Nd4j.eye(2));

        INDArray a = network.feedForward(Nd4j.createFromArray(SEQUENCES), true).get(2);

        assertThatArray(a).isEqualTo(Nd4j.createFromArray(new float[][][] {
            {{0, 9, 0}, {0, -2, 0}},
            {{4, 0, 0}, {8, 0, 0}}
        }));
    }

    @Test
    void equality_looksAtEverySetting() {
        WinnerTakeAllLayer otherFormat = layer().lifetimeSparsity(0.1).build();
        otherFormat.setNIn(InputType.recurrent(3, RNNFormat.NWC), true);
        assertThat(layer().lifetimeSparsity(0.1).build())
                .isEqualTo(layer().lifetimeSparsity(0.1).build())
                .hasSameHashCodeAs(layer().lifetimeSparsity(0.1).build())
                .isNotEqualTo(layer().lifetimeSparsity(0.2).build())
                .isNotEqualTo(
                        layer().lifetimeSparsity(0.1).spatialSparsity(false).build())
                .isNotEqualTo(layer().lifetimeSparsity(0.1)
                        .spatialSparsityAtTestTime(true)
                        .build())
                .isNotEqualTo(layer().lifetimeSparsity(0.1).name("other").build())
                .isNotEqualTo(otherFormat);
    }

    private static SparsityReport trainedOnMnist(
            Activation activation, org.deeplearning4j.nn.conf.layers.Layer sparsity) {
        LabeledImages images = RealImages.mnistTrain().first(4_000);
        MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-3))
                .list()
                .layer(dense(784, 500, activation))
                .layer(sparsity)
                .layer(output(new LossL2(), 500, 784, Activation.IDENTITY))
                .setInputType(InputType.feedForward(784)));

        network.fit(images.iterator(100).shuffle(1).build(), 5);

        INDArray codes =
                network.feedForward(images.first(2_000).features(), true).get(2);
        return SparsityReport.compute(codes);
    }

    @Test
    void unitsOnRealImages_allStayAlive() {
        SparsityReport winners = trainedOnMnist(
                Activation.IDENTITY, layer().lifetimeSparsity(0.05).build());

        assertThat(winners.frequencies()).containsOnly(0.05);
    }

    /** The paper's point. A ReLU can still switch a unit off for a whole mini-batch. */
    @Test
    void reluUnitsOnRealImages_dieLessOften_thanWithTopKSparsityOfTheSameStrength() {
        SparsityReport winners =
                trainedOnMnist(Activation.RELU, layer().lifetimeSparsity(0.05).build());
        SparsityReport topK =
                trainedOnMnist(Activation.RELU, new TopKLayer.Builder().k(25).build());

        assertThat(winners.deadUnits()).hasSizeLessThan(topK.deadUnits().length / 10);
    }
}
