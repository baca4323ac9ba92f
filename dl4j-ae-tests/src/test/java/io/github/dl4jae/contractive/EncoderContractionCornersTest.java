package io.github.dl4jae.contractive;

import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.testing.DefaultType;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** A contraction that is partly frozen, or follows the features directly. */
@DefaultType(DataType.DOUBLE)
class EncoderContractionCornersTest {

    private static final int INPUTS = 5;

    private static NeuralNetConfiguration.Builder base(IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(updater)
                .activation(Activation.TANH);
    }

    private static DenseLayer dense(int outputs) {
        return new DenseLayer.Builder().nOut(outputs).build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(new LossMSE())
                .nOut(2)
                .activation(Activation.TANH)
                .build();
    }

    private static MultiLayerNetwork network(IUpdater updater, List<Layer> layers) {
        NeuralNetConfiguration.ListBuilder list = base(updater).list();
        layers.forEach(list::layer);
        MultiLayerNetwork network = new MultiLayerNetwork(
                list.layer(output()).setInputType(InputType.feedForward(INPUTS)).build());
        network.init();
        return network;
    }

    /** Below, opening, first, second, closing, output. */
    private static List<Layer> layers(EncoderContraction contraction) {
        List<Layer> layers = new ArrayList<>(List.of(dense(4)));
        layers.addAll(contraction.around(dense(4), dense(3)));
        return layers;
    }

    private static EncoderContraction contraction() {
        return new EncoderContraction("c", 0.7);
    }

    private static DataSet data() {
        Nd4j.getRandom().setSeed(7);
        return new DataSet(Nd4j.randn(DataType.DOUBLE, 4, INPUTS), Nd4j.rand(DataType.DOUBLE, 4, 2));
    }

    /** 1: what is below and the opening end; 2: the first layer of the encoder as well; 3: all of it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void layersUpToAny_frozen_letTheRestTrain(int lastFrozen) {
        for (EncoderContraction contraction :
                List.of(contraction(), contraction().higherOrder(1.3, 0.4))) {
            MultiLayerNetwork network = network(new Sgd(0.1), layers(contraction));
            MultiLayerNetwork frozen = new TransferLearning.Builder(network)
                    .setFeatureExtractor(lastFrozen)
                    .build();
            for (int i = 0; i < 3; i++) {
                frozen.fit(data());
            }
            assertThat(Double.isFinite(frozen.score())).isTrue();
            for (int layer : new int[] {0, 2, 3, 5}) {
                boolean same = frozen.getLayer(layer)
                        .params()
                        .equals(network.getLayer(layer).params());
                assertThat(same).as("layer " + layer).isEqualTo(layer <= lastFrozen);
            }
        }
    }

    /** A frozen opening end makes no copies, so the encoder trains without contraction. */
    @Test
    void layersBehindAFrozenOpening_haveTheGradientOfTheLossAlone() {
        MultiLayerNetwork network = network(new NoOp(), layers(contraction()));
        MultiLayerNetwork frozen =
                new TransferLearning.Builder(network).setFeatureExtractor(1).build();
        MultiLayerNetwork without = network(new NoOp(), List.of(dense(4), dense(4), dense(3)));
        without.setParams(network.params());
        DataSet data = data();
        assertThat(frozen.score(data, true)).isCloseTo(without.score(data, true), within(1e-12));
        requireGradient(frozen, data, "0_W", "0_b");
    }

    @Test
    void integerFeatures_giveTheScoreOfTheSameNumbers() {
        MultiLayerNetwork network = network(new NoOp(), contraction().around(dense(4), dense(3)));
        INDArray whole = Nd4j.createFromArray(new int[][] {{1, 0, 2, 3, 1}, {0, 1, 1, 0, 2}, {4, 1, 0, 1, 0}});
        INDArray labels = Nd4j.rand(DataType.DOUBLE, 3, 2);
        double expected = network.score(new DataSet(whole.castTo(DataType.DOUBLE), labels), true);
        for (DataType type : new DataType[] {DataType.INT32, DataType.INT64, DataType.UINT8}) {
            assertThat(network.score(new DataSet(whole.castTo(type), labels), true))
                    .as(type.toString())
                    .isCloseTo(expected, within(1e-9));
        }
        assertThat(expected).isLessThan(20);
    }

    @Test
    void randomActivation_isRefusedByName() {
        DenseLayer random = new DenseLayer.Builder()
                .name("noisy")
                .nOut(4)
                .activation(Activation.RRELU)
                .build();
        assertThatThrownBy(() -> contraction().around(dense(4), random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("noisy")
                .hasMessageContaining("has the activation")
                .hasMessageContaining("which samples noise");
        assertThat(contraction().around(dense(4), dense(3))).hasSize(4);
    }

    /** The score lacks the contraction then, and so does the gradient of what lies below. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradientBelowAFrozenClosingEnd_isThatOfTheScore(boolean higherOrder) {
        List<Layer> layers = layers(higherOrder ? contraction().higherOrder(1.3, 0.4) : contraction());
        layers.set(4, new FrozenLayerWithBackprop(layers.get(4)));
        MultiLayerNetwork network = network(new NoOp(), layers);
        DataSet data = data();
        assertThat(network.score(data, true)).isCloseTo(network.score(data, false), within(1e-12));
        requireGradient(network, data);
    }

    /** An opening end that is frozen in this way makes no copies either. */
    @Test
    void gradientAroundAFrozenOpeningEnd_isThatOfTheScore() {
        List<Layer> layers = layers(contraction());
        layers.set(1, new FrozenLayerWithBackprop(layers.get(1)));
        MultiLayerNetwork network = network(new NoOp(), layers);
        DataSet data = data();
        requireGradient(network, data);
    }
}
